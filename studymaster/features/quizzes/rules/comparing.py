"""When a typed answer counts as right: small slips are forgiven, other numbers never. Pure."""

import re
import unicodedata
from itertools import permutations
from typing import Final

ARTICLES: Final = frozenset({"a", "an", "the"})
MINUS: Final = "\N{MINUS SIGN}"
DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013"), "-")
SPELT_OUT: Final = str.maketrans(
    {"≠": "!=", "≤": "<=", "≥": ">=", "≮": ">=", "≯": "<=", "≰": ">", "≱": "<"}
)
RAISED: Final = re.compile(r"(?<=\d)(?=[⁺⁻⁰¹²³⁴-⁹])")
"""Between a number and its exponent; raised letters and charges are read as they stand."""

ARROW: Final = re.compile(r"<?[-=]{1,3}>")
POWER_OF_LETTER: Final = re.compile(r"(?<=[^\W\d_])\^(?=\d)")
SIGNS_OF_HYPHENS: Final = (
    re.compile(r"(?<=[\d)]) ?-(?= ?\d)"),  # 5-3
    re.compile(r"(?<![^\W_])-(?=\d|[^\W\d_](?![^\W_]))"),  # -5, 10^-3, -x
    re.compile(  # Cl-, SO42-, but neither well-known nor pre- and postnatal
        r"(?:(?<=\b[^\W_])|(?<=\b[^\W_]{2})|(?<=\b[^\W_]{3})|(?<=\d))-"
        r"(?![^\W_]| ?(?:,|/|&|(?:and|or|und|oder)\b))"
    ),
)
TOKEN: Final = re.compile(
    rf"(?:(?<![^\W_]){MINUS}(?=\d))?[^\W_]+(?:[.,]\d+)*|!=|[+<>=^{MINUS}]"
)
SIGNS: Final = frozenset({"+", MINUS, "<", ">", "=", "!=", "^"})

OPPOSITES: Final = (
    ("hyper", "hypo"),
    ("inter", "intra", "extra", "infra"),
    ("endo", "exo", "ecto"),
    ("macro", "micro"),
    ("super", "supra", "sub"),
    ("ante", "anti"),
    ("pre", "pro", "post"),
    ("homo", "hetero"),
    ("eu", "dys"),
    ("ab", "ad"),
    ("af", "ef"),
    ("in", "ex", "im", "em"),
    ("mono", "uni", "di", "bi", "tri", "tetra", "penta", "hexa", "oligo", "poly"),
    ("", "a", "an", "un", "in", "im", "il", "ir", "dis", "non", "de"),
)
"""Beginnings that make another word of the same rest."""

SHORTEST_REST: Final = 3
DIGIT: Final = re.compile(r"\d")
ONE_SLIP_FROM: Final = 5
TWO_SLIPS_FROM: Final = 10


def is_right(given: str, *, answer: str) -> bool:
    """Say whether a typed answer means the same as the right one.

    Case, accents, punctuation and English articles do not matter, signs such as + and < do.
    One slip of a finger is forgiven from 5 letters on, two from 10; never in a number, a
    sign, or a beginning that turns the word into its opposite.
    """
    typed, wanted = fold(given), fold(answer)
    if not wanted:
        return " ".join(given.split()) == " ".join(answer.split())
    if typed == wanted:
        return True
    if exact_parts(typed) != exact_parts(wanted) or is_other_word(typed, wanted):
        return False
    most = allowed_slips(wanted)
    return slips(typed, wanted, most=most) <= most


def allowed_slips(wanted: str) -> int:
    """Return how many slips an answer of this length may have."""
    letters = len(wanted.replace(" ", ""))
    return (letters >= ONE_SLIP_FROM) + (letters >= TWO_SLIPS_FROM)


def fold(text: str) -> str:
    """Return the words of a text in plain lower-case letters, without English articles.

    Signs stay, each as a word of its own; the minus of a number stays with it. A hyphen is
    none, so it goes with the other punctuation, and so do arrows.
    """
    composed = unicodedata.normalize("NFC", text).translate(SPELT_OUT)
    raised = RAISED.sub("^", composed)
    # In capitals again: what one character stands for, such as a trade mark, has some.
    plain = unicodedata.normalize("NFKD", raised).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(DASHES)
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    words = TOKEN.findall(_with_signs(" ".join(letters.split())))
    return " ".join([word for word in words if word not in ARTICLES] or words)


def _with_signs(line: str) -> str:
    """Tell the minus from the hyphen; both are typed with the same key."""
    line = POWER_OF_LETTER.sub("", ARROW.sub(" ", line))
    between, before, after = SIGNS_OF_HYPHENS
    line = between.sub(f" {MINUS} ", line)
    return after.sub(f" {MINUS} ", before.sub(MINUS, line))


def exact_parts(folded: str) -> list[str]:
    """Return the signs of a folded text, and its words that have a digit in them."""
    return [word for word in folded.split() if word in SIGNS or DIGIT.search(word)]


def is_other_word(typed: str, wanted: str) -> bool:
    """Say whether two folded texts differ in a beginning that makes another word of it."""
    pairs = zip(typed.split(), wanted.split(), strict=False)
    return any(one != other and _are_opposed(one, other) for one, other in pairs)


def _are_opposed(one: str, other: str) -> bool:
    return any(
        _rest(one, first) is not None and _rest(one, first) == _rest(other, second)
        for family in OPPOSITES
        for first, second in permutations(family, 2)
    )


def _rest(word: str, beginning: str) -> str | None:
    rest = word.removeprefix(beginning)
    is_alone = rest == "" and beginning != ""  # as in inter-cellular
    fits = is_alone or len(rest) >= SHORTEST_REST
    return rest if fits and word.startswith(beginning) else None


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
