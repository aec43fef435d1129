"""Where a student can go by name: their courses and their decks."""

from datetime import datetime

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard.schemas import Place
from studymaster.features.flashcards.schemas import DeckView
from studymaster.features.flashcards.service import decks

COURSE = "/smart-study?course="
DECK = "/smart-study/cards?deck="


async def find_places(*, student: Student, now: datetime) -> list[Place]:
    """List the student's courses, then their own decks. Call it outside of a unit of work."""
    async with unit_of_work() as work:
        shelves = await decks.list_shelves(work, student=student, now=now)
    return [*map(_course, shelves.courses), *map(_deck, shelves.own)]


def _course(deck: DeckView) -> Place:
    return Place(deck.shortname, deck.fullname, f"{COURSE}{deck.course_id}")


def _deck(deck: DeckView) -> Place:
    return Place(deck.fullname, "Deck of your own", f"{DECK}{deck.key}")
