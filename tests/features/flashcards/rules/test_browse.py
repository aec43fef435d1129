from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.browse import (
    Condition,
    Field,
    in_short,
    parse_search,
    when_words,
)

TODAY = date(2030, 1, 16)


def test_every_word_has_to_be_there_once() -> None:
    assert parse_search(text=" cell  wall cell ") == [
        Condition(Field.WORD, "cell"),
        Condition(Field.WORD, "wall"),
    ]


def test_a_search_for_nothing_asks_nothing() -> None:
    assert parse_search(text=None, stage="", tag=" # ") == []
    assert parse_search(text="... ?! --") == []


def test_words_stage_and_tag_are_asked_together() -> None:
    fields = [one.field for one in parse_search(text="a", stage="due", tag="#Exam")]
    assert fields == [Field.WORD, Field.STAGE, Field.TAG]


@pytest.mark.parametrize("text", ["x" * 201, " ".join("abcdefghijklm")])
def test_a_search_has_bounds(text: str) -> None:
    with pytest.raises(InvalidInputError, match="Search with up to"):
        parse_search(text=text)


@pytest.mark.parametrize("stage", ["late", "NEW", 7, ["due"]])
def test_there_are_five_stages(stage: object) -> None:
    with pytest.raises(InvalidInputError, match="new, learning, due"):
        parse_search(stage=stage)


@given(st.text(max_size=200))
def test_no_text_of_a_few_words_breaks_the_search(text: str) -> None:
    words = text.split()
    if len(words) <= 12:
        assert len(parse_search(text=text)) <= 12


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
