"""How much each line counts, and how the course stands so far. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isclose, isfinite
from typing import Final

from studymaster.features.grades.rules.lines import (
    Line,
    is_graded,
    is_open,
    percent_of,
    points_of,
)

SUM_TOLERANCE: Final = 0.01
SHARE_TOLERANCE: Final = 0.005
"""Moodle rounds the weights that it tells."""

DIFFERS_FROM: Final = 1.0
"""Percentage points between Moodle's total and ours from which on ours is an estimate."""


class Basis(StrEnum):
    """Where the weights come from.

    MOODLE: it tells the weight of every line; what is open counts as zero in its total.
    GRADED: it tells the weights of what is graded, which follow a rule that holds for what
    is open too. GUESSED: they follow none, so what is open counts by its points. POINTS: it
    tells no weights that add up, so each line counts by its points (Moodle's natural
    weighting).
    """

    MOODLE = "moodle"
    GRADED = "graded"
    GUESSED = "guessed"
    POINTS = "points"


class Source(StrEnum):
    """Who says how a course stands: Moodle's own total, our sum of the lines, nobody."""

    MOODLE = "moodle"
    LINES = "lines"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was earned so far, and what each line counts.

    `parts` says how much each line counts, in one unit for all. `earned` is the sum of
    part x percent over the `counted` parts. `open_adds` says that a grade of an open line
    adds its part to those that count; else it counts as zero already. `percent` is how the
    course stands, None while nothing is graded.
    """

    basis: Basis
    source: Source
    parts: Mapping[str, float]
    earned: float
    counted: float
    open_adds: bool
    percent: float | None
    differs: bool = False


def tally(lines: Sequence[Line], *, total: float | None) -> Tally:
    """Add a gradebook up.

    The course stands at Moodle's own total where it shows one (`total`, in percent), else at

        sum(part x percent) / sum(part)   over the lines that are graded in figures.

    With Moodle's total, what was earned is total x the parts of all that is graded: dropped
    grades, extra credit and letters are in it as the teacher set them up.
    """
    basis, parts = weigh(lines)
    figures = [(parts[line.key], percent_of(line)) for line in lines if line.key in parts]
    in_figures = [(part, percent) for part, percent in figures if percent is not None]
    earned = sum(part * percent for part, percent in in_figures)
    counted = sum(part for part, _ in in_figures)
    own = earned / counted if counted > 0 else None
    all_count = basis is Basis.MOODLE
    if all_count:
        counted = sum(parts.values())
    if total is not None and isfinite(total):
        settled = [line for line in lines if is_graded(line) and line.key in parts]
        if not all_count:
            counted = sum(parts[line.key] for line in settled)
        expected = earned / counted if all_count else own
        differs = expected is not None and abs(expected - total) > DIFFERS_FROM
        earned, own, source = total * counted, total, Source.MOODLE
    else:
        differs, source = False, Source.NONE if own is None else Source.LINES
    return Tally(basis, source, parts, earned, counted, not all_count, own, differs)


def running(lines: Sequence[Line], *, by: Tally) -> list[tuple[datetime, float]]:
    """Return how the course stood after each moment (UTC) of a dated grade, in percent.

        sum(part x percent) / sum(part)   over the lines that were graded until then

    Lines without a date or a figure are left out. Moodle's own total of those days is not
    known: what it could reach has grown since.
    """
    dated = [
        (line.graded_at, percent, by.parts.get(line.key, 0.0))
        for line in lines
        if line.graded_at and (percent := percent_of(line)) is not None
    ]
    stood: dict[datetime, float] = {}
    earned = counted = 0.0
    for moment, percent, part in sorted(dated):
        earned, counted = earned + part * percent, counted + part
        if counted > 0:
            stood[moment] = earned / counted
    return list(stood.items())


def weigh(lines: Sequence[Line]) -> tuple[Basis, dict[str, float]]:
    """Return how much each line that has a range counts.

    Moodle's weights are taken where they add up to 1 (within 0.01). As long as it counts
    only what is graded it tells 0 for what is open: an open line then counts as much as a
    graded one where all of those count alike, else as much as its points do beside theirs.
    A single graded line, which always has all the weight, shows no rule.
    """
    counting = [line for line in lines if points_of(line)]
    graded = [line for line in counting if is_graded(line)]
    if _adds_up(counting) and any(line.weight for line in counting if is_open(line)):
        return Basis.MOODLE, {line.key: line.weight or 0.0 for line in counting}
    if not _adds_up(graded):
        return Basis.POINTS, {line.key: points_of(line) for line in counting}
    points = sum(map(points_of, graded))
    told = {line.key: line.weight or 0.0 for line in graded}
    by_points = {line.key: points_of(line) / points for line in counting}
    if len(told) < 2:  # noqa: PLR2004 - one shows no rule
        return Basis.GUESSED, by_points | told
    if all(_is_near(told[key], by_points[key]) for key in told):
        return Basis.GRADED, by_points | told
    if all(_is_near(weight, 1 / len(told)) for weight in told.values()):
        return Basis.GRADED, {line.key: 1 / len(told) for line in counting} | told
    return Basis.GUESSED, by_points | told


def _adds_up(lines: Sequence[Line]) -> bool:
    weights = [line.weight for line in lines]
    told = [weight for weight in weights if weight is not None and 0 <= weight <= 1]
    # An infinite weight is no weight; neither is one that is not told.
    return len(told) == len(weights) and isclose(sum(told), 1, abs_tol=SUM_TOLERANCE)


def _is_near(one: float, other: float) -> bool:
    return isclose(one, other, abs_tol=SHARE_TOLERANCE)
