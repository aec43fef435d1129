from uuid import uuid4

import pytest

from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import parse_answer, parse_text

GOOD = {"card_id": str(uuid4()), "turn": 0, "grade": 4, "elapsed_ms": 900}


def test_a_whole_answer_is_taken() -> None:
    answer = parse_answer(**GOOD)
    assert (answer.turn, answer.grade, answer.elapsed_ms) == (0, Grade.GOOD, 900)


def test_a_card_left_open_over_lunch_counts_a_minute() -> None:
    assert parse_answer(**GOOD | {"elapsed_ms": 3_600_000}).elapsed_ms == 60_000


@pytest.mark.parametrize("grade", [0, 1, 6, -1, None, "4", 4.0, True, [4], {}])
def test_a_grade_that_is_none_of_the_four_buttons_is_refused(grade: object) -> None:
    with pytest.raises(InvalidInputError, match="A grade is 2"):
        parse_answer(**GOOD | {"grade": grade})


@pytest.mark.parametrize("value", [-1, None, "0", 1.5, False, []])
@pytest.mark.parametrize("field", ["turn", "elapsed_ms"])
def test_turn_and_time_are_whole_numbers_from_0(field: str, value: object) -> None:
    with pytest.raises(InvalidInputError, match="whole numbers"):
        parse_answer(**GOOD | {field: value})


@pytest.mark.parametrize("card_id", ["", "7", None, 7, {"id": 1}])
def test_a_card_without_a_real_id_is_not_there(card_id: object) -> None:
    with pytest.raises(NotFoundError):
        parse_answer(**GOOD | {"card_id": card_id})


@pytest.mark.parametrize("value", ["", "  \n", None, 7, "\x00\x07", ["a"]])
def test_a_side_needs_words(value: object) -> None:
    with pytest.raises(InvalidInputError, match="front of a card cannot be empty"):
        parse_text(value, side="front")


def test_a_side_ends_at_two_thousand_characters() -> None:
    assert len(parse_text("x" * 2_000, side="back")) == 2_000
    with pytest.raises(InvalidInputError, match="2,000"):
        parse_text("x" * 2_001, side="back")


def test_what_the_database_cannot_keep_is_dropped() -> None:
    assert parse_text(" a\x00b\ud800c\n\td é 日 ", side="front") == "abc\n\td é 日"
