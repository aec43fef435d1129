"""When a card comes back by the scheduler of its deck, and how another one would see it. Pure.

What a switch keeps, and why it can be undone, is in docs/decisions/0013-fsrs.md.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules import fsrs, sm2
from studymaster.features.flashcards.rules.balance import EVEN, Balance
from studymaster.features.flashcards.rules.fsrs import Memory, Recalled
from studymaster.features.flashcards.rules.sm2 import Grade, Schedule

DAYS_PER_MONTH: Final = 30.4375
DAYS_PER_YEAR: Final = 365.25
SHORTEST_IN_MONTHS: Final = 100
SHORTEST_IN_YEARS: Final = 730

PERCENT: Final = re.compile("[0-9]{2}")


class Scheduler(StrEnum):
    """By what a deck brings its cards back."""

    SM2 = "sm2"
    FSRS = "fsrs"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deck has chosen; FSRS alone asks for `retention` (percent) and `parameters`.

    Without parameters of the student's own the published ones hold.
    """

    scheduler: Scheduler = Scheduler.SM2
    retention: int = fsrs.USUAL_RETENTION
    parameters: tuple[float, ...] = fsrs.UNSET

    def differs(self, other: "Plan") -> bool:
        """Say whether the other one would have brought the same cards elsewhere."""
        if self.scheduler is other.scheduler is Scheduler.SM2:
            return False
        return self != other


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card stands between two reviews; SM-2 knows of no memory."""

    schedule: Schedule
    memory: Memory | None = None


class Answered(NamedTuple):
    """One line of the log: how many answers came before it, the grade, the student's day.

    `given` is the interval that was given then, where that is known.
    """

    turn: int
    grade: Grade
    day: date
    given: int | None = None


def parse_plan(*, scheduler: object, retention: object) -> Plan:
    """Return what somebody chose for a deck; the share as a whole number of percent.

    Raises:
        InvalidInputError: there is no such scheduler, or the share is out of bounds.
    """
    if not isinstance(scheduler, str) or scheduler not in set(Scheduler):
        msg = "A deck goes by SM-2 or by FSRS. Choose one of the two."
        raise InvalidInputError(msg)
    return Plan(Scheduler(scheduler), _parse_retention(retention))


def find_plan_problem(*, scheduler: object, retention: object) -> str:
    """Return why a deck cannot go by this, or nothing."""
    try:
        parse_plan(scheduler=scheduler, retention=retention)
    except InvalidInputError as error:
        return error.message
    return ""


def _parse_retention(value: object) -> int:
    words = str(value).strip()
    percent = int(words) if PERCENT.fullmatch(words) else 0
    if not fsrs.LEAST_RETENTION <= percent <= fsrs.MOST_RETENTION:
        least, most = fsrs.LEAST_RETENTION, fsrs.MOST_RETENTION
        msg = f"Type a whole number from {least} to {most} for the cards you want to know."
        raise InvalidInputError(msg)
    return percent


def review(
    place: Place,
    answer: Answered,
    *,
    card_id: UUID,
    plan: Plan,
    balance: Balance = EVEN,
) -> Place:
    """Return the card's next place after one answer."""
    return replay(place, [answer], card_id=card_id, plan=plan, balance=balance)


def replay(
    start: Place,
    answers: Sequence[Answered],
    *,
    card_id: UUID,
    plan: Plan,
    balance: Balance = EVEN,
) -> Place:
    """Return where a card stands after answers (the first one first), were it always so.

    A last interval that was given stays where the plan could have given it.
    """
    if not answers:
        return start
    return REPLAYS[plan.scheduler](start, answers, card_id, plan, balance)


def _replay_by_sm2(
    start: Place, answers: Sequence[Answered], _: UUID, __: Plan, ___: Balance
) -> Place:
    schedule = start.schedule
    for answer in answers:
        schedule = sm2.review(schedule, answer.grade, today=answer.day)
    return Place(schedule)


def _replay_by_fsrs(
    start: Place, answers: Sequence[Answered], card_id: UUID, plan: Plan, balance: Balance
) -> Place:
    before, last = start.schedule, answers[-1]
    memory, days = fsrs.follow(
        start.memory or fsrs.memory_of(before, parameters=plan.parameters),
        [Recalled(one.grade, one.day) for one in answers],
        retention=plan.retention,
        parameters=plan.parameters,
    )
    # The fuzz of one interval is not in the next, so only the last one needs it.
    if last.given is not None and last.given in fsrs.spread(days):
        days = last.given
    else:
        weigh = balance.weigher(last.day)
        days = fsrs.fuzzed(days, card_id=card_id, turn=last.turn, weigh=weigh)
    after = Schedule(
        easiness=before.easiness,
        interval_days=days,
        repetitions=_remembered(before, answers),
        due_on=last.day + timedelta(days=days),
        drill_on=last.day if last.grade is Grade.AGAIN else None,
    )
    return Place(after, memory)


def _remembered(before: Schedule, answers: Iterable[Answered]) -> int:
    """Return how often in a row a card was remembered, each day's first answer counting."""
    drill_on, repetitions = before.drill_on, before.repetitions
    for answer in answers:
        forgotten = answer.grade is Grade.AGAIN
        if drill_on != answer.day:
            repetitions = 0 if forgotten else repetitions + 1
        drill_on = answer.day if forgotten else None
    return repetitions


Replay = Callable[[Place, Sequence[Answered], UUID, Plan, Balance], Place]
REPLAYS: Final[Mapping[Scheduler, Replay]] = {
    Scheduler.SM2: _replay_by_sm2,
    Scheduler.FSRS: _replay_by_fsrs,
}


def preview(
    place: Place,
    *,
    card_id: UUID,
    turn: int,
    today: date,
    plan: Plan,
    balance: Balance = EVEN,
) -> dict[Grade, str]:
    """Return what each button says about the next time, e.g. `6 d` or `today, then 1 d`."""
    given = {grade: Answered(turn, grade, today) for grade in Grade}
    return {
        grade: _label(
            review(place, answer, card_id=card_id, plan=plan, balance=balance).schedule,
            today=today,
        )
        for grade, answer in given.items()
    }


def _label(schedule: Schedule, *, today: date) -> str:
    distance = _distance((schedule.due_on - today).days)
    return f"today, then {distance}" if schedule.drill_on == today else distance


def _distance(days: int) -> str:
    if days < SHORTEST_IN_MONTHS:
        return f"{days} d"
    if days < SHORTEST_IN_YEARS:
        return f"{round(days / DAYS_PER_MONTH)} mo"
    return f"{days / DAYS_PER_YEAR:.1f} y"
