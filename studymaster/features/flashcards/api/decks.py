"""Decks over HTTP: what each asks today, and what it has chosen for its days."""

from fastapi import APIRouter
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.schemas import NO_DECK, DeckSettings, Shelves
from studymaster.features.flashcards.service import decks, settings

router = APIRouter(prefix="/decks", tags=["flashcards"])


class DeckPatch(BaseModel):
    """What shall be different about a deck; what is left out stays.

    `new_today` and `reviews_today` stand in for the limits of every day until the student's
    day ends; null takes them back. Steps are minutes with spaces between, such as `1 10`.
    """

    scheduler: str | None = None
    retention: int | None = None
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    new_today: int | None = None
    reviews_today: int | None = None
    new_order: str | None = None
    due_order: str | None = None
    steps: str | None = None
    relearning_steps: str | None = None
    bury_siblings: bool | None = None
    leech_at: int | None = None
    leech_suspends: bool | None = None
    language: str | None = None


@router.get("")
async def shelves(student: CurrentStudent) -> Shelves:
    """List the student's decks, with what each asks today; a course is one even without cards."""
    async with unit_of_work() as work:
        return await decks.list_shelves(work, student=student, now=clock.now())


@router.get("/{deck_id}")
async def chosen(student: CurrentStudent, deck_id: str) -> DeckSettings:
    """Return what a deck has chosen."""
    async with unit_of_work() as work:
        key, _ = await settings.find_key(
            work,
            account_id=student.account_id,
            deck_id=parse_id(deck_id, missing=NO_DECK),
        )
        return await settings.get_settings(work, student=student, key=key, now=clock.now())


@router.patch("/{deck_id}")
async def choose(student: CurrentStudent, deck_id: str, body: DeckPatch) -> DeckSettings:
    """Change what a deck has chosen; another scheduler or share plans its cards anew."""
    now = clock.now()
    async with unit_of_work() as work:
        key, pile = await settings.find_key(
            work,
            account_id=student.account_id,
            deck_id=parse_id(deck_id, missing=NO_DECK),
        )
        await settings.choose(
            work,
            student=student,
            pile=pile,
            wanted=body.model_dump(exclude_unset=True),
            now=now,
        )
        return await settings.get_settings(work, student=student, key=key, now=now)
