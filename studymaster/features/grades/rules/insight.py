"""What pulls a course's grade up or down, and which open line weighs most. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studymaster.features.grades.rules.lines import Line, percent_of
from studymaster.features.grades.rules.standing import Tally
from studymaster.features.grades.rules.wishing import open_lines

WORTH_SAYING: Final = 0.5
"""Percentage points; a smaller pull is not told."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A graded line and by how many percentage points it moves the course."""

    line: Line
    points: float


@dataclass(frozen=True, slots=True)
class Weight:
    """An open line and how much of the course it will count, from 0 to 1."""

    line: Line
    share: float


def pulls(lines: Sequence[Line], *, by: Tally) -> tuple[Pull | None, Pull | None]:
    """Return what pulls the course up most and what pulls it down most.

    A line pulls by part x (its percent - the mean of all graded lines) / sum of the parts of
    those: the pulls of all graded lines add up to nothing.
    """
    graded = [(line, percent_of(line), by.parts.get(line.key, 0.0)) for line in lines]
    known = [(line, percent, part) for line, percent, part in graded if percent is not None]
    counted = sum(part for *_, part in known)
    if counted <= 0:
        return None, None
    mean = sum(percent * part for _, percent, part in known) / counted
    found = [Pull(line, part * (percent - mean) / counted) for line, percent, part in known]
    most, least = max(found, key=_by_points), min(found, key=_by_points)
    return (
        most if most.points >= WORTH_SAYING else None,
        least if least.points <= -WORTH_SAYING else None,
    )


def _by_points(pull: Pull) -> float:
    return pull.points


def heaviest_open(lines: Sequence[Line], *, by: Tally) -> Weight | None:
    """Return the open line that will count most, by its share once all is graded."""
    waiting = open_lines(lines, by=by)
    if not waiting:
        return None
    whole = by.counted
    if by.open_adds:
        whole += sum(by.parts[line.key] for line in waiting)
    heaviest = max(waiting, key=lambda line: by.parts[line.key])
    return Weight(heaviest, by.parts[heaviest.key] / whole)
