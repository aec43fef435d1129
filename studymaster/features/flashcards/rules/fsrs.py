"""When a card comes back: FSRS-6, a model of forgetting, in whole days of the student.

The formulas are the `fsrs` package's. The reading of its clock, and what is ours alone, is in
docs/decisions/0013-fsrs.md.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from typing import Final, NamedTuple
from uuid import UUID

from fsrs import Card, Rating, Scheduler, State
from fsrs.scheduler import DEFAULT_PARAMETERS as PUBLISHED
from fsrs.scheduler import MAX_DIFFICULTY, MIN_DIFFICULTY

from studymaster.features.flashcards.rules.sm2 import LONGEST_INTERVAL, Grade, Schedule

LEAST_RETENTION: Final = 70
MOST_RETENTION: Final = 97
USUAL_RETENTION: Final = 90
"""Shares of cards that shall be known on their day, in percent."""

RATINGS: Final[Mapping[Grade, Rating]] = {
    Grade.AGAIN: Rating.Again,
    Grade.HARD: Rating.Hard,
    Grade.GOOD: Rating.Good,
    Grade.EASY: Rating.Easy,
}

SPREADS: Final = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, math.inf, 0.05))
"""From how many days to how many an interval is spread, by which share of them."""

LEAST_SPREAD: Final = 1.0
SHORTEST_SPREAD: Final = 2.5
SHORTEST_FUZZED: Final = 2

TURN_BYTES: Final = 8
DRAW_BITS: Final = 48

UNSET: Final = ()
"""Parameters of a student for whom the published ones hold."""

Weigh = Callable[[int], int]
"""How well a card may come back after so many days: the more, the likelier; at least 1."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known about how well a card is remembered.

    Attributes:
        stability: Days until the chance to know it has sunk to nine in ten.
        difficulty: From 1 (easy) to 10.
        reviewed_on: The student's day of the last answer.
    """

    stability: float
    difficulty: float
    reviewed_on: date


class Recalled(NamedTuple):
    """One answer: how well the card was remembered, on which of the student's days."""

    grade: Grade
    day: date


def follow(
    memory: Memory | None,
    answers: Iterable[Recalled],
    *,
    retention: int,
    parameters: tuple[float, ...] = UNSET,
) -> tuple[Memory, int]:
    """Return the memory after answers (at least one) and the days until the next review.

    A second answer on the same day moves the memory by the formula for short terms.

    Args:
        memory: What was known before; None for a new card.
        answers: In the order in which they were given.
        retention: The share of cards that shall be known on their day, in percent.
        parameters: The student's own ones; none: the published ones.
    """
    scheduler, card = _scheduler(retention, parameters), _card(memory)
    for grade, day in answers:
        card, _ = scheduler.review_card(card, RATINGS[grade], review_datetime=_moment(day))
    reviewed_at = card.last_review or card.due
    # The package gives both to every card that it has reviewed.
    stability, difficulty = float(card.stability or 0), float(card.difficulty or 0)
    known = Memory(stability, difficulty, reviewed_at.date())
    return known, (card.due - reviewed_at).days


def chance(memory: Memory, *, day: date, parameters: tuple[float, ...] = UNSET) -> float:
    """Return how likely a card is known on a day, from 0 to 1."""
    scheduler = _scheduler(USUAL_RETENTION, parameters)
    return scheduler.get_card_retrievability(_card(memory), _moment(day))


def spread(days: int) -> range:
    """Return the intervals among which one of so many days may be chosen."""
    if days < SHORTEST_SPREAD:
        return range(days, days + 1)
    around = LEAST_SPREAD + sum(
        share * max(min(days, end) - start, 0.0) for start, end, share in SPREADS
    )
    least = max(SHORTEST_FUZZED, round(days - around))
    return range(least, min(round(days + around), LONGEST_INTERVAL) + 1)


def fuzzed(days: int, *, card_id: UUID, turn: int, weigh: Weigh = lambda _: 1) -> int:
    """Return an interval a little longer or shorter, so that cards made together part.

    The same turn of the same card always gets the same: what the button says is given. Of
    two intervals the longer one is never made the shorter one, however days are weighed:
    a range that lies later has its share of the weight later too.
    """
    choices = spread(days)
    sums = list(accumulate(map(weigh, choices)))
    drawn = _draw(card_id, turn) * sums[-1] >> DRAW_BITS
    return choices[bisect_right(sums, drawn)]


def memory_of(
    schedule: Schedule, *, parameters: tuple[float, ...] = UNSET
) -> Memory | None:
    """Return what a place in SM-2 says about a memory without a log; None: a new card.

    Its interval is taken for the days after which nine in ten are known, and the difficulty
    is the one at which FSRS would stretch that interval as the easiness does.
    """
    days = schedule.interval_days
    if days == 0:
        return None
    gain, saturation, surprise = (parameters or PUBLISHED)[8:11]
    # What of the published formula for a remembered card holds at nine in ten.
    surprised = math.expm1(surprise * (1 - USUAL_RETENTION / 100))
    stretched = schedule.easiness / 100 - 1
    difficulty = 11 - stretched / (math.exp(gain) * days**-saturation * surprised)
    return Memory(
        stability=float(days),
        difficulty=min(max(difficulty, MIN_DIFFICULTY), MAX_DIFFICULTY),
        reviewed_on=schedule.due_on - timedelta(days=days),
    )


@lru_cache(maxsize=256)
def _scheduler(retention: int, parameters: tuple[float, ...]) -> Scheduler:
    # Without steps of minutes: what is not known comes again the same day until it is.
    return Scheduler(
        parameters=parameters or PUBLISHED,
        desired_retention=retention / 100,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST_INTERVAL,
        enable_fuzzing=False,
    )


def _card(memory: Memory | None) -> Card:
    # An id and a due moment are named, or the package would look at the clock.
    if memory is None:
        return Card(card_id=0, due=datetime.min)  # noqa: DTZ901  (nobody reads it)
    reviewed_at = _moment(memory.reviewed_on)
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=reviewed_at,
        last_review=reviewed_at,
    )


def _moment(day: date) -> datetime:
    """Return a day as the package counts it: from midnight to midnight, always 24 hours."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def _draw(card_id: UUID, turn: int) -> int:
    """Return a number of so many bits that belongs to this answer to this card."""
    found = sha256(card_id.bytes + turn.to_bytes(TURN_BYTES, "big")).digest()
    return int.from_bytes(found[: DRAW_BITS // 8], "big")
