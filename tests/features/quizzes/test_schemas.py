from uuid import uuid4

import pytest

from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.quizzes.schemas import (
    Pile,
    parse_answer,
    parse_count,
    parse_pile_key,
    parse_position,
)


@pytest.mark.parametrize("value", [5, "5", 30, "30"])
def test_a_quiz_has_5_to_30_questions(value: object) -> None:
    assert parse_count(value) == int(str(value))


@pytest.mark.parametrize(
    "value", [4, 31, "", "1e1", "\u0667", "00100", None, 7.0, True, "9" * 5000, []]
)
def test_any_other_number_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match="5 to 30"):
        parse_count(value)


def test_a_key_names_everything_a_course_or_a_deck() -> None:
    one = uuid4()
    assert parse_pile_key("all") == Pile()
    assert parse_pile_key(f"course:{one}") == Pile(course_id=one)
    assert parse_pile_key(f"deck:{one}") == Pile(deck_id=one)


@pytest.mark.parametrize("key", ["", "deck:7", "other:1", None, 7, ["all"]])
def test_a_key_of_nothing_is_refused(key: object) -> None:
    with pytest.raises(NotFoundError):
        parse_pile_key(key)


@pytest.mark.parametrize("value", ["", " \n", "\x00", None, 7, "x" * 2_001])
def test_an_answer_has_words_but_not_too_many(value: object) -> None:
    with pytest.raises(InvalidInputError):
        parse_answer(value)


def test_an_answer_is_kept_as_it_was_shown() -> None:
    assert parse_answer(" \u200cfa\u00adce\x00 ") == "\u200cfa\u00adce"


@pytest.mark.parametrize("value", ["0", None, 1.0, True])
def test_a_position_is_a_whole_number(value: object) -> None:
    with pytest.raises(InvalidInputError):
        parse_position(value)
