"""What a student's statistics add up from, a scan of each table at most. The account first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Float,
    Integer,
    Uuid,
    and_,
    any_,
    case,
    cast,
    func,
    literal,
    literal_column,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.answers import ANSWER_MS, IS_ANSWER
from studymaster.features.flashcards.rules.spreads import EDGES, Spread, Stage
from studymaster.features.flashcards.rules.statistics import MATURE_FROM
from studymaster.models import Card, Course, Deck, ReviewLog


class Told(NamedTuple):
    """Answers that are alike: their day, the stage of their cards, their grade."""

    day: date
    stage: int
    grade: int
    answers: int
    ms: int


class Hour(NamedTuple):
    """Answers of one hour of the day: all, to cards that had rested, and those known."""

    hour: int
    answers: int
    asked: int
    known: int


class Clock(NamedTuple):
    """By what a student's days and hours are counted."""

    time_zone: str
    day_start_hour: int


async def told(
    session: AsyncSession,
    account_id: UUID,
    *,
    since: date,
    deck_ids: frozenset[UUID] | None,
) -> list[Told]:
    """Return all answers from a day on, counted by what is the same of them."""
    stage = case(
        (col(ReviewLog.drill), _written(Stage.AGAIN)),
        (col(ReviewLog.interval_before) == 0, _written(Stage.NEW)),
        (col(ReviewLog.interval_before) < MATURE_FROM, _written(Stage.YOUNG)),
        else_=_written(Stage.MATURE),
    )
    keys = [col(ReviewLog.day), stage, col(ReviewLog.grade)]
    statement: Any = select_columns(*keys, func.count(), func.sum(ANSWER_MS))
    statement = statement.where(*_answers(account_id, since, deck_ids)).group_by(
        *[literal_column(str(place)) for place in range(1, len(keys) + 1)]
    )
    connection = await session.connection()
    return [Told._make(row) for row in await connection.execute(statement)]


async def hours(
    session: AsyncSession,
    account_id: UUID,
    *,
    since: date,
    clock: Clock,
    deck_ids: frozenset[UUID] | None,
) -> list[Hour]:
    """Return the answers from a day on by the hour of the student's clock."""
    local = func.timezone(clock.time_zone, col(ReviewLog.created_at))
    rested = and_(~col(ReviewLog.drill), col(ReviewLog.interval_before) > 0)
    statement: Any = (
        select_columns(
            cast(func.date_part("hour", local), Integer),
            func.count(),
            func.count().filter(rested),
            func.count().filter(and_(rested, col(ReviewLog.grade) > AGAIN)),
        )
        .where(*_answers(account_id, since, deck_ids))
        .group_by(literal_column("1"))
    )
    connection = await session.connection()
    return [Hour._make(row) for row in await connection.execute(statement)]


def _answers(
    account_id: UUID, since: date, deck_ids: frozenset[UUID] | None
) -> list[ColumnElement[bool]]:
    """Return the conditions of answers from a day on, to cards of some decks or of all."""
    found = [
        col(ReviewLog.account_id) == account_id,
        col(ReviewLog.day) >= since,
        IS_ANSWER,
    ]
    if deck_ids is not None:
        within = select_columns(col(Card.id)).where(
            col(Card.account_id) == account_id, _of_decks(deck_ids)
        )
        found.append(col(ReviewLog.card_id).in_(within))
    return found


class Place(NamedTuple):
    """So many cards that stand alike: of one spread, in one part of it."""

    spread: str
    part: int
    cards: int


class Pile(NamedTuple):
    """How many cards a deck has, how many are mature, and what they ask for on a day."""

    deck_id: UUID
    cards: int
    mature: int
    load: float


async def standings(
    session: AsyncSession, account_id: UUID, *, deck_ids: frozenset[UUID] | None
) -> tuple[list[Place], list[Pile]]:
    """Return how the cards are spread by each measure, and what each deck has."""
    interval = col(Card.interval_days)
    each: ColumnElement[float] = cast(literal(1.0), Float) / cast(interval, Float)
    may_come = and_(interval > 0, col(Card.suspended_at).is_(None))
    columns: list[Any] = [
        col(Card.deck_id).label("deck"),
        *[_part(spread).label(spread.value) for spread in Spread],
        (interval >= MATURE_FROM).label("mature"),
        case((may_come, each)).label("load"),
    ]
    rows = select_columns(*columns).where(col(Card.account_id) == account_id)
    if deck_ids is not None:
        rows = rows.where(_of_decks(deck_ids))
    cards: Any = rows.subquery("cards")
    keys: list[Any] = [cards.c[name] for name in ("deck", *Spread)]
    statement: Any = select_columns(
        func.grouping(*keys),
        *keys,
        func.count(),
        func.count().filter(cards.c.mature),
        func.sum(cards.c.load),
    ).group_by(func.grouping_sets(*keys))
    connection = await session.connection()
    places: list[Place] = []
    piles: list[Pile] = []
    lines: Sequence[Any] = (await connection.execute(statement)).all()
    for row in lines:
        mask, *found = tuple[Any, ...](row)
        at, (count, mature, load) = _kept(mask, len(keys)), found[len(keys) :]
        if at == 0:
            piles.append(Pile(found[0], count, mature, float(load or 0)))
        elif found[at] is not None:
            places.append(Place(list(Spread)[at - 1], found[at], count))
    return places, piles


