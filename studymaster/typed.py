"""Words that somebody typed: what PostgreSQL and a page can hold, in one spelling.

What a student writes for themselves loses what cannot be kept. What they write for the eyes
of others is refused where nobody could read it, and loses what could deceive a reader.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from studymaster.errors import InvalidInputError

UNKEEPABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters but tab and line ends, and halves of characters."""

LINE_ENDS: Final = re.compile("\r\n?")
LINE_SEPARATORS: Final = re.compile("[\u2028\u2029]")
UNTRUSTED: Final = re.compile("[\x80-\x9f\u202a-\u202e\u2066-\u2069]")
"""More controls, and marks that reverse the text after them: a name could spell another."""

UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")
NOBODY_READS: Final = (
    "There is a character in this text that nobody can read. Type the text again."
)
BLANK: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""The kinds of characters that leave nothing to see."""

FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs by their kind that leave nothing to see either."""

MARKS: Final = re.compile(
    r"^\s{0,3}(#{1,6}\s+|>\s?|[-*+]\s+(\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)"
)
EMPHASIS: Final = re.compile(r"(\*\*|__|~~|`)(?=\S)(.{1,300}?)(?<=\S)\1")
LINK: Final = re.compile(r"!?\[([^\]\n]{0,300})\]\((?:[^()\n]|\([^()\n]*+\)){0,400}+\)")
"""How Markdown marks a line: at its beginning, around words, and behind them."""


@dataclass(frozen=True, slots=True)
class Says:
    """What a student is told of words that cannot be taken, by what is wrong with them.

    `too_long` is a template: `{most}` is the limit, `{count}` the number that came.
    """

    too_long: str
    too_short: str
    no_text: str


def about(name: str) -> Says:
    """Return the usual sentences about what is called `name`, such as "A note"."""
    return Says(
        too_long=f"{name} can have at most {{most:,}} characters; this has {{count:,}}.",
        too_short=f"{name} cannot be empty.",
        no_text=f"{name} has to be text.",
    )


def always(sentence: str) -> Says:
    """Return one sentence for whatever is wrong."""
    return Says(too_long=sentence, too_short=sentence, no_text=sentence)


def typed(value: object, *, most: int, says: Says, least: int = 0) -> str:
    """Return text without unkeepable characters and outer white space.

    Args:
        value: What came from outside, of whatever type.
        most: The largest number of characters.
        says: What is said when the words cannot be taken.
        least: The smallest number of characters.

    Raises:
        InvalidInputError: it is no text, too short or too long.
    """
    return _measured(kept(value, says=says).strip(), most=most, says=says, least=least)


def typed_line(value: object, *, most: int, says: Says, least: int = 0) -> str:
    """Return one line of text; runs of white space count as one blank."""
    return _measured(one_line(kept(value, says=says)), most=most, says=says, least=least)


def for_others(value: object, *, most: int, says: Says, least: int = 0) -> str:
    """Return text for the eyes of others; without anything to see it counts as empty.

    Raises:
        InvalidInputError: it is no text, unreadable, too short or too long.
    """
    return _measured(_trusted(value, says=says).strip(), most=most, says=says, least=least)


def line_for_others(value: object, *, most: int, says: Says, least: int = 0) -> str:
    """Return one line for the eyes of others; runs of white space count as one blank."""
    line = one_line(_trusted(value, says=says))
    return _measured(line, most=most, says=says, least=least)


def kept(value: object, *, says: Says) -> str:
    """Return a text with one kind of line end and without what cannot be kept."""
    if not isinstance(value, str):
        raise InvalidInputError(says.no_text)
    return _keepable(value)


def clean(value: object) -> str:
    """Return what can be kept of a text, without outer white space; no text is empty."""
    return _keepable(value).strip() if isinstance(value, str) else ""


def one_line(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split())


def unmarked(line: str) -> str:
    """Return the words of a line of Markdown, without its marks and the addresses in it."""
    bare = LINK.sub(r"\1", line)
    while (shorter := MARKS.sub("", bare)) != bare:
        bare = shorter
    return one_line(EMPHASIS.sub(r"\2", bare))


def _keepable(text: str) -> str:
    return UNKEEPABLE.sub("", LINE_ENDS.sub("\n", text))


def _trusted(value: object, *, says: Says) -> str:
    if isinstance(value, str) and UNREADABLE.search(value):
        raise InvalidInputError(NOBODY_READS)
    text = UNTRUSTED.sub("", LINE_SEPARATORS.sub("\n", kept(value, says=says)))
    return text if any(map(_is_seen, text)) else ""


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in BLANK and character not in FILLERS


def _measured(text: str, *, most: int, says: Says, least: int) -> str:
    if len(text) < least:
        raise InvalidInputError(says.too_short)
    if len(text) > most:
        raise InvalidInputError(says.too_long.format(most=most, count=len(text)))
    return text
