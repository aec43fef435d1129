import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.typed import (
    about,
    always,
    clean,
    for_others,
    line_for_others,
    typed,
    typed_line,
    unmarked,
)

NOTE = about("A note")
SAY = always("Say something.")


def test_words_come_out_as_they_were_typed_but_for_their_ends() -> None:
    assert typed("  one\r\ntwo\rthree \n", most=50, says=NOTE) == "one\ntwo\nthree"
    assert typed_line(" one \n two\t", most=50, says=NOTE) == "one two"


@pytest.mark.parametrize("value", [None, 7, b"bytes", ["a"], {"a": 1}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match="A note has to be text"):
        typed(value, most=10, says=NOTE)
    with pytest.raises(InvalidInputError, match="Say something"):
        for_others(value, most=10, says=SAY)
    assert clean(value) == ""


def test_too_short_and_too_long_are_said() -> None:
    with pytest.raises(InvalidInputError, match="A note cannot be empty"):
        typed(" \x00 ", most=10, least=1, says=NOTE)
    with pytest.raises(InvalidInputError, match="at most 10 characters; this has 11"):
        typed("x" * 11, most=10, says=NOTE)


def test_a_line_is_measured_after_its_blanks_are_put_in_order() -> None:
    assert typed_line("a" + " " * 100 + "b", most=3, says=NOTE) == "a b"


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_what_comes_out_can_be_kept(value: str) -> None:
    text = typed(value, most=60, says=NOTE)
    text.encode()
    assert "\x00" not in text
    assert text == text.strip() == clean(value) == clean(text)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("  Night \t owls\n", "Night owls"),
        ("Zoë & 夜 🦉", "Zoë & 夜 🦉"),
        ("<b>x</b>", "<b>x</b>"),
        ("a\u202eb", "ab"),
        ("bell\x07", "bell"),
        ("next\x85line", "nextline"),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
)
def test_a_line_for_others_is_put_in_order(value: str, line: str) -> None:
    assert line_for_others(value, most=20, least=1, says=SAY) == line


@pytest.mark.parametrize("value", ["\u3164\u2800", "", "  ", "\u200b\u200d", "x" * 21])
def test_a_line_for_others_has_something_to_see(value: str) -> None:
    with pytest.raises(InvalidInputError, match="Say something"):
        line_for_others(value, most=20, least=1, says=SAY)


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "x\udfff"])
def test_what_nobody_can_read_is_not_for_others(value: str) -> None:
    with pytest.raises(InvalidInputError, match="nobody can read"):
        for_others(value, most=20, says=SAY)


def test_several_lines_for_others_stay_several() -> None:
    assert for_others("a\r\nb\rc\u2028d", most=20, says=SAY) == "a\nb\nc\nd"
    assert for_others("  ", most=20, says=SAY) == ""


@given(st.text(max_size=60))
def test_what_is_for_others_can_be_kept_again(value: str) -> None:
    try:
        text = for_others(value, most=40, says=SAY)
    except InvalidInputError:
        return
    assert for_others(text, most=40, says=SAY) == text
    text.encode()
    assert "\0" not in text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("## Two  layers", "Two layers"),
        ("> - [x] **hand** in `sheet 3`", "hand in sheet 3"),
        ("See [the script](https://example.edu/a_(1).pdf)", "See the script"),
        ("![A cell](cell.png)", "A cell"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
    ],
)
def test_a_line_loses_its_marks_and_keeps_its_words(line: str, words: str) -> None:
    assert unmarked(line) == words
