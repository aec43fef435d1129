"""Finding cards: by a search in its language, a stretch at a time."""

from datetime import date, datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.rules import browse as rules
from studymaster.features.flashcards.rules import statistics
from studymaster.features.flashcards.rules.search import Node
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    FLAGS,
    CardRow,
    CardTable,
    CardView,
    Pile,
)
from studymaster.features.flashcards.service import cards
from studymaster.models import Card, Course, Deck
from studymaster.paging import Stretch, Window, stretch

MOST_TAGS = 100


async def list_cards(
    work: UnitOfWork,
    *,
    student: Student,
    search: Node,
    pile: Pile = EVERYTHING,
    window: Window,
    now: datetime,
) -> Stretch[CardView]:
    """Return a stretch of the cards that meet a search, oldest first."""
    rows = await queries.cards(
        work.session,
        student.account_id,
        pile=pile,
        search=search_of(search, student=student, now=now),
        window=window,
    )
    views = [cards.view(card, deck, course, student=student) for card, deck, course in rows]
    return stretch(views, window=window)


async def get_table(
    work: UnitOfWork,
    *,
    student: Student,
    search: Node,
    pile: Pile = EVERYTHING,
    window: Window,
    now: datetime,
) -> CardTable:
    """Return a stretch of the cards for the eye, and how many there are in all."""
    session, account_id = work.session, student.account_id
    wanted = search_of(search, student=student, now=now)
    found, total = await queries.find_cards(
        session, account_id, pile=pile, search=wanted, window=window
    )
    rows = await queries.placed_cards(
        session, account_id, found[: window.limit], today=wanted.today
    )
    return CardTable([_row(*row, today=wanted.today) for row in rows], total)


def search_of(tree: Node, *, student: Student, now: datetime) -> Search:
    """Return a search as it is asked on the student's day."""
    return Search(
        account_id=student.account_id,
        tree=tree,
        today=student.day_of(now),
        starts=lambda day: statistics.day_starts(
            day, time_zone=student.time_zone, day_start_hour=student.day_start_hour
        ),
    )


async def list_tags(work: UnitOfWork, *, account_id: UUID) -> list[str]:
    """Return the student's tags, the most used first; at most 100."""
    return list(await queries.tags(work.session, account_id, limit=MOST_TAGS))


def _row(
    card: Card, deck: Deck, course: Course | None, stage: str, *, today: date
) -> CardRow:
    return CardRow(
        id=str(card.id),
        front=_front(card),
        back=rules.in_short(card.back),
        deck=course.shortname if course else deck.name,
        line=course.line if course else 0,
        stage=stage,
        when=rules.when_words(stage, card.due_on, today=today),
        tags=card.tags,
        flag=FLAGS[card.flag] if card.flag else "",
    )


def _front(card: Card) -> str:
    return rules.in_short(card.front, ordinal=card.ordinal)
