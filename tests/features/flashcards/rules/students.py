"""Students who forget by a law that is known, and what they answered."""

import random
from datetime import date, timedelta

from studymaster.features.flashcards.rules import fsrs
from studymaster.features.flashcards.rules.fsrs import Recalled
from studymaster.features.flashcards.rules.histories import History
from studymaster.features.flashcards.rules.sm2 import Grade

MONDAY = date(2026, 3, 2)
AGAIN, HARD, GOOD, EASY = Grade

_own = [*fsrs.PUBLISHED]
_own[:4] = [0.05, 0.3, 0.8, 3.0]
_own[8], _own[20] = 1.2, 0.3
FORGETFUL = tuple(_own)
"""Whoever forgets by these forgets much sooner than most."""


def lives(
    *, cards: int, reviews: int, parameters=fsrs.UNSET, seed: int = 1
) -> list[History]:
    """Let a student who forgets by some parameters answer as published FSRS asks."""
    dice = random.Random(seed)
    return [
        life(MONDAY + timedelta(days=card // 4), reviews, parameters, dice)
        for card in range(cards)
    ]


def life(day: date, reviews: int, parameters, dice: random.Random) -> History:
    told, truth, asked = [], None, None
    for _ in range(reviews):
        if truth is None:
            grade = dice.choices(list(Grade), weights=[3, 2, 8, 2])[0]
        elif dice.random() < fsrs.chance(truth, day=day, parameters=parameters):
            grade = dice.choices([HARD, GOOD, EASY], weights=[1, 6, 1])[0]
        else:
            grade = AGAIN
        told.append(Recalled(grade, day))
        truth, _ = fsrs.follow(truth, told[-1:], retention=90, parameters=parameters)
        asked, days = fsrs.follow(asked, told[-1:], retention=90)
        day += timedelta(days=days)
    return told
