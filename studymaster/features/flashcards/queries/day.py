"""What a student's day asks: deck by deck, by index, never all cards. The account comes first.

A card without an interval is new. What is hidden behind a sibling, and in which order decks
are asked, is in docs/decisions/0014-the-day.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from typing import cast as cast_type
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Float,
    Integer,
    Uuid,
    and_,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    true,
    tuple_,
)
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    Card,
    Deck,
    DueOrder,
    LogKind,
    Material,
    NewOrder,
    ReviewLog,
)

NOTHING: ColumnElement[int] = literal_column("0", Integer)
"""Written out, so that the conditions of the indexes are met whatever is asked for."""


@dataclass(frozen=True, slots=True)
class Today:
    """A student's day, and the moment at which it started."""

    day: date
    starts: datetime


class DeckRow(NamedTuple):
    """A deck, and of how many of its cards the first answer of the day was given."""

    deck: Deck
    new_done: int
    due_done: int


class Drilled(NamedTuple):
    """A card that comes again today, at a moment or (None) when nothing else is left."""

    card_id: UUID
    deck_id: UUID
    drill_at: datetime | None
    answered_at: datetime | None


class Wanted(NamedTuple):
    """Of which deck how many cards are wanted, at most; `bury`: one of a note a day."""

    deck_id: UUID
    bury: bool
    new: int
    due: int


async def decks_of_day(
    session: AsyncSession, account_id: UUID, *, day: date
) -> list[DeckRow]:
    """Return the account's decks: those of courses by name, then its own by name."""
    is_new = col(ReviewLog.interval_before) == 0
    # Looked up card by card: a day has few answers, an account may have many cards.
    deck_id = (
        select_columns(col(Card.deck_id))
        .where(col(Card.id) == col(ReviewLog.card_id))
        .correlate(ReviewLog)
        .scalar_subquery()
        .label("deck_id")
    )
    done = (
        select_columns(
            deck_id,
            func.count().filter(is_new).label("new"),
            func.count().filter(~is_new).label("due"),
        )
        .select_from(ReviewLog)
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.day) == day,
            col(ReviewLog.kind) == LogKind.REVIEW,
            ~col(ReviewLog.drill),
        )
        .group_by(deck_id)
        .subquery()
    )
    statement: Any = (
        select_columns(Deck, func.coalesce(done.c.new, 0), func.coalesce(done.c.due, 0))
        .join(done, done.c.deck_id == col(Deck.id), isouter=True)
        .where(col(Deck.account_id) == account_id)
        .order_by(col(Deck.course_id).is_(None), func.lower(Deck.name), col(Deck.id))
    )
    rows = cast_type("list[tuple[Deck, int, int]]", (await session.exec(statement)).all())
    return [DeckRow(*row) for row in rows]


async def drilled_cards(
    session: AsyncSession, account_id: UUID, *, day: date
) -> list[Drilled]:
    """Return the cards that come again on a day."""
    statement = select(
        Card.id, Card.deck_id, col(Card.drill_at), col(Card.last_reviewed_at)
    ).where(
        col(Card.account_id) == account_id,
        col(Card.drill_on) == day,
        _may_be_asked(Card, day),
    )
    return [Drilled(*row) for row in (await session.exec(statement)).all()]


async def count_waiting(
    session: AsyncSession, account_id: UUID, wanted: Sequence[Wanted], *, today: Today
) -> dict[UUID, tuple[int, int]]:
    """Return for each deck how many new and due cards wait, counted as far as is wanted."""
    if not wanted:
        return {}
    decks = _table(wanted)
    counts = [
        _count(account_id, decks, today, is_new=is_new, name=name)
        for name, is_new in (("new_cards", True), ("due_cards", False))
    ]
    statement: Any = select_columns(decks.c.deck_id, *[one.c.count for one in counts])
    statement = statement.select_from(decks)
    for one in counts:
        statement = statement.join(one, true())
    connection = await session.connection()
    rows: Sequence[Any] = (await connection.execute(statement)).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def _count(
    account_id: UUID, decks: TableValuedAlias, today: Today, *, is_new: bool, name: str
) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    card: Any = aliased(Card)
    rows = (
        select_columns(card.id)
        .select_from(card)
        .where(
            card.account_id == account_id,
            card.deck_id == decks.c.deck_id,
            _waits(card, today, is_new=is_new, bury=decks.c.bury),
        )
        .limit(decks.c.new if is_new else decks.c.due)
        .correlate(decks)
        .lateral(f"{name}_found")
    )
    return select_columns(func.count().label("count")).select_from(rows).lateral(name)


