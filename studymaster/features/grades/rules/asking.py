"""What a student may type into the what-if: grades, wishes, shares. Pure."""

from math import isfinite
from typing import Final

from studymaster.errors import InvalidInputError
from studymaster.features.grades.rules.lines import Line, points_of
from studymaster.features.grades.rules.words import number_words
from studymaster.typed import always, typed_line

LONGEST: Final = 20
LEAST_WISH, MOST_WISH = 1.0, 200.0
LEAST_SHARE, MOST_SHARE = 1.0, 99.0
EXTRA: Final = 2
"""An assumed grade may be twice what the range gives: there is extra credit."""

WISH: Final = "Type the percentage that you wish for, from 1 to 200, such as 80."
SHARE: Final = (
    "Type how much of the course it counts, from 1 to 99 percent, or leave it empty."
)


def is_empty(value: object) -> bool:
    """Say whether nothing was typed into a field."""
    return value is None or (isinstance(value, str) and not value.strip())


def parse_wish(value: object) -> float:
    """Return a wished course percentage, from 1 to 200.

    Raises:
        InvalidInputError: it is none.
    """
    return _within(value, least=LEAST_WISH, most=MOST_WISH, says=WISH)


def parse_share(value: object) -> float | None:
    """Return a share of the course (0 to 1) that was typed in percent; None for nothing.

    Raises:
        InvalidInputError: it is no percentage from 1 to 99.
    """
    if is_empty(value):
        return None
    return _within(value, least=LEAST_SHARE, most=MOST_SHARE, says=SHARE) / 100


def parse_grade(value: object, *, line: Line) -> float | None:
    """Return an assumed grade of a line, typed in its points, in percent; None for nothing.

    Raises:
        InvalidInputError: it is no number of points that the line can have.
    """
    most = line.minimum + EXTRA * points_of(line)
    says = (
        f"Type a grade from {number_words(line.minimum)} to {number_words(most)} for "
        f"“{line.name}”, or leave it empty."
    )
    if is_empty(value):
        return None
    points = _within(value, least=line.minimum, most=most, says=says)
    return (points - line.minimum) / points_of(line) * 100


def _within(value: object, *, least: float, most: float, says: str) -> float:
    words = typed_line(value, most=LONGEST, says=always(says))
    try:
        number = float(words.removesuffix("%").strip().replace(",", "."))
    except ValueError:
        raise InvalidInputError(says) from None
    if not isfinite(number) or not least <= number <= most:
        raise InvalidInputError(says)
    return number
