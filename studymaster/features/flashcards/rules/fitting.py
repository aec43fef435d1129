"""Parameters of FSRS that fit a student: found on their older answers, tried on the newer. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS, FSRSItem, FSRSReview, TrainingConfig

from studymaster.features.flashcards.rules import comparing, fsrs
from studymaster.features.flashcards.rules.histories import History, scored

LEAST_TO_FIT: Final = 400
"""With fewer answers the published parameters foresee better than any of one's own."""

HELD_OUT: Final = 0.2
"""The newest share of the answers, on which parameters are tried that have not seen them."""

SEED: Final = 2_023
DECIMALS: Final = 4
"""As the published ones; the trainer works in single precision, beyond which all is noise."""

FIRST_STABILITIES: Final = 4


@dataclass(frozen=True, slots=True)
class Fitted:
    """Parameters, and the mean surprise (nats) of the newest answers before and with them."""

    parameters: tuple[float, ...]
    loss_before: float
    loss_after: float
    held_out: int

    @property
    def is_better(self) -> bool:
        """Say whether they foresee what they have not seen better than those before."""
        return self.loss_after < self.loss_before


def find_cut(found: Iterable[History]) -> date | None:
    """Return from which day on answers are held out; None: there are too few in all."""
    days = sorted(history[place].day for history in found for place in scored(history))
    if len(days) < LEAST_TO_FIT:
        return None
    return days[int(len(days) * (1 - HELD_OUT))]


def fit(found: Sequence[History], *, cut: date, before: tuple[float, ...]) -> Fitted:
    """Fit to what was answered before a day, and try it on what was answered since.

    The same answers always give the same parameters.

    Args:
        found: All histories of a student.
        cut: The first day that is held out.
        before: The parameters that hold until now, which must be beaten.
    """
    parameters = _train(found, before=cut)
    tried = [one for one in found if one[-1].day >= cut]
    held = loss(tried, parameters=before, since=cut)
    own = loss(tried, parameters=parameters, since=cut)
    return Fitted(parameters, held.log_loss, own.log_loss, held.answers)


def loss(
    found: Iterable[History], *, parameters: tuple[float, ...], since: date
) -> comparing.Score:
    """Return how well FSRS with some parameters foresaw the answers since a day."""
    guessed = comparing.guesses(found, comparing.by_fsrs(parameters))
    return comparing.score([one for one in guessed if one.day >= since])


def _train(found: Sequence[History], *, before: date) -> tuple[float, ...]:
    items = [
        (history[place].day, _item(history[: place + 1]))
        for history in found
        for place in scored(history)
        if history[place].day < before
    ]
    items.sort(key=lambda one: one[0])
    trainer = FSRS(DEFAULT_PARAMETERS)
    config = TrainingConfig(seed=SEED)
    return _within_bounds(
        trainer.compute_parameters([item for _, item in items], training_config=config)
    )


def _item(history: History) -> FSRSItem:
    days = [history[0].day, *(one.day for one in history)]
    rests = [(day - last).days for last, day in pairwise(days)]
    return FSRSItem(
        [
            FSRSReview(fsrs.RATINGS[one.grade].value, rest)
            for one, rest in zip(history, rests, strict=True)
        ]
    )


def _within_bounds(found: Sequence[float]) -> tuple[float, ...]:
    """Return parameters as the scheduler takes them; what is none counts as published.

    The first stabilities rise with the grade: a better one never brings a card back sooner.
    """
    if not all(map(math.isfinite, found)):
        return tuple(fsrs.PUBLISHED)
    bounds = zip(found, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    within = [min(max(round(one, DECIMALS), low), high) for one, low, high in bounds]
    first = sorted(within[:FIRST_STABILITIES])
    return (*first, *within[FIRST_STABILITIES:])
