import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.gaps import (
    asked_number,
    blanked,
    numbers,
    parse_gaps,
    question,
    read_gaps,
    solution,
    words_of,
)

CELL = "{{c1::Osmosis}} moves {{c2::water::a fluid}} through {{c1::membranes}}."
WORDS = st.text("abc xyz+-é日", min_size=1).filter(str.strip)
GAPS = st.lists(st.tuples(st.integers(1, 20), WORDS, WORDS | st.just("")), min_size=1)


def test_a_gap_is_blank_on_its_own_card_and_filled_on_the_others() -> None:
    assert question(CELL, 1) == "[...] moves water through [...]."
    assert question(CELL, 2) == "Osmosis moves [a fluid] through membranes."
    assert blanked(CELL) == "[...] moves [a fluid] through [...]."
    assert solution(CELL) == "Osmosis moves water through membranes."


def test_two_gaps_of_one_number_are_one_card() -> None:
    assert numbers(parse_gaps(CELL)) == [1, 2]
    assert words_of(CELL, 1) == "Osmosis, membranes"


def test_a_card_without_a_number_asks_the_first_gap() -> None:
    assert asked_number("It is {{c3::wet}} or {{c2::dry}}.", 0) == 2
    assert words_of("It is {{c1::wet}}.", 0) == "wet"


def test_a_formula_may_end_its_gap() -> None:
    text = r"$x = {{c1::\frac{a}{b}}}$"
    assert words_of(text, 1) == r"\frac{a}{b}"
    assert solution(text) == r"$x = \frac{a}{b}$"


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("No gap here.", "Mark the words to hide"),
        ("{{c0::zero}} is no number.", "Mark the words to hide"),
        ("{{c1::open", "Mark the words to hide"),
        ("{{c1::}} is empty.", "no words in it"),
        ("{{c1::  ::hint}} is empty.", "no words in it"),
        ("{{c1::All}}", "nothing but its gap"),
        ("{{c1::All}}!?", "nothing but its gap"),
        ("{{c1::a {{c2::b}} c}} d", "inside another"),
        ("{{c1::a::{{c2::b}}}} d", "inside another"),
        ("{{c501::far}} away", "from 1 to 500"),
        (" ".join(f"{{{{c{n}::x}}}}" for n in range(1, 52)), "50 cards"),
    ],
)
def test_a_sentence_that_cannot_be_asked_is_refused(sentence: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        parse_gaps(sentence)


@given(GAPS)
def test_what_was_written_as_gaps_is_read_again(written) -> None:
    marks = [f"{{{{c{n}::{w}{'::' + h if h else ''}}}}}" for n, w, h in written]
    text = "So: " + ", ".join(marks) + "."
    gaps = parse_gaps(text)
    assert [(gap.number, gap.words, gap.hint) for gap in gaps] == [
        (number, words, hint.strip()) for number, words, hint in written
    ]
    assert [text[gap.start : gap.end] for gap in gaps] == marks
    assert solution(text) == "So: " + ", ".join(words for _, words, _ in written) + "."


@given(GAPS)
def test_every_card_hides_its_own_words_and_shows_the_others(written) -> None:
    text = "So: " + " ".join(f"{{{{c{n}::<{w}>}}}}" for n, w, _ in written)
    for number in numbers(read_gaps(text)):
        asked = question(text, number)
        shown = [f"<{w}>" for n, w, _ in written if n != number]
        assert asked.count("<") == len(shown)
        assert asked.count("[...]") == len(written) - len(shown)
        assert words_of(text, number).count("<") == len(written) - len(shown)


@given(st.text("{}c12:a $", max_size=60), st.integers(0, 3))
def test_no_text_breaks_the_reading(text: str, ordinal: int) -> None:
    assert isinstance(question(text, ordinal), str)
    assert solution(text).count("{{c") <= text.count("{{c")
