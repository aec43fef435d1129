"""What a wished grade would take, and where assumed grades would lead. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, isfinite
from typing import Final

from studymaster.features.grades.rules.lines import Line, is_open
from studymaster.features.grades.rules.standing import Source, Tally

FULL: Final = 100.0
TENTHS: Final = 10
HAIR: Final = 1e-9
"""What adding fractions may be off by, as a share of what is added."""


class Outcome(StrEnum):
    """What can be said of a wish."""

    REACHED = "reached"
    NEEDED = "needed"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class Need:
    """What a wish takes, in percent of what is still open.

    `percent` is rounded up to a tenth, so that it does suffice; `best` is what the course
    ends at with full marks, rounded down to a tenth. `share` is how much of the course the
    lines count that the wish rests on (0 to 1).
    """

    outcome: Outcome
    percent: float
    best: float
    share: float


def open_lines(lines: Sequence[Line], *, by: Tally) -> list[Line]:
    """Return the lines of which it can be said what they would change.

    None of them where Moodle shows a total but no grade that it is made of: how much what
    is open counts beside what is hidden cannot be known.
    """
    if by.source is Source.MOODLE and by.counted <= 0:
        return []
    return [line for line in lines if is_open(line) and by.parts.get(line.key, 0.0) > 0]


def result(by: Tally, *, assumed: Mapping[str, float]) -> float | None:
    """Return where the course ends, in percent, if lines get the `assumed` percents.

        (earned + sum(part x percent)) / (counted + sum(part))

    over the assumed lines; what stays open is left out, or where Moodle counts it as zero
    (`open_adds` is false) it stays zero and nothing is added below the line. None while
    nothing counts.
    """
    earned, counted = _with(by, assumed)
    if counted <= 0:
        return None
    percent = earned / counted
    return percent if isfinite(percent) else None


def need(
    by: Tally,
    *,
    wished: float,
    of: Collection[str],
    assumed: Mapping[str, float],
    share: float | None = None,
) -> Need | None:
    """Return which percent the lines `of`, all alike, need for the course to end at `wished`.

    With E earned and C counted (assumed lines included) and P the parts of the lines:

        percent = (wished x (C + P) - E) / P        best = (E + 100 x P) / (C + P)

    REACHED: 0 percent is enough. OUT_OF_REACH: 100 percent is not enough. A `share` (between
    0 and 1) is what the student knows the lines to count of the course; it takes the place
    of P: P = C x share / (1 - share). None when the lines count nothing.
    """
    fixed = {key: percent for key, percent in assumed.items() if key not in of}
    earned, counted = _with(by, fixed)
    parts = sum(by.parts.get(key, 0.0) for key in of)
    whole = counted + parts if by.open_adds else counted
    if share is not None and by.open_adds:
        parts, whole = (counted * share / (1 - share), counted / (1 - share))
        if counted <= 0:
            parts = whole = 1.0
    if parts <= 0 or whole <= 0:
        return None
    percent = (wished * whole - earned) / parts
    best = (earned + FULL * parts) / whole
    if not (isfinite(percent) and isfinite(best)):
        return None
    hair = HAIR * max(1.0, abs(wished) * whole / parts)
    return Need(
        _outcome(percent, hair=hair),
        percent=ceil((percent - hair) * TENTHS) / TENTHS,
        best=floor((best + HAIR * FULL) * TENTHS) / TENTHS,
        share=parts / whole,
    )


def _outcome(percent: float, *, hair: float) -> Outcome:
    if percent <= hair:
        return Outcome.REACHED
    return Outcome.OUT_OF_REACH if percent > FULL + hair else Outcome.NEEDED


def _with(by: Tally, assumed: Mapping[str, float]) -> tuple[float, float]:
    pairs = [(by.parts.get(key, 0.0), percent) for key, percent in assumed.items()]
    earned = by.earned + sum(part * percent for part, percent in pairs)
    added = sum(part for part, _ in pairs) if by.open_adds else 0.0
    return earned, by.counted + added
