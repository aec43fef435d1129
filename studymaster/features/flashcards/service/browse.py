"""Finding cards: by words, tag, stage and deck, a stretch at a time."""

from datetime import date, datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.rules import browse as rules
from studymaster.features.flashcards.rules.browse import Condition
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
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
    conditions: list[Condition],
    pile: Pile = EVERYTHING,
    window: Window,
    now: datetime,
) -> Stretch[CardView]:
    """Return a stretch of the cards that meet all conditions, oldest first."""
    rows = await queries.cards(
        work.session,
        student.account_id,
        pile=pile,
        conditions=conditions,
        today=student.day_of(now),
        window=window,
    )
    views = [
        cards.view(card, deck, course, student=student) for card, deck, course, _ in rows
    ]
    return stretch(views, window=window)


async def get_table(
    work: UnitOfWork,
    *,
    student: Student,
    conditions: list[Condition],
    pile: Pile = EVERYTHING,
    window: Window,
    now: datetime,
) -> CardTable:
    """Return a stretch of the cards for the eye, and how many there are in all."""
    session, account_id, today = work.session, student.account_id, student.day_of(now)
    rows = await queries.cards(
        session,
        account_id,
        pile=pile,
        conditions=conditions,
        today=today,
        window=window,
    )
    total = await queries.count_cards(
        session, account_id, pile=pile, conditions=conditions, today=today
    )
    shown = rows[: window.limit]
    return CardTable([_row(*row, today=today) for row in shown], total)


async def list_tags(work: UnitOfWork, *, account_id: UUID) -> list[str]:
    """Return the student's tags, the most used first; at most 100."""
    return list(await queries.tags(work.session, account_id, limit=MOST_TAGS))


def _row(
    card: Card, deck: Deck, course: Course | None, stage: str, *, today: date
) -> CardRow:
    return CardRow(
        id=str(card.id),
        front=rules.in_short(card.front),
        back=rules.in_short(card.back),
        deck=course.shortname if course else deck.name,
        line=course.line if course else 0,
        stage=stage,
        when=rules.when_words(stage, card.due_on, today=today),
        tags=card.tags,
    )
