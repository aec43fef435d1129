"""How many minutes a day a wanted share of known cards costs: lived through in advance. Pure.

The method is described in docs/decisions/0013-fsrs.md.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from fsrs_rs_python import (
    DEFAULT_PARAMETERS,
    FSRS,
    Card,
    ItemState,
    MemoryState,
    NextStates,
)

from studymaster.features.flashcards.rules.fsrs import LEAST_RETENTION, MOST_RETENTION
from studymaster.features.flashcards.rules.sm2 import LONGEST_INTERVAL, Grade

DAYS: Final = 90
MOST_CARDS: Final = 1_500
"""Of more cards every so manieth is followed, and counts for those between."""

SHARES: Final = (LEAST_RETENTION, 75, 80, 83, 86, 88, 90, 92, 94, 95, 96, MOST_RETENTION)
SECONDS_PER_MINUTE: Final = 60

Due = list[list[tuple[int, MemoryState]]]
"""For each day the cards that come back on it: the day of their last answer, the memory."""


class Known(NamedTuple):
    """A card that was reviewed: what FSRS knows of it, and days since the last answer."""

    stability: float
    difficulty: float
    rested: int


@dataclass(frozen=True, slots=True)
class Habits:
    """How a student studies.

    Attributes:
        seconds: What one answer takes.
        new_per_day: New cards that are begun on a day, on average.
        first: How often each grade is given to a new card.
        recalled: How often each grade is given to a card that is known.
    """

    seconds: float
    new_per_day: float
    first: dict[Grade, int]
    recalled: dict[Grade, int]


class Cost(NamedTuple):
    """What one share (percent) of known cards costs: minutes a day."""

    retention: int
    minutes: float


def costs(
    cards: Sequence[Known],
    *,
    habits: Habits,
    parameters: tuple[float, ...],
    seed: int,
) -> list[Cost]:
    """Return what each share costs, on average over 90 days; the same input, the same answer."""
    coming = len(cards) + habits.new_per_day * DAYS
    step = max(1, math.ceil(coming / MOST_CARDS))
    model = FSRS(parameters or DEFAULT_PARAMETERS)
    found: list[Cost] = []
    for retention in SHARES:
        dice = Random(seed)  # noqa: S311  (no secret)
        life = _Life(model, habits, retention / 100, dice, _curve(parameters))
        answers = life.live(cards[::step], new_per_day=habits.new_per_day / step) * step
        minutes = answers * habits.seconds / SECONDS_PER_MINUTE / DAYS
        found.append(Cost(retention, minutes))
    return found


STATES: Final[dict[Grade, Callable[[NextStates], ItemState]]] = {
    Grade.AGAIN: lambda states: states.again,
    Grade.HARD: lambda states: states.hard,
    Grade.GOOD: lambda states: states.good,
    Grade.EASY: lambda states: states.easy,
}


def _curve(parameters: tuple[float, ...]) -> Card:
    """Return a card of the package's, last asked on day 0, whose curve is looked up."""
    card = Card()
    card.parameters = list(parameters or DEFAULT_PARAMETERS)
    card.last_date = 0.0
    return card


def _put(due: Due, day: int, card: tuple[int, MemoryState]) -> None:
    if day < DAYS:
        due[day].append(card)


@dataclass(slots=True)
class _Life:
    """Ninety days of one student who wants to know one share of the cards."""

    model: FSRS
    habits: Habits
    retention: float
    dice: Random
    curve: Card

    def live(self, cards: Iterable[Known], *, new_per_day: float) -> int:
        """Return how many answers are given."""
        due: Due = [[] for _ in range(DAYS)]
        for card in cards:
            memory = MemoryState(card.stability, card.difficulty)
            rest = self._rest(self.model.next_interval(card.stability, self.retention, 3))
            _put(due, max(rest - card.rested, 0), (-card.rested, memory))
        answers, begun = 0, 0
        for day in range(DAYS):
            for since, memory in due[day]:
                answers += self._review(due, day, since, memory)
            wanted = int(new_per_day * (day + 1))
            for _ in range(wanted - begun):
                answers += self._begin(due, day)
            begun = wanted
        return answers

    def _review(self, due: Due, day: int, since: int, memory: MemoryState) -> int:
        rested = day - since
        states = self.model.next_states(memory, self.retention, rested)
        self.curve.stability = memory.stability
        known = self.dice.random() < self.curve.retention_on(rested)
        grade = self._grade(self.habits.recalled) if known else Grade.AGAIN
        return self._go_on(due, day, states, grade)

    def _begin(self, due: Due, day: int) -> int:
        states = self.model.next_states(None, self.retention, 0)
        return self._go_on(due, day, states, self._grade(self.habits.first))

    def _go_on(self, due: Due, day: int, states: NextStates, grade: Grade) -> int:
        """Plan the next review; what was not known is asked once more the same day."""
        state, answers = STATES[grade](states), 1
        if grade is Grade.AGAIN:
            state = self.model.next_states(state.memory, self.retention, 0).good
            answers = 2
        _put(due, day + self._rest(state.interval), (day, state.memory))
        return answers

    def _rest(self, interval: float) -> int:
        return min(max(round(interval), 1), LONGEST_INTERVAL)

    def _grade(self, often: dict[Grade, int]) -> Grade:
        return self.dice.choices(list(often), weights=list(often.values()))[0]