def _kept(mask: int, count: int) -> int:
    """Return which of so many keys a line is grouped by: the only bit that is not set."""
    return next(place for place in range(count) if not mask >> (count - 1 - place) & 1)


MEASURES: Final = {
    Spread.INTERVAL: Card.interval_days,
    Spread.STABILITY: Card.stability,
    Spread.DIFFICULTY: Card.difficulty,
    Spread.EASE: Card.easiness,
}


def _part(spread: Spread) -> ColumnElement[Any]:
    """Return in which part of a spread a card lies; null: it has no such figure."""
    edges = cast(list(EDGES[spread]), ARRAY(Float))
    part = func.width_bucket(cast(MEASURES[spread], Float), edges)
    was_seen = col(Card.interval_days) > 0
    if spread is Spread.EASE:
        was_seen = and_(was_seen, col(Card.stability).is_(None))
    return case((was_seen, part))


async def due_from(
    session: AsyncSession,
    account_id: UUID,
    *,
    today: date,
    until: date,
    deck_ids: frozenset[UUID] | None,
) -> dict[date, int]:
    """Return how many cards come back on each day before `until`; what is late is late.

    New cards do not come back. What comes again today in a drill is due today.
    """
    day = case(
        (col(Card.drill_on) == today, literal(today, Date())), else_=col(Card.due_on)
    )
    statement: Any = (
        select_columns(day, func.count())
        .where(
            col(Card.account_id) == account_id,
            col(Card.suspended_at).is_(None),
            col(Card.interval_days) > 0,
            day < until,
        )
        .group_by(literal_column("1"))
    )
    if deck_ids is not None:
        statement = statement.where(_of_decks(deck_ids))
    connection = await session.connection()
    rows: Sequence[Any] = (await connection.execute(statement)).all()
    return {row[0]: row[1] for row in rows}


async def added(
    session: AsyncSession,
    account_id: UUID,
    *,
    since: datetime,
    clock: Clock,
    deck_ids: frozenset[UUID] | None,
) -> dict[date, int]:
    """Return how many cards were made on each day of the student from a moment on."""
    begins = func.make_interval(0, 0, 0, 0, clock.day_start_hour)
    local = func.timezone(clock.time_zone, col(Card.created_at)) - begins
    statement: Any = (
        select_columns(cast(local, Date), func.count())
        .where(col(Card.account_id) == account_id, col(Card.created_at) >= since)
        .group_by(literal_column("1"))
    )
    if deck_ids is not None:
        statement = statement.where(_of_decks(deck_ids))
    connection = await session.connection()
    rows: Sequence[Any] = (await connection.execute(statement)).all()
    return {row[0]: row[1] for row in rows}


async def recalled_by_deck(
    session: AsyncSession, account_id: UUID, *, since: date, most: int
) -> dict[UUID, tuple[int, int]]:
    """Return for each deck how often its rested cards were asked, and how often known.

    Of more answers than `most` the newest are looked at.
    """
    newest = (
        select_columns(
            col(ReviewLog.card_id), (col(ReviewLog.grade) > AGAIN).label("known")
        )
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.day) >= since,
            IS_ANSWER,
            ~col(ReviewLog.drill),
            col(ReviewLog.interval_before) > 0,
        )
        .order_by(col(ReviewLog.day).desc())
        .limit(most)
        .subquery()
    )
    statement = (
        select_columns(col(Card.deck_id), func.count(), func.count().filter(newest.c.known))
        .join(newest, newest.c.card_id == col(Card.id))
        .where(col(Card.account_id) == account_id)
        .group_by(col(Card.deck_id))
    )
    connection = await session.connection()
    rows: Sequence[Any] = (await connection.execute(statement)).all()
    return {row[0]: (row[1], row[2]) for row in rows}


AGAIN: Final = literal_column("2", Integer)
"""The grade of what was not known."""


async def named_decks(
    session: AsyncSession, account_id: UUID
) -> Sequence[tuple[Deck, Course | None]]:
    """Return every deck with its course, by name."""
    statement = (
        select(Deck, Course)
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .where(col(Deck.account_id) == account_id)
        .order_by(func.lower(func.coalesce(Course.shortname, Deck.name)), col(Deck.id))
    )
    return (await session.exec(statement)).all()


def _written(stage: Stage) -> ColumnElement[int]:
    """Return a stage as it stands in a statement: what is grouped by cannot be a value."""
    return literal_column(str(stage.value), Integer)


def _of_decks(deck_ids: frozenset[UUID]) -> ColumnElement[bool]:
    return col(Card.deck_id) == any_(cast(sorted(deck_ids), ARRAY(Uuid)))
