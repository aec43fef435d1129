"""What may be written by one student for the eyes of others. Pure."""

import unicodedata

from studymaster.errors import InvalidInputError

TURNS_ROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that reverse the text after them: a name could spell another one."""

CONTROLS = "Cc"
BLANK = {CONTROLS, "Cf", "Zs", "Zl", "Zp"}
UNREADABLE = "There is a character in this text that nobody can read. Type the text again."
LINE_BREAKS = ("\r\n", "\r", "\u2028", "\u2029")


def require_line(text: object, *, most: int, sentence: str) -> str:
    """Return one line of 1 to `most` characters, its white space put in order.

    Raises:
        InvalidInputError: with `sentence`.
    """
    line = " ".join(_visible(text, sentence=sentence).split())
    return _within(line, least=1, most=most, sentence=sentence)


def require_lines(text: object, *, most: int, sentence: str, least: int = 1) -> str:
    """Return a text of `least` to `most` characters that may have several lines.

    Raises:
        InvalidInputError: with `sentence`.
    """
    kept = _visible(text, sentence=sentence).strip()
    return _within(kept, least=least, most=most, sentence=sentence)


def _visible(text: object, *, sentence: str) -> str:
    """Return a text without what cannot be seen or trusted."""
    if not isinstance(text, str):
        raise InvalidInputError(sentence)
    if "\0" in text or any(unicodedata.category(one) == "Cs" for one in text):
        raise InvalidInputError(UNREADABLE)
    for mark in LINE_BREAKS:
        text = text.replace(mark, "\n")
    return "".join(one for one in text if one in "\n\t" or _is_visible(one))


def _is_visible(one: str) -> bool:
    return one not in TURNS_ROUND and unicodedata.category(one) != CONTROLS


def _within(text: str, *, least: int, most: int, sentence: str) -> str:
    has_words = not least or any(unicodedata.category(one) not in BLANK for one in text)
    if not (least <= len(text) <= most and has_words):
        raise InvalidInputError(sentence)
    return text
