import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.typed import (
    GAP,
    NewKind,
    Sides,
    make_sides,
    one_gap,
    parse_name,
    parse_tags,
    parse_text,
    split_cloze,
)


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


def test_a_reversed_card_asks_both_ways() -> None:
    assert make_sides(NewKind.REVERSED, front="Hund", back="dog") == [
        Sides(is_cloze=False, front="Hund", back="dog"),
        Sides(is_cloze=False, front="dog", back="Hund"),
    ]


def test_two_equal_sides_make_one_card() -> None:
    assert len(make_sides(NewKind.REVERSED, front="same", back="same")) == 1


def test_every_gap_makes_a_card_on_which_the_others_are_filled() -> None:
    assert split_cloze("{{c1::Osmosis}} moves {{c2::water}}.") == [
        Sides(is_cloze=True, front="{{c1::Osmosis}} moves water.", back="Osmosis"),
        Sides(is_cloze=True, front="Osmosis moves {{c1::water}}.", back="water"),
    ]


def test_a_gap_with_a_high_number_is_asked_like_any_other() -> None:
    assert split_cloze("Water is {{c3::wet}}.") == [
        Sides(is_cloze=True, front="Water is {{c1::wet}}.", back="wet")
    ]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("No gap here.", "Mark the words to hide"),
        ("{{c1::}} is empty.", "Mark the words to hide"),
        ("{{c0::zero}} is no number.", "Mark the words to hide"),
        ("{{c1::All}}", "nothing but its gap"),
        ("{{c1::All}}!?", "nothing but its gap"),
        ("{{c1::a}} and {{c1::b}}", "number of its own"),
    ],
)
def test_a_sentence_that_cannot_be_asked_is_refused(sentence: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        split_cloze(sentence)


def test_a_card_that_exists_keeps_one_gap() -> None:
    assert one_gap("It is {{c2::blue}}.").back == "blue"
    with pytest.raises(InvalidInputError, match="Keep one gap"):
        one_gap("{{c1::It}} is {{c2::blue}}.")


@given(st.lists(st.text("abc xyz", min_size=1), min_size=2, max_size=9))
def test_each_card_of_a_sentence_hides_exactly_one_gap(words: list[str]) -> None:
    gaps = [f"{{{{c{n}::{word}}}}}" for n, word in enumerate(words, start=1)]
    sides = split_cloze("So: " + " ".join(gaps))
    assert [one.back for one in sides] == words
    assert all(len(GAP.findall(one.front)) == 1 for one in sides)


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", []),
        (None, []),
        ("Exam, #Cell Biology ,exam,", ["exam", "cell-biology"]),
        (["Exam", "a,b", 7, ""], ["exam", "a-b"]),
    ],
)
def test_tags_are_single_words_in_lower_case_each_once(typed: object, tags) -> None:
    assert parse_tags(typed) == tags


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (f"exam,{'x' * 61}", f"“{'x' * 24}…” has 61"),
        (",".join(map(str, range(21))), "20 tags"),
    ],
)
def test_tags_are_few_and_short(typed: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        parse_tags(typed)


def test_a_deck_has_a_name_of_up_to_120_characters() -> None:
    assert parse_name("  My\n own\x00  deck ") == "My own deck"
    for name in ("", " ", None, 7, "x" * 121):
        with pytest.raises(InvalidInputError, match="name of a deck"):
            parse_name(name)
