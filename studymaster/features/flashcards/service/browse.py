"""Finding cards: by a search in its language, a stretch at a time."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.queries import table as tables
from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.queries.table import Wanted
from studymaster.features.flashcards.rules import browse as rules
from studymaster.features.flashcards.rules import columns, statistics
from studymaster.features.flashcards.rules.columns import AS_ADDED, Order
from studymaster.features.flashcards.rules.search import Node
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    FLAGS,
    MOST_CHOSEN,
    TOO_MANY_CHOSEN,
    CardRow,
    CardTable,
    CardView,
    Pile,
)
from studymaster.features.flashcards.service import cards
from studymaster.models import Card, Course, Deck
from studymaster.paging import Stretch, Window, stretch

MOST_TAGS = 100
HUNDRED = 100


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


async def get_table(  # noqa: PLR0913  (what a table is asked by)
    work: UnitOfWork,
    *,
    student: Student,
    search: Node,
    pile: Pile = EVERYTHING,
    order: Order = AS_ADDED,
    window: Window,
    now: datetime,
) -> CardTable:
    """Return a stretch of the cards for the eye, and how many there are in all."""
    session, account_id = work.session, student.account_id
    wanted = Wanted(search_of(search, student=student, now=now), pile, order)
    found, total = await tables.find_cards(
        session, account_id, wanted=wanted, window=window
    )
    today = wanted.search.today
    rows = await tables.placed_cards(
        session, account_id, found[: window.limit], today=today
    )
    sources = await tables.names_of_sources(
        session, account_id, {row[0].material_id for row in rows if row[0].material_id}
    )
    return CardTable(
        [_row(row, sources, student=student, today=today) for row in rows], total
    )


async def list_between(  # noqa: PLR0913  (what a table is asked by)
    work: UnitOfWork,
    *,
    student: Student,
    search: Node,
    pile: Pile,
    order: Order,
    places: tuple[int, int],
    now: datetime,
) -> list[str]:
    """Return the ids of the cards between two places of a table, these two as well.

    Raises:
        InvalidInputError: there are too many to name each.
    """
    first, last = sorted(places)
    if last - first >= MOST_CHOSEN:
        raise InvalidInputError(TOO_MANY_CHOSEN)
    wanted = Wanted(search_of(search, student=student, now=now), pile, order)
    found = await tables.ids_between(
        work.session,
        student.account_id,
        wanted=wanted,
        first=first,
        count=last - first + 1,
    )
    return [str(one) for one in found]


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
    row: tuple[Card, Deck, Course | None, str],
    sources: Mapping[UUID, str],
    *,
    student: Student,
    today: date,
) -> CardRow:
    card, deck, course, stage = row
    return CardRow(
        id=str(card.id),
        front=rules.in_short(card.front, ordinal=card.ordinal),
        back=rules.in_short(card.back),
        deck=course.shortname if course else deck.name,
        line=course.line if course else 0,
        stage=stage,
        when=rules.when_words(stage, card.due_on, today=today),
        tags=card.tags,
        flag=FLAGS[card.flag] if card.flag else "",
        interval=columns.days_words(card.interval_days),
        ease=columns.rounded(card.easiness / HUNDRED, digits=2),
        stability=columns.rounded(card.stability),
        difficulty=columns.rounded(card.difficulty),
        answers=str(card.turn or ""),
        lapses=str(card.lapses or ""),
        added=columns.day_words(student.day_of(card.created_at)),
        answered=columns.day_words(
            student.day_of(card.last_reviewed_at) if card.last_reviewed_at else None
        ),
        source=columns.source_words(
            sources.get(card.material_id) if card.material_id else None, card.page
        ),
    )