async def oldest_due(
    session: AsyncSession,
    account_id: UUID,
    wanted: Sequence[Wanted],
    *,
    today: Today,
    limit: int,
) -> list[UUID]:
    """Return the cards of several decks that have been due the longest."""
    if not wanted:
        return []
    decks, card = _table(wanted), _alias()
    order = ("due_on", "created_at", "page", "id")
    rows = (
        select_columns(*[getattr(card, name).label(name) for name in order])
        .where(
            card.account_id == account_id,
            card.deck_id == decks.c.deck_id,
            _waits(card, today, is_new=False, bury=decks.c.bury),
        )
        .order_by(*[getattr(card, name) for name in order])
        .limit(decks.c.due)
        .correlate(decks)
        .lateral("found")
    )
    statement = (
        select_columns(rows.c.id)
        .select_from(decks)
        .join(rows, true())
        .order_by(*[rows.c[name] for name in order])
        .limit(limit)
    )
    return await _ids(session, statement)


async def due_of_deck(
    session: AsyncSession,
    account_id: UUID,
    wanted: Wanted,
    *,
    order: DueOrder,
    today: Today,
) -> list[UUID]:
    """Return the due cards of one deck in an order of its own."""
    card = _alias()
    statement = (
        select_columns(card.id)
        .where(
            card.account_id == account_id,
            card.deck_id == wanted.deck_id,
            _waits(card, today, is_new=False, bury=wanted.bury),
        )
        .order_by(
            _lot(card, today) if order is DueOrder.RANDOM else _faded(card, today).desc(),
            card.id,
        )
        .limit(wanted.due)
    )
    return await _ids(session, statement)


async def new_of_deck(
    session: AsyncSession,
    account_id: UUID,
    wanted: Wanted,
    *,
    deck: Deck,
    today: Today,
) -> list[UUID]:
    """Return new cards of a deck: by lecture and page, or as the day's lots have it."""
    if deck.new_order is NewOrder.RANDOM:
        card = _alias()
        statement = _new(account_id, wanted, card, today).order_by(
            _lot(card, today), card.id
        )
        return await _ids(session, statement)
    found: list[UUID] = []
    if deck.course_id is not None:
        found = await _new_of_lectures(
            session, account_id, wanted, course_id=deck.course_id, today=today
        )
    if len(found) < wanted.new:
        rest = wanted._replace(new=wanted.new - len(found))
        found += await _new_of_no_lecture(
            session, account_id, rest, course_id=deck.course_id, today=today
        )
    return found


async def _new_of_lectures(
    session: AsyncSession,
    account_id: UUID,
    wanted: Wanted,
    *,
    course_id: UUID,
    today: Today,
) -> list[UUID]:
    card = _alias()
    lectures = (
        select_columns(col(Material.id), col(Material.position))
        .where(col(Material.account_id) == account_id, col(Material.course_id) == course_id)
        .subquery("lectures")
    )
    rows = (
        _new(account_id, wanted, card, today)
        .add_columns(card.page.label("page"), card.created_at.label("made"))
        .where(card.material_id == lectures.c.id)
        .order_by(card.page, card.created_at, card.id)
        .correlate(lectures)
        .lateral("found")
    )
    statement = (
        select_columns(rows.c.id)
        .select_from(lectures)
        .join(rows, true())
        .order_by(lectures.c.position, lectures.c.id, rows.c.page, rows.c.made, rows.c.id)
        .limit(wanted.new)
    )
    return await _ids(session, statement)


async def _new_of_no_lecture(
    session: AsyncSession,
    account_id: UUID,
    wanted: Wanted,
    *,
    course_id: UUID | None,
    today: Today,
) -> list[UUID]:
    card = _alias()
    statement = _new(account_id, wanted, card, today)
    if course_id is not None:
        here = select_columns(col(Material.id)).where(
            col(Material.id) == card.material_id, col(Material.course_id) == course_id
        )
        statement = statement.where(~here.correlate(card).exists())
    return await _ids(session, statement.order_by(card.created_at, card.page, card.id))


def _new(account_id: UUID, wanted: Wanted, card: Any, today: Today) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    return (
        select_columns(card.id.label("id"))
        .where(
            card.account_id == account_id,
            card.deck_id == wanted.deck_id,
            _waits(card, today, is_new=True, bury=wanted.bury),
        )
        .limit(wanted.new)
    )


async def count_some(
    session: AsyncSession, account_id: UUID, deck_ids: Sequence[UUID], *, most: int
) -> int:
    """Return how many cards some decks have, counted up to a number."""
    some = (
        select_columns(col(Card.id))
        .where(col(Card.account_id) == account_id, col(Card.deck_id).in_(deck_ids))
        .limit(most)
        .subquery()
    )
    statement = select(func.count()).select_from(some)
    return (await session.exec(statement)).one()


