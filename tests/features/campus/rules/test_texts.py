import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.campus.rules.texts import require_line, require_lines

SAY = "Say something."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Night \t owls\n", "Night owls"),
        ("Zoë & 夜 🦉", "Zoë & 夜 🦉"),
        ("<b>x</b>", "<b>x</b>"),
        ("a\u202eb", "ab"),
        ("bell\x07", "bell"),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
)
def test_a_line_is_put_in_order(typed: str, kept: str) -> None:
    assert require_line(typed, most=20, sentence=SAY) == kept


@pytest.mark.parametrize(
    "typed", ["", "  ", "\u200b\u200d", "x" * 21, None, 5, ["x"], b"x"]
)
def test_a_line_has_words(typed) -> None:
    with pytest.raises(InvalidInputError, match=SAY):
        require_line(typed, most=20, sentence=SAY)


@pytest.mark.parametrize("typed", ["a\0b", "\ud800", "x\udfff"])
def test_what_nobody_can_read_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError, match="nobody can read"):
        require_lines(typed, most=20, sentence=SAY)


def test_several_lines_stay_several() -> None:
    assert require_lines("a\r\nb\rc\u2028d", most=20, sentence=SAY) == "a\nb\nc\nd"
    assert require_lines("  ", least=0, most=20, sentence=SAY) == ""


@given(st.text(max_size=60))
def test_what_is_kept_can_be_kept_again(typed: str) -> None:
    try:
        kept = require_lines(typed, most=40, sentence=SAY)
    except InvalidInputError:
        return
    assert require_lines(kept, most=40, sentence=SAY) == kept
    assert kept.encode()
    assert "\0" not in kept
