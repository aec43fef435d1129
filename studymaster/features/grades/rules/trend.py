"""Whether grades get better with time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from studymaster.features.grades.rules.lines import Line, percent_of

FEWEST: Final = 3
SHORTEST: Final = timedelta(days=7)
"""Grades of one week say nothing about a month."""

MONTH: Final = timedelta(days=365.25 / 12)
STEADY_WITHIN: Final = 2.0
"""Percentage points a month."""


class Direction(StrEnum):
    """Where grades are heading."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Trend:
    """Where the grades of a course are heading, by how many percentage points a month."""

    direction: Direction
    per_month: float


def find_trend(lines: Sequence[Line]) -> Trend | None:
    """Fit a straight line through the dated grades, by least squares, each counting alike.

        slope = sum((t - mean t) x (p - mean p)) / sum((t - mean t)^2)

    with t in months (30.44 days) and p in percent. Between -2 and +2 percentage points a
    month is steady. None with fewer than three dated grades, or within one week.
    """
    dated = _dated(lines)
    if len(dated) < FEWEST:
        return None
    first, last = dated[0][0], dated[-1][0]
    if last - first < SHORTEST:
        return None
    months = [(moment - first) / MONTH for moment, _ in dated]
    slope = _slope(months, [percent for _, percent in dated])
    if abs(slope) < STEADY_WITHIN:
        return Trend(Direction.STEADY, slope)
    return Trend(Direction.RISING if slope > 0 else Direction.FALLING, slope)


def _dated(lines: Sequence[Line]) -> list[tuple[datetime, float]]:
    pairs = [(line.graded_at, percent_of(line)) for line in lines]
    return sorted((at, percent) for at, percent in pairs if at and percent is not None)


def _slope(xs: list[float], ys: list[float]) -> float:
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle_x) ** 2 for x in xs)
    return (
        sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / spread
    )
