"""When a typed answer counts as right: small slips are forgiven, other numbers never. Pure."""

import re
import unicodedata
from typing import Final

ARTICLES: Final = frozenset({"a", "an", "the"})
WORD: Final = re.compile(r"[^\W_]+(?:[.,]\d+)*")
DIGIT: Final = re.compile(r"\d")
ONE_SLIP_FROM: Final = 5
TWO_SLIPS_FROM: Final = 10


def is_right(given: str, *, answer: str) -> bool:
    """Say whether a typed answer means the same as the right one.

    Case, accents, punctuation and English articles do not matter. One slip of a finger is
    forgiven from 5 letters on, two from 10; never in a number.
    """
    typed, wanted = fold(given), fold(answer)
    if not wanted:
        return " ".join(given.split()) == " ".join(answer.split())
    if typed == wanted:
        return True
    if DIGIT.search(typed + wanted) and numbers(typed) != numbers(wanted):
        return False
    most = allowed_slips(wanted)
    return slips(typed, wanted, most=most) <= most


def allowed_slips(wanted: str) -> int:
    """Return how many slips an answer of this length may have."""
    letters = len(wanted.replace(" ", ""))
    return (letters >= ONE_SLIP_FROM) + (letters >= TWO_SLIPS_FROM)


def clean(text: str) -> str:
    """Return text without what PostgreSQL or a reader can do nothing with."""
    return "".join(one for one in text if one in "\n\t" or _is_text(one)).strip()


def _is_text(letter: str) -> bool:
    return letter >= " " and letter != "\x7f" and not "\ud800" <= letter <= "\udfff"


def fold(text: str) -> str:
    """Return the words of a text in plain lower-case letters, without English articles."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    words = WORD.findall(letters)
    return " ".join([word for word in words if word not in ARTICLES] or words)


def numbers(folded: str) -> list[str]:
    """Return the words of a folded text that have a digit in them."""
    return [word for word in folded.split() if DIGIT.search(word)]


def slips(one: str, other: str, *, most: int) -> int:
    """Return how many letters were left out, added, mistaken or swapped (neighbours).

    The optimal string alignment distance as far as `most`; anything above is `most` + 1.
    """
    far = most + 1
    if abs(len(one) - len(other)) > most:
        return far
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [far] * (len(other) + 1)
        line[0] = row
        # Further off the diagonal everything is too far.
        for column in range(max(1, row - most), min(len(other), row + most) + 1):
            wanted = other[column - 1]
            line[column] = min(
                last[column] + 1,
                line[column - 1] + 1,
                last[column - 1] + (letter != wanted),
            )
            if column > 1 and one[row - 2 : row] == wanted + other[column - 2]:
                line[column] = min(line[column], before[column - 2] + 1)
        before, last = last, line
    return min(last[-1], far)
