import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.typed import typed, typed_line


def test_words_come_out_as_they_were_typed_but_for_their_ends() -> None:
    assert typed("  one\r\ntwo\rthree \n", name="A note", most=50) == "one\ntwo\nthree"
    assert typed_line(" one \n two\t", name="A name", most=50) == "one two"


@pytest.mark.parametrize("value", [None, 7, b"bytes", ["a"], {"a": 1}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match="A note has to be text"):
        typed(value, name="A note", most=10)


def test_too_short_and_too_long_are_said() -> None:
    with pytest.raises(InvalidInputError, match="A note cannot be empty"):
        typed(" \x00 ", name="A note", most=10, least=1)
    with pytest.raises(InvalidInputError, match="at most 10 characters; this has 11"):
        typed("x" * 11, name="A note", most=10)


def test_a_line_is_measured_after_its_blanks_are_put_in_order() -> None:
    assert typed_line("a" + " " * 100 + "b", name="A name", most=3) == "a b"


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_what_comes_out_can_be_kept(value: str) -> None:
    text = typed(value, name="A note", most=60)
    text.encode()
    assert "\x00" not in text
    assert text == text.strip()
