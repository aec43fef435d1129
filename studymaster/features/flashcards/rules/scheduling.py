"""When a card comes back by the scheduler of its deck, and how another one would see it. Pure.

What a switch keeps, and why it can be undone, is in docs/decisions/0013-fsrs.md; what steps do,
in 0014-the-day.md.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules import fsrs, sm2
from studymaster.features.flashcards.rules.balance import EVEN, Balance
from studymaster.features.flashcards.rules.fsrs import Memory, Recalled
from studymaster.features.flashcards.rules.sm2 import Grade, Schedule
from studymaster.features.flashcards.rules.steps import (
    NO_STEPS,
    Drill,
    Steps,
    next_drill,
    wait_words,
)

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
    steps: Steps = NO_STEPS

    def differs(self, other: "Plan") -> bool:
        """Say whether the other one would have brought the same cards to other days."""
        if self.scheduler is other.scheduler is Scheduler.SM2:
            return False
        return replace(self, steps=other.steps) != other


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card stands between two reviews; SM-2 knows of no memory.

    In a drill it stands at a `step` of its deck and comes again at `drill_at`; None: at once.
    """

    schedule: Schedule
    memory: Memory | None = None
    step: int = 0
    drill_at: datetime | None = None


class Answered(NamedTuple):
    """One line of the log: how many answers came before it, the grade, the student's day.

    `given` is the interval that was given then, `drill` whether it was an answer in a drill,
    and `at` the moment of it, where these are known.
    """

    turn: int
    grade: Grade
    day: date
    given: int | None = None
    drill: bool | None = None
    at: datetime | None = None


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
    start: Place, answers: Sequence[Answered], _: UUID, plan: Plan, __: Balance
) -> Place:
    place = start
    for answer in answers:
        place = _reviewed_by_sm2(place, answer, plan.steps)
    return place


def _reviewed_by_sm2(place: Place, answer: Answered, steps: Steps) -> Place:
    is_drill = _is_drill(answer, drill_on=place.schedule.drill_on)
    before = replace(place.schedule, drill_on=answer.day if is_drill else None)
    after = sm2.review(before, answer.grade, today=answer.day)
    drill = next_drill(
        steps,
        answer.grade,
        drilled=place.step if is_drill else None,
        is_new=before.interval_days == 0,
        forgotten=after.drill_on is not None,
    )
    return _drilled(Place(after), drill, answer)


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
    repetitions, drill = _lived(start, answers, plan.steps)
    after = Schedule(
        easiness=before.easiness,
        interval_days=days,
        repetitions=repetitions,
        due_on=last.day + timedelta(days=days),
        drill_on=None,
    )
    return _drilled(Place(after, memory), drill, last)


def _lived(
    start: Place, answers: Iterable[Answered], steps: Steps
) -> tuple[int, Drill | None]:
    """Return how often in a row a card was remembered, and its drill after the last answer.

    Of each day the first answer counts, not those of its drill.
    """
    repetitions, drill_on, step = (
        start.schedule.repetitions,
        start.schedule.drill_on,
        start.step,
    )
    is_new, drill = start.schedule.interval_days == 0, None
    for answer in answers:
        is_drill = _is_drill(answer, drill_on=drill_on)
        forgotten = answer.grade is Grade.AGAIN
        if not is_drill:
            repetitions = 0 if forgotten else repetitions + 1
        drill = next_drill(
            steps,
            answer.grade,
            drilled=step if is_drill else None,
            is_new=is_new,
            forgotten=forgotten,
        )
        drill_on, step = (answer.day, drill.step) if drill else (None, step)
        is_new = False
    return repetitions, drill


def _is_drill(answer: Answered, *, drill_on: date | None) -> bool:
    """Say whether an answer was given in a drill; the log knows best."""
    return drill_on == answer.day if answer.drill is None else answer.drill


def _drilled(place: Place, drill: Drill | None, answer: Answered) -> Place:
    """Return a place with the drill that an answer led to."""
    schedule = replace(place.schedule, drill_on=answer.day if drill else None)
    if drill is None:
        return replace(place, schedule=schedule, step=0, drill_at=None)
    at = answer.at
    if at is not None:
        at = None if drill.minutes is None else at + timedelta(minutes=drill.minutes)
    return replace(place, schedule=schedule, step=drill.step, drill_at=at)


Replay = Callable[[Place, Sequence[Answered], UUID, Plan, Balance], Place]
REPLAYS: Final[Mapping[Scheduler, Replay]] = {
    Scheduler.SM2: _replay_by_sm2,
    Scheduler.FSRS: _replay_by_fsrs,
}


ANY_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""From where the minutes of a step are counted that nobody has taken yet."""


def preview(
    place: Place,
    *,
    card_id: UUID,
    turn: int,
    today: date,
    plan: Plan,
    balance: Balance = EVEN,
) -> dict[Grade, str]:
    """Return what each button says about the next time: `6 d`, `10 min`, `today, then 1 d`."""
    given = {grade: Answered(turn, grade, today, at=ANY_MOMENT) for grade in Grade}
    return {
        grade: _label(
            review(place, answer, card_id=card_id, plan=plan, balance=balance),
            today=today,
        )
        for grade, answer in given.items()
    }


def _label(place: Place, *, today: date) -> str:
    schedule = place.schedule
    if schedule.drill_on == today and place.drill_at is not None:
        return wait_words(int((place.drill_at - ANY_MOMENT).total_seconds()) // 60)
    distance = _distance((schedule.due_on - today).days)
    return f"today, then {distance}" if schedule.drill_on == today else distance


def _distance(days: int) -> str:
    if days < SHORTEST_IN_MONTHS:
        return f"{days} d"
    if days < SHORTEST_IN_YEARS:
        return f"{round(days / DAYS_PER_MONTH)} mo"
    return f"{days / DAYS_PER_YEAR:.1f} y"
