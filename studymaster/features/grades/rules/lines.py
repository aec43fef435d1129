"""One line of a gradebook in figures, and how good a grade in it is. Pure."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Final

NOTHING_SHOWN: Final = frozenset({"", "-"})
"""How Moodle words a grade that is not there."""

SMALLEST_RANGE: Final = 1e-6
LARGEST_RANGE: Final = 1e9
LARGEST_PERCENT: Final = 10_000.0
"""What lies outside is no grade that anybody gives; it is left out of every sum."""


@dataclass(frozen=True, slots=True)
class Line:
    """What can be graded: an activity, or what a teacher grades by hand.

    `grade`, `minimum` and `maximum` are points, `weight` is the share that Moodle tells
    (0 to 1). `shown` is Moodle's wording, which is all there is of a letter or a hidden
    number. `graded_at` is a moment in UTC.
    """

    key: str
    name: str
    grade: float | None
    minimum: float
    maximum: float
    weight: float | None = None
    shown: str = ""
    graded_at: datetime | None = None


def points_of(line: Line) -> float:
    """Return how many points can be got: maximum - minimum, or 0 where that is no range."""
    size = line.maximum - line.minimum
    return size if SMALLEST_RANGE <= size <= LARGEST_RANGE else 0.0


def percent_of(line: Line) -> float | None:
    """Return (grade - minimum) / (maximum - minimum) in percent; above 100 is extra credit.

    None while there is no grade in figures, or no range for it.
    """
    points = points_of(line)
    if line.grade is None or not points:
        return None
    percent = (line.grade - line.minimum) / points * 100
    return percent if isfinite(percent) and abs(percent) <= LARGEST_PERCENT else None


def grade_at(line: Line, *, percent: float) -> float:
    """Return the points that are `percent` of the way from the minimum to the maximum."""
    return line.minimum + points_of(line) * percent / 100


def is_graded(line: Line) -> bool:
    """Say whether Moodle shows a grade, in figures or in words."""
    return line.grade is not None or line.shown.strip() not in NOTHING_SHOWN


def is_open(line: Line) -> bool:
    """Say whether a grade may still come that counts."""
    return not is_graded(line) and points_of(line) > 0
