"""When a card comes back: SM-2 as Wozniak published it in 1990.

The reading of the published text behind every line is in docs/decisions/0006-sm2.md.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

START_EASINESS = 250
EASINESS_FLOOR = 130
FIRST_INTERVALS = {1: 1, 2: 6}
LONGEST_INTERVAL = 36_500


class Grade(IntEnum):
    """How well the answer was remembered: the published q, for the four buttons."""

    AGAIN = 2
    HARD = 3
    GOOD = 4
    EASY = 5


EASINESS_CHANGE = {Grade.AGAIN: 0, Grade.HARD: -14, Grade.GOOD: 0, Grade.EASY: 10}
"""Hundredths of 0.1-(5-q)*(0.08+(5-q)*0.02); a failed card keeps its easiness."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where a card stands between two reviews.

    Attributes:
        easiness: The easiness factor (EF) in hundredths, 130 or more.
        interval_days: Days from the last scheduled review to `due_on`; 0 when new.
        repetitions: Reviews remembered in a row since the start or the last failure.
        due_on: The day of the next scheduled review.
        drill_on: The day on which the card comes again until it is known; else None.
    """

    easiness: int
    interval_days: int
    repetitions: int
    due_on: date
    drill_on: date | None


def new_schedule(today: date) -> Schedule:
    """Return the place of a card nobody has reviewed: due today."""
    return Schedule(START_EASINESS, 0, 0, due_on=today, drill_on=None)


def is_due(schedule: Schedule, *, today: date) -> bool:
    """Say whether the card is to be shown today; a drill of an earlier day is void."""
    return schedule.due_on <= today or schedule.drill_on == today


def review(schedule: Schedule, grade: Grade, *, today: date) -> Schedule:
    """Return the card's next place after one answer given on the student's day `today`.

    In a drill of the same day only `drill_on` can change.
    """
    drill_on = today if grade < Grade.GOOD else None
    if schedule.drill_on == today:
        return replace(schedule, drill_on=drill_on)
    repetitions = schedule.repetitions + 1 if grade >= Grade.HARD else 0
    easiness = max(EASINESS_FLOOR, schedule.easiness + EASINESS_CHANGE[grade])
    days = _interval(repetitions, previous=schedule.interval_days, easiness=easiness)
    return Schedule(easiness, days, repetitions, today + timedelta(days=days), drill_on)


def _interval(repetitions: int, *, previous: int, easiness: int) -> int:
    if repetitions == 0:
        return FIRST_INTERVALS[1]
    if repetitions in FIRST_INTERVALS:
        return FIRST_INTERVALS[repetitions]
    # Rounds up without a float: 6 * 2.5 is 15, never 15.000000000000002.
    return min(LONGEST_INTERVAL, -(-previous * easiness // 100))