async def cards_per_deck(session: AsyncSession, account_id: UUID) -> dict[UUID, int]:
    """Return how many cards each deck has, whatever they wait for."""
    statement = (
        select(Card.deck_id, func.count())
        .where(col(Card.account_id) == account_id)
        .group_by(col(Card.deck_id))
    )
    return dict((await session.exec(statement)).all())


async def _ids(session: AsyncSession, statement: Any) -> list[UUID]:  # noqa: ANN401 - as SQLAlchemy has it
    connection = await session.connection()
    return [row[0] for row in await connection.execute(statement)]


def _alias() -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    return aliased(Card)


def _table(wanted: Sequence[Wanted]) -> TableValuedAlias:
    """Return decks and how much of each is wanted as a table of a statement."""
    kinds = (Uuid(), Boolean(), Integer(), Integer())
    columns = [
        cast(list(values), ARRAY(kind))
        for values, kind in zip(zip(*wanted, strict=True), kinds, strict=True)
    ]
    return (
        func.unnest(*columns)
        .table_valued(
            *[column(name, kind) for name, kind in zip(Wanted._fields, kinds, strict=True)]
        )
        .render_derived(name="decks")
    )


def _may_be_asked(card: Any, day: date) -> ColumnElement[bool]:  # noqa: ANN401 - as SQLAlchemy has it
    is_back = or_(col(card.buried_until).is_(None), col(card.buried_until) <= day)
    return and_(col(card.suspended_at).is_(None), is_back)


def _is_at(card: Any, day: date, *, is_new: bool) -> ColumnElement[bool]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return whether a card is new, or due, and is not drilled today."""
    interval = col(card.interval_days)
    return and_(
        interval == NOTHING if is_new else interval > NOTHING,
        # New cards are found by their own index, not by a day that they all share.
        (col(card.due_on) + NOTHING if is_new else col(card.due_on)) <= day,
        col(card.drill_on).is_distinct_from(day),
        _may_be_asked(card, day),
    )


def _waits(
    card: Any,  # noqa: ANN401 - as SQLAlchemy has it
    today: Today,
    *,
    is_new: bool,
    bury: ColumnElement[bool] | bool,
) -> ColumnElement[bool]:
    """Return whether a card is to be asked, and none of its note was or is before it."""
    waits = _is_at(card, today.day, is_new=is_new)
    if bury is False:
        return waits
    hidden = and_(
        col(card.note_id).is_not(None),
        func.coalesce(card.last_reviewed_at < today.starts, true()),
        _has_sibling(card, today, is_new=is_new),
    )
    return and_(waits, ~hidden if bury is True else ~and_(bury, hidden))


def _has_sibling(card: Any, today: Today, *, is_new: bool) -> ColumnElement[bool]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return whether a card of the same note was answered today or comes first."""
    other = _alias()
    is_due = _is_at(other, today.day, is_new=False)
    if is_new:
        is_earlier = tuple_(other.ordinal, other.id) < tuple_(card.ordinal, card.id)
        is_first = or_(is_due, and_(_is_at(other, today.day, is_new=True), is_earlier))
    else:
        is_earlier = tuple_(other.due_on, other.ordinal, other.id) < tuple_(
            card.due_on, card.ordinal, card.id
        )
        is_first = and_(is_due, is_earlier)
    return (
        select_columns(NOTHING)
        .select_from(other)
        .where(
            other.note_id == card.note_id,
            other.account_id == card.account_id,
            other.id != card.id,
            or_(func.coalesce(other.last_reviewed_at >= today.starts, False), is_first),
        )
        .correlate(card)
        .exists()
    )


def _lot(card: Any, today: Today) -> ColumnElement[int]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return a number by which cards are mixed: the same all day, another one tomorrow."""
    return func.uuid_hash_extended(card.id, cast(today.day.toordinal(), BigInteger))


def _faded(card: Any, today: Today) -> ColumnElement[float]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return how much of a card's time has passed: the more, the less likely it is known.

    By FSRS that is the rest over the stability; the chance falls with nothing else. By SM-2
    it is the rest over the interval.
    """
    by_fsrs = cast(today.day - col(card.reviewed_on), Float) / card.stability
    late = cast(today.day - col(card.due_on), Float)
    return case(
        (col(card.stability) > NOTHING, by_fsrs),
        else_=1 + late / func.greatest(card.interval_days, 1),
    )
