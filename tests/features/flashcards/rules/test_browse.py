from datetime import date, timedelta

import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.browse import (
    first_order,
    first_search,
    in_short,
    parse_search,
    when_words,
)
from studymaster.features.flashcards.rules.search import (
    EVERY_CARD,
    Name,
    Named,
    literally,
    written,
)

TODAY = date(2030, 1, 16)


def test_words_stage_and_tag_are_asked_together() -> None:
    assert written(parse_search(text="a or b", stage="due", tag="#Exam")) == (
        "(a or b) is:due -is:learn tag:exam"
    )


def test_a_search_for_nothing_asks_for_every_card() -> None:
    assert parse_search(text=None, stage="", tag=" # ") == EVERY_CARD
    assert parse_search(text=" \x00 ", stage=None) == EVERY_CARD


def test_a_tag_from_the_list_is_taken_as_it_stands() -> None:
    assert parse_search(tag="a*b") == Named(Name.TAG, literally("a*b"))


@pytest.mark.parametrize("text", ["x" * 501, "is:dew", "(a"])
def test_an_address_with_a_wrong_search_asks_for_nothing(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_search(text=text)
    assert first_search(text=text, stage="due") == ("", "")
    assert first_search(text=" is:due ", stage="due") == ("is:due", "due")


@pytest.mark.parametrize("stage", ["late", "NEW", 7, ["due"]])
def test_there_are_six_stages(stage: object) -> None:
    with pytest.raises(InvalidInputError, match="new, learning, due"):
        parse_search(stage=stage)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\n lines", "two lines"),
        ("A {{c1::gap\nacross}} lines", "A [...] lines"),
        ("x" * 160, "x" * 160),
        ("y" * 161, "y" * 159 + "…"),
    ],
)
def test_a_side_is_shown_in_one_line(text: str, line: str) -> None:
    assert in_short(text) == line


@pytest.mark.parametrize(
    ("stage", "days", "words"),
    [
        ("new", 0, "New"),
        ("learning", 4, "Again today"),
        ("suspended", -3, "Suspended"),
        ("due", 0, "Due today"),
        ("due", -3, "Due since 13 Jan"),
        ("resting", 1, "Tomorrow"),
        ("resting", 29, "In 29 days"),
        ("resting", 30, "On 15 Feb 2030"),
    ],
)
def test_when_a_card_comes_back_is_said_in_words(stage: str, days: int, words: str) -> None:
    assert when_words(stage, TODAY + timedelta(days=days), today=TODAY) == words


@pytest.mark.parametrize(
    ("asked", "order"),
    [("front", "front"), ("-due", ""), ("-interval", "-interval"), ("", ""), ("x", "")],
)
def test_an_address_names_an_order_or_none(asked: str, order: str) -> None:
    assert first_order(asked) == order
