"""Sentences with words to fill in, `{{c1::words::hint}}`: read, asked, filled. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from studymaster.errors import InvalidInputError

GAP: Final = re.compile(r"\{\{c([1-9][0-9]{0,2})::(.*?)\}\}(?!\})", re.DOTALL)
"""It ends at the first `}}` that no third brace follows: formulas end with braces too."""

OPEN: Final = re.compile(r"\{\{c[0-9]+::")
BLANK: Final = "[...]"
BETWEEN_WORDS: Final = ", "
HIGHEST_NUMBER: Final = 500
MOST_CARDS: Final = 50
NO_GAP: Final = "Mark the words to hide, such as {{c1::words}}."
NESTED: Final = (
    "A gap cannot stand inside another one. Close {{c1::words}} before the next begins."
)
NO_WORDS: Final = (
    "A gap has no words in it. Write what is hidden, such as {{c1::words}} or "
    "{{c1::words::a hint}}."
)
ALL_GAP: Final = "The sentence is nothing but its gap. Add the words around it."
TOO_HIGH: Final = f"Number the gaps from 1 to {HIGHEST_NUMBER}."
TOO_MANY: Final = f"A sentence can make {MOST_CARDS} cards. Share its gaps among several."


@dataclass(frozen=True, slots=True)
class Gap:
    """Words that are hidden on the card of a number; `start` and `end` are its place."""

    number: int
    words: str
    hint: str
    start: int
    end: int


def read_gaps(text: str) -> list[Gap]:
    """Return the gaps of a text in their order; what is no whole gap is text."""
    return [_gap(found) for found in GAP.finditer(text) if _gap(found).words.strip()]


def _gap(found: re.Match[str]) -> Gap:
    words, _, hint = found[2].partition("::")
    return Gap(int(found[1]), words, hint.strip(), found.start(), found.end())


def parse_gaps(text: str) -> list[Gap]:
    """Return the gaps of a sentence that a student wrote.

    Raises:
        InvalidInputError: there is none, one has no words or stands in another, a number is
            too high, there are too many, or a gap is all there is.
    """
    found = list(GAP.finditer(text))
    if any(OPEN.search(one[2]) for one in found):
        raise InvalidInputError(NESTED)
    gaps = [_gap(one) for one in found]
    if any(not gap.words.strip() for gap in gaps):
        raise InvalidInputError(NO_WORDS)
    if not gaps:
        raise InvalidInputError(NO_GAP)
    _require_bounds(gaps)
    if len(gaps) == 1 and not re.search(r"\w", GAP.sub("", text)):
        raise InvalidInputError(ALL_GAP)
    return gaps


def _require_bounds(gaps: Sequence[Gap]) -> None:
    if max(gap.number for gap in gaps) > HIGHEST_NUMBER:
        raise InvalidInputError(TOO_HIGH)
    if len({gap.number for gap in gaps}) > MOST_CARDS:
        raise InvalidInputError(TOO_MANY)


def numbers(gaps: Sequence[Gap]) -> list[int]:
    """Return the numbers of gaps, each once, the lowest first: one card for each."""
    return sorted({gap.number for gap in gaps})


def asked_number(text: str, ordinal: int) -> int:
    """Return which gap a card asks; one without a number of its own asks the first."""
    return ordinal or min((gap.number for gap in read_gaps(text)), default=0)


def words_of(text: str, ordinal: int) -> str:
    """Return the words that a card asks for; those of several gaps between commas."""
    asked = asked_number(text, ordinal)
    return BETWEEN_WORDS.join(
        gap.words.strip() for gap in read_gaps(text) if gap.number == asked
    )


def all_words(text: str) -> str:
    """Return what all gaps of a sentence hide, in its order, between commas."""
    return BETWEEN_WORDS.join(gap.words.strip() for gap in read_gaps(text))


def question(text: str, ordinal: int, *, blank: str = BLANK) -> str:
    """Return a sentence as it is asked: blanks or hints for its gap, the other gaps filled."""
    asked = asked_number(text, ordinal)

    def face(gap: Gap) -> str:
        return _blank(gap, blank) if gap.number == asked else gap.words

    return _with(text, face)


def blanked(text: str, *, blank: str = BLANK) -> str:
    """Return a sentence with a blank, or its hint, for each of its gaps."""
    return _with(text, lambda gap: _blank(gap, blank))


def _blank(gap: Gap, blank: str) -> str:
    return f"[{gap.hint}]" if gap.hint else blank


def solution(text: str) -> str:
    """Return a sentence with every gap filled."""
    return _with(text, lambda gap: gap.words)


def _with(text: str, face: Callable[[Gap], str]) -> str:
    parts: list[str] = []
    end = 0
    for gap in read_gaps(text):
        parts += [text[end : gap.start], face(gap)]
        end = gap.end
    return "".join([*parts, text[end:]])
