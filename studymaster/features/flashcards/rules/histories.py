"""What was answered to each card from its first sight on, as a model of forgetting reads it. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from studymaster.features.flashcards.rules.fsrs import Recalled
from studymaster.features.flashcards.rules.sm2 import Grade

History = Sequence[Recalled]
"""The answers to one card, the first one first, beginning with a card that was new."""


class Asked(NamedTuple):
    """One line of the log: an answer, or that the card began anew (`reset`)."""

    card_id: UUID
    reset: bool
    grade: int
    day: date
    interval_before: int


def histories(lines: Iterable[Asked]) -> list[History]:
    """Return the histories in the log, which comes card by card, the first line first.

    A reset begins another history. The first one of a card that came with an interval from
    elsewhere is left out: nobody knows what was answered to it before.
    """
    return [
        history
        for _, of_card in groupby(lines, key=attrgetter("card_id"))
        for history in _of_card(list(of_card))
    ]


def _of_card(lines: Sequence[Asked]) -> list[History]:
    found: list[list[Recalled]] = [[]]
    for line in lines:
        if line.reset:
            found.append([])
        else:
            found[-1].append(Recalled(Grade(line.grade), line.day))
    first = lines[0]
    if not first.reset and first.interval_before > 0:
        found = found[1:]
    return [history for history in found if history]


def scored(history: History) -> list[int]:
    """Return the places of the answers that tell something: to a card that had rested a day."""
    pairs = pairwise(history)
    return [place for place, (last, one) in enumerate(pairs, 1) if one.day > last.day]


def count_scored(found: Iterable[History]) -> int:
    """Return how many answers of all histories tell something."""
    return sum(len(scored(history)) for history in found)
