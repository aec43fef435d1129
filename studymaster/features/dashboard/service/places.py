"""Where a student can go by name: their courses, their decks and their lectures."""

from datetime import datetime

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard.schemas import Place
from studymaster.features.flashcards.schemas import DeckView
from studymaster.features.flashcards.service import decks
from studymaster.features.library import service as library
from studymaster.features.library.schemas import LectureName

COURSE = "/smart-study?course="
DECK = "/smart-study/cards?deck="
LECTURE = "/smart-study/lecture/"
MOST_LECTURES = 300


async def find_places(*, student: Student, now: datetime) -> list[Place]:
    """List the student's courses, their own decks, then up to 300 lectures with text.

    Call it outside of a unit of work.
    """
    async with unit_of_work() as work:
        shelves = await decks.list_shelves(work, student=student, now=now)
        lectures = await library.list_lectures(
            work, account_id=student.account_id, limit=MOST_LECTURES
        )
    return [
        *map(_course, shelves.courses),
        *map(_deck, shelves.own),
        *map(_lecture, lectures),
    ]


def _course(deck: DeckView) -> Place:
    return Place(deck.shortname, deck.fullname, f"{COURSE}{deck.course_id}")


def _deck(deck: DeckView) -> Place:
    return Place(deck.fullname, "Deck of your own", f"{DECK}{deck.key}")


def _lecture(one: LectureName) -> Place:
    return Place(one.name, one.course, f"{LECTURE}{one.id}", is_lecture=True)
