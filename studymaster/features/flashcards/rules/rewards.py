"""What an answer is worth, and for what the ledger books it. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from studymaster.features.flashcards.rules.sm2 import Grade

POINTS: Final[Mapping[Grade, int]] = {
    Grade.AGAIN: 1,
    Grade.HARD: 2,
    Grade.GOOD: 2,
    Grade.EASY: 2,
}
"""An honest "Again" is worth something, and "Easy" no more than "Good"."""

POINTS_CAUSE: Final = "review:"


def points_cause(card_id: UUID, *, day: date) -> str:
    """Return for what the ledger books a card's points: once a day."""
    return f"{POINTS_CAUSE}{card_id}:{day}"
