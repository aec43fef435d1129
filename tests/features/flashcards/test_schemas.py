from datetime import date
from uuid import uuid4

import pytest

from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import (
    TIMEBOXES,
    DeckChoice,
    DeckView,
    Pile,
    find_search_problem,
    parse_answer,
    parse_card_ids,
    parse_days,
    parse_due,
    parse_flag,
    parse_new_card,
    parse_pile_key,
    parse_timebox,
    pile_key,
)
from studymaster.features.flashcards.schemas.trees import as_tree, grow
from tests.conftest import NOBODYS_ID

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


def test_an_answer_has_the_name_that_it_came_with_or_one_of_its_own() -> None:
    named = GOOD | {"answer_id": uuid4().hex}
    assert parse_answer(**named).log_id == parse_answer(**named).log_id
    assert parse_answer(**GOOD).log_id != parse_answer(**GOOD).log_id


def test_two_answers_that_are_called_the_same_are_two_in_the_log() -> None:
    named = GOOD | {"answer_id": uuid4().hex}
    others = ({"turn": 1}, {"card_id": str(uuid4())})
    log = {parse_answer(**named | other).log_id for other in ({}, *others)}
    assert len(log) == 3


@pytest.mark.parametrize("answer_id", ["", "7", 7, "\x00", ["a"], {}])
def test_an_answer_under_no_real_name_is_not_there(answer_id: object) -> None:
    with pytest.raises(NotFoundError):
        parse_answer(**GOOD | {"answer_id": answer_id})


def test_a_key_leads_back_to_its_pile() -> None:
    course, deck = uuid4(), uuid4()
    assert parse_pile_key(pile_key(course_id=course, deck_id=deck)) == Pile(course)
    assert parse_pile_key(pile_key(course_id=None, deck_id=deck)) == Pile(deck_id=deck)


@pytest.mark.parametrize("key", ["", "deck:", "course:7", "all:1", None, 7, NOBODYS_ID])
def test_a_key_of_no_deck_names_none(key: object) -> None:
    with pytest.raises(NotFoundError):
        parse_pile_key(key)


@pytest.mark.parametrize("chosen", [[], None, "abc", {}, [NOBODYS_ID] * 1_001])
def test_one_to_a_thousand_cards_can_be_chosen(chosen: object) -> None:
    with pytest.raises(InvalidInputError, match=r"Choose (at|up)"):
        parse_card_ids(chosen)


def test_a_card_chosen_twice_counts_once() -> None:
    one = uuid4()
    assert parse_card_ids([str(one), str(one)]) == [one]


@pytest.mark.parametrize("kind", ["", "image", None, 7, ["basic"]])
def test_a_card_is_of_a_known_kind(kind: object) -> None:
    with pytest.raises(InvalidInputError, match="basic, reversed, typed, cloze"):
        parse_new_card(kind=kind, front="a", back="b", tags="")


def test_a_cloze_needs_no_back() -> None:
    new = parse_new_card(kind="cloze", front="A {{c1::b}}.", back="", tags="x, Y")
    assert ([one.back for one in new.sides], new.tags) == (["b"], ("x", "y"))


@pytest.mark.parametrize("value", [8, -1, "", "red", None, True, [1]])
def test_a_flag_is_one_of_seven_or_none(value: object) -> None:
    assert [parse_flag(str(number)) for number in range(8)] == [*range(8)]
    with pytest.raises(InvalidInputError, match="A flag is a number from 0"):
        parse_flag(value)


@pytest.mark.parametrize("text", ["", "a", None, 7, "is:due", " \x00"])
def test_a_search_that_can_be_read_has_no_problem(text: object) -> None:
    assert find_search_problem(text).sentence == ""


def test_the_place_where_a_search_is_wrong_is_cut_out_of_it() -> None:
    wrong = find_search_problem("  one (two")
    assert (wrong.before, wrong.piece, wrong.after) == ("one ", "(", "two")
    ends = find_search_problem("one or")
    assert (ends.before, ends.piece, ends.after) == ("one or", "", "")


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("0", date(2030, 1, 16)),
        (3, date(2030, 1, 19)),
        (" 12 ", date(2030, 1, 28)),
        ("2031-02-04", date(2031, 2, 4)),
    ],
)
def test_a_day_is_a_number_of_days_or_a_date(told, day) -> None:
    assert parse_due(told, today=date(2030, 1, 16)) == day


@pytest.mark.parametrize(
    "told", ["", "-1", -1, True, None, 1.5, "36501", "99999", "2030-01-15", "x", [], {}]
)
def test_what_is_no_day_from_today_on_is_refused(told) -> None:
    with pytest.raises(InvalidInputError):
        parse_due(told, today=date(2030, 1, 16))


def test_a_review_pauses_after_minutes_that_are_offered() -> None:
    assert [parse_timebox(str(minutes)) for minutes in TIMEBOXES] == list(TIMEBOXES)
    for wrong in ("", "7", -5, None, True):
        with pytest.raises(InvalidInputError):
            parse_timebox(wrong)


def own(name: str, total: int = 0) -> DeckView:
    return DeckView(
        id=name,
        key=f"deck:{name}",
        course_id="",
        shortname=name,
        fullname=name,
        line=0,
        new=0,
        learning=0,
        due=0,
        waiting=0,
        total=total,
    )


def test_decks_stand_under_those_they_lie_in_and_cards_are_summed() -> None:
    decks = [own("A", 1), own("A b", 2), own("a::C::D", 4), own("A::C", 8), own("X::Y")]
    grown = grow(decks, folded=frozenset())
    assert [(one.name, one.depth, one.inner, one.cards) for one in grown] == [
        ("A", 0, 2, 13),
        ("C", 1, 1, 12),
        ("D", 2, 0, 4),
        ("A b", 0, 0, 2),
        ("X::Y", 0, 0, 0),
    ]
    names = [one.name for one in grow(decks, folded={"A"})]
    assert names == ["A", "A b", "X::Y"]


def test_a_list_to_choose_from_shows_the_tree_after_the_courses() -> None:
    found = [("course:1", "BIO"), ("deck:2", "A b"), ("deck:3", "A"), ("deck:4", "A::C")]
    shown = as_tree(DeckChoice(key, name) for key, name in found)
    assert [one.name for one in shown] == ["BIO", "A", "\u2003C", "A b"]


@pytest.mark.parametrize(
    ("value", "days"),
    [("0", (0, 0)), (5, (5, 5)), ("3-7", (3, 7)), (" 3 - 7 ", (3, 7)), ("7-7", (7, 7))],
)
def test_days_may_be_spread(value, days) -> None:
    assert parse_days(value) == days


@pytest.mark.parametrize(
    "value", ["", "-3", "7-3", "3-", "x", None, True, "36501", "1-99999"]
)
def test_days_that_are_none_are_refused(value) -> None:
    with pytest.raises(InvalidInputError, match="such as 3"):
        parse_days(value)
