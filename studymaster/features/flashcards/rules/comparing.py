"""How well a scheduler foresaw what a student would know: chances, log loss, calibration. Pure.

What SM-2 is taken to foresee is explained in docs/decisions/0013-fsrs.md.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from studymaster.features.flashcards.rules import fsrs, sm2
from studymaster.features.flashcards.rules.histories import History, scored
from studymaster.features.flashcards.rules.sm2 import Grade

LEAST_TO_COMPARE: Final = 100
"""Fewer answers than these say nothing about a scheduler."""

KNOWN_AT_INTERVAL: Final = 0.9
"""The share that SM-2 is taken to expect after exactly its interval."""

SUREST: Final = 0.9999
"""No chance counts for more, or for less than what is left: one surprise is no infinity."""

MOST_BINS: Final = 10


class Guess(NamedTuple):
    """What was foreseen for one answer, what it was, and when."""

    chance: float
    known: bool
    day: date


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers with about the same chance: the mean foreseen, the share known, how many."""

    foreseen: float
    known: float
    count: int


@dataclass(frozen=True, slots=True)
class Score:
    """How well answers were foreseen; of both figures the smaller is the better one.

    Attributes:
        log_loss: Mean surprise of an answer, in nats.
        rmse: Root mean square distance between foreseen and known over the bins.
        answers: How many were scored.
        bins: The calibration, by rising chance; each holds about as many answers.
    """

    log_loss: float
    rmse: float
    answers: int
    bins: tuple[Bin, ...]


Foresee = Callable[[History], list[float]]
"""Returns the chance before each answer but the first."""


def by_sm2(history: History) -> list[float]:
    """Return what SM-2 would have expected had it planned all reviews itself.

    It knows no chances: forgetting is taken to run evenly through nine in ten at its interval.
    """
    schedule, last = sm2.new_schedule(history[0].day), history[0].day
    found: list[float] = []
    for grade, day in history:
        if schedule.interval_days:
            elapsed = (day - last).days / schedule.interval_days
            found.append(KNOWN_AT_INTERVAL**elapsed)
        schedule, last = sm2.review(schedule, grade, today=day), day
    return found


def by_fsrs(parameters: tuple[float, ...] = fsrs.UNSET) -> Foresee:
    """Return what foresees as FSRS does with some parameters; none: the published ones."""

    def foresee(history: History) -> list[float]:
        found: list[float] = []
        memory = None
        for one in history:
            if memory is not None:
                found.append(fsrs.chance(memory, day=one.day, parameters=parameters))
            memory, _ = fsrs.follow(
                memory, [one], retention=fsrs.USUAL_RETENTION, parameters=parameters
            )
        return found

    return foresee


def guesses(found: Iterable[History], foresee: Foresee) -> list[Guess]:
    """Return what was foreseen for every answer that tells something."""
    return [
        Guess(chances[place - 1], history[place].grade > Grade.AGAIN, history[place].day)
        for history in found
        for chances in [foresee(history)]
        for place in scored(history)
    ]


def score(found: Sequence[Guess]) -> Score:
    """Return how good guesses (at least one) were."""
    bins = _bins(found)
    squares = sum(one.count * (one.foreseen - one.known) ** 2 for one in bins)
    return Score(
        log_loss=math.fsum(map(_surprise, found)) / len(found),
        rmse=math.sqrt(squares / len(found)),
        answers=len(found),
        bins=bins,
    )


def _surprise(guess: Guess) -> float:
    chance = min(max(guess.chance, 1 - SUREST), SUREST)
    return -math.log(chance if guess.known else 1 - chance)


def _bins(found: Sequence[Guess]) -> tuple[Bin, ...]:
    ordered = sorted(found)
    count = min(MOST_BINS, len(ordered))
    edges = [len(ordered) * place // count for place in range(count + 1)]
    parts = [ordered[start:end] for start, end in pairwise(edges)]
    return tuple(
        Bin(
            foreseen=math.fsum(one.chance for one in part) / len(part),
            known=sum(one.known for one in part) / len(part),
            count=len(part),
        )
        for part in parts
    )
