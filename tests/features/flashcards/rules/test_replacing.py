from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.replacing import (
    LONGEST,
    CardText,
    parse_wish,
    replaced,
    turn_of,
)


def wish(find="a", into="b", where="all", *, pattern=False, case=False):
    return parse_wish(
        find=find, into=into, where=where, is_pattern=pattern, case_matters=case
    )


def card(
    front, back="back", *, kind="basic", extra="", ordinal=0, note_id=None
) -> CardText:
    return CardText(uuid4(), note_id, ordinal, kind, front, back, extra)


def changed(note, find, into, where="all", **how):
    asked = wish(find, into, where, **how)
    after = replaced(note, turn=turn_of(asked), where=asked.where)
    return None if after is None else [(one.front, one.back, one.extra) for one in after]


@pytest.mark.parametrize(
    ("find", "into", "how", "text", "after"),
    [
        ("cat", "dog", {}, "Cat and cat", "dog and dog"),
        ("cat", "dog", {"case": True}, "Cat and cat", "Cat and dog"),
        ("a.b", "x", {}, "a.b acb", "x acb"),
        ("  ", " ", {}, "two  blanks", "two blanks"),
        (r"\1", "x", {}, r"a \1", "a x"),
        ("cat", r"\1", {}, "cat", r"\1"),
        (r"(\w+) (\w+)", r"\2 \1", {"pattern": True}, "one two", "two one"),
        (r"(a)|(b)", r"[\2]", {"pattern": True}, "ab", "[][b]"),
        ("x", r"\0\0", {"pattern": True}, "axa", "axxa"),
        ("x", r"\\", {"pattern": True}, "axa", "a\\a"),
        ("straße", "street", {}, "Die Straße", "Die street"),
        ("(a+)+$", "x", {"pattern": True}, "a" * 5000 + "b", "a" * 5000 + "b"),
    ],
)
def test_words_take_the_place_of_others(find, into, how, text, after) -> None:
    assert turn_of(wish(find, into, **how))(text) == after


@pytest.mark.parametrize(
    ("find", "into", "pattern", "why"),
    [
        ("", "x", False, "Say what shall be found, and what"),
        ("\x00", "x", False, "Say what shall be found, and what"),
        ("a" * (LONGEST + 1), "x", False, "500 characters"),
        ("a", "x" * (LONGEST + 1), False, "500 characters"),
        ("(", "x", True, "cannot be read: missing"),
        ("a(?=b)", "x", True, "cannot be read"),
        ("x*", "y", True, "also fits where nothing stands"),
        ("a(b)", r"\2", True, "name group 2, but the pattern has one group"),
        ("ab", r"\1", True, "has no groups"),
    ],
)
def test_what_cannot_be_looked_for_is_said(find, into, pattern, why) -> None:
    with pytest.raises(InvalidInputError, match=why):
        wish(find, into, pattern=pattern)


@pytest.mark.parametrize("where", ["", "both", None, 7])
def test_a_side_that_no_card_has_is_refused(where) -> None:
    with pytest.raises(InvalidInputError, match="on the front, the back"):
        wish(where=where)


def test_only_the_sides_that_are_meant_change() -> None:
    one = card("cat", "cat", extra="cat")
    assert changed([one], "cat", "dog") == [("dog", "dog", "dog")]
    assert changed([one], "cat", "dog", "front") == [("dog", "cat", "cat")]
    assert changed([one], "cat", "dog", "back") == [("cat", "dog", "cat")]
    assert changed([one], "cat", "dog", "extra") == [("cat", "cat", "dog")]
    assert changed([one], "bird", "dog") == []


def test_the_card_that_asks_the_other_way_round_follows() -> None:
    note = uuid4()
    there = card("cat", "chat", note_id=note)
    back = card("chat", "cat", ordinal=1, note_id=note)
    assert changed([there, back], "cat", "dog", "front") == [
        ("dog", "chat", ""),
        ("chat", "dog", ""),
    ]


def test_a_cloze_changes_with_all_its_gaps_and_what_they_ask() -> None:
    note, text = uuid4(), "The {{c1::cat}} sat on {{c2::a cat}}."
    cards = [
        card(text, "cat", kind="cloze", ordinal=1, note_id=note),
        card(text, "a cat", kind="cloze", ordinal=2, note_id=note),
    ]
    new = "The {{c1::dog}} sat on {{c2::a dog}}."
    assert changed(cards, "cat", "dog") == [(new, "dog", ""), (new, "a dog", "")]
    assert changed(cards, "cat", "dog", "back") == []
    assert changed(cards, "c2", "c3") is None
    assert changed(cards, "{{c1::cat}}", "cat") is None


@pytest.mark.parametrize(
    ("front", "find", "into"), [("cat", "cat", ""), ("cat", "cat", " "), ("x", "x", "")]
)
def test_a_side_does_not_become_empty(front, find, into) -> None:
    assert changed([card(front)], find, into, "front") is None


def test_a_side_does_not_become_too_long() -> None:
    assert changed([card("a" * 1_500)], "a", "bb") is None


def test_a_picture_stays_the_one_on_which_places_are_covered() -> None:
    one = card("![heart](heart.png) the heart", "", kind="occlusion", ordinal=1)
    assert changed([one], "heart.png", "liver.png") is None
    assert changed([one], "the heart", "a heart") == [
        ("![heart](heart.png) a heart", "", "")
    ]


KEPT = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40)


@given(KEPT, st.text(max_size=200))
def test_what_is_no_pattern_is_found_as_it_stands(find: str, text: str) -> None:
    turn = turn_of(wish(find, "", case=True))
    assert turn(text) == text.replace(find, "")
