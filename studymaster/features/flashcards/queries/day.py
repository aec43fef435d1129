"""What a student's day asks: deck by deck, by index, never all cards. The account comes first.

A card without an interval is new. What is hidden behind a sibling, and in which order decks
are asked, is in docs/decisions/0014-the-day.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from typing import cast as cast_type
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    Uuid,
    and_,
    bindparam,
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


# The values of the statements below: to build one takes longer than to carry it out, so each
# is built once and gets its values every time.
OWNER: Any = bindparam("owner", type_=Uuid())
DAY: Any = bindparam("day", type_=Date())
STARTS: Any = bindparam("starts", type_=DateTime(timezone=True))
NUMBER_OF_DAY: Any = bindparam("number_of_day", type_=BigInteger())
DECK: Any = bindparam("deck", type_=Uuid())
COURSE: Any = bindparam("course", type_=Uuid())
MOST: Any = bindparam("most", type_=Integer())


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


class Ahead(NamedTuple):
    """A card that the plan of an exam wants by today, be it due or not."""

    card_id: UUID
    deck_id: UUID
    is_new: bool


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
    named = {"owner": account_id, "day": day}
    rows = cast_type(
        "list[tuple[Deck, int, int]]",
        (await session.exec(_decks_of_day(), params=named)).all(),
    )
    return [DeckRow(*row) for row in rows]


@cache
def _decks_of_day() -> Any:  # noqa: ANN401 - as SQLAlchemy has it
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
            col(ReviewLog.account_id) == OWNER,
            col(ReviewLog.day) == DAY,
            col(ReviewLog.kind) == LogKind.REVIEW,
            ~col(ReviewLog.drill),
        )
        .group_by(deck_id)
        .subquery()
    )
    return (
        select_columns(Deck, func.coalesce(done.c.new, 0), func.coalesce(done.c.due, 0))
        .join(done, done.c.deck_id == col(Deck.id), isouter=True)
        .where(col(Deck.account_id) == OWNER)
        .order_by(col(Deck.course_id).is_(None), func.lower(Deck.name), col(Deck.id))
    )


async def called_cards(
    session: AsyncSession, account_id: UUID, *, day: date
) -> tuple[list[Drilled], list[Ahead]]:
    """Return the cards that come again on a day, and those that exams want by then.

    Of the latter the longest wanted come first, as they were made.
    """
    named = {"owner": account_id, "day": day}
    connection = await session.connection()
    rows: Sequence[Any] = (await connection.execute(_called_cards(), named)).all()
    drilled = [Drilled(*row[:4]) for row in rows if row[5]]
    return drilled, [Ahead(row[0], row[1], row[4]) for row in rows if not row[5]]


@cache
def _called_cards() -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    order = (Card.ahead_on, Card.created_at, Card.page, Card.ordinal, Card.id)
    is_drilled = col(Card.drill_on) == DAY
    return (
        select_columns(
            col(Card.id),
            col(Card.deck_id),
            col(Card.drill_at),
            col(Card.last_reviewed_at),
            col(Card.interval_days) == NOTHING,
            func.coalesce(is_drilled, False),
        )
        .where(
            col(Card.account_id) == OWNER,
            or_(is_drilled, col(Card.ahead_on) <= DAY),
            _may_be_asked(Card),
        )
        .order_by(*[col(one) for one in order])
    )


async def count_waiting(
    session: AsyncSession, account_id: UUID, wanted: Sequence[Wanted], *, today: Today
) -> dict[UUID, tuple[int, int]]:
    """Return for each deck how many new and due cards wait, counted as far as is wanted."""
    if not wanted:
        return {}
    connection = await session.connection()
    named = _named(account_id, today) | _listed(wanted)
    rows: Sequence[Any] = (await connection.execute(_waiting(), named)).all()
    return {row[0]: (row[1], row[2]) for row in rows}


@cache
def _waiting() -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    decks = _table()
    counts = [
        _count(decks, is_new=is_new, name=name)
        for name, is_new in (("new_cards", True), ("due_cards", False))
    ]
    statement: Any = select_columns(decks.c.deck_id, *[one.c.count for one in counts])
    statement = statement.select_from(decks)
    for one in counts:
        statement = statement.join(one, true())
    return statement


def _count(decks: TableValuedAlias, *, is_new: bool, name: str) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    card: Any = aliased(Card)
    rows = (
        select_columns(card.id)
        .select_from(card)
        .where(
            card.account_id == OWNER,
            card.deck_id == decks.c.deck_id,
            _waits(card, is_new=is_new, bury=decks.c.bury),
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
    named = _named(account_id, today) | _listed(wanted) | {"most": limit}
    return await _ids(session, _oldest_due(), named)


@cache
def _oldest_due() -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    decks, card = _table(), _alias()
    order = ("due_on", "created_at", "page", "id")
    rows = (
        select_columns(*[getattr(card, name).label(name) for name in order])
        .where(
            card.account_id == OWNER,
            card.deck_id == decks.c.deck_id,
            _waits(card, is_new=False, bury=decks.c.bury),
        )
        .order_by(*[getattr(card, name) for name in order])
        .limit(decks.c.due)
        .correlate(decks)
        .lateral("found")
    )
    return (
        select_columns(rows.c.id)
        .select_from(decks)
        .join(rows, true())
        .order_by(*[rows.c[name] for name in order])
        .limit(MOST)
    )


async def due_of_deck(
    session: AsyncSession,
    account_id: UUID,
    wanted: Wanted,
    *,
    order: DueOrder,
    today: Today,
) -> list[UUID]:
    """Return the due cards of one deck in an order of its own."""
    named = _named(account_id, today) | {"deck": wanted.deck_id, "most": wanted.due}
    return await _ids(session, _due_of_deck(order, bury=wanted.bury), named)


@cache
def _due_of_deck(order: DueOrder, *, bury: bool) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    card = _alias()
    return (
        select_columns(card.id)
        .where(
            card.account_id == OWNER,
            card.deck_id == DECK,
            _waits(card, is_new=False, bury=bury),
        )
        .order_by(
            _lot(card) if order is DueOrder.RANDOM else _faded(card).desc(),
            card.id,
        )
        .limit(MOST)
    )


async def new_of_deck(
    session: AsyncSession,
    account_id: UUID,
    wanted: Wanted,
    *,
    deck: Deck,
    today: Today,
) -> list[UUID]:
    """Return new cards of a deck: by lecture and page, or as the day's lots have it."""
    named = _named(account_id, today) | {
        "deck": wanted.deck_id,
        "course": deck.course_id,
    }
    ways = [_new_by_lot] if deck.new_order is NewOrder.RANDOM else [_new_of_no_lecture]
    if deck.new_order is not NewOrder.RANDOM and deck.course_id is not None:
        ways = [_new_of_lectures, _new_of_none_of_its_lectures]
    found: list[UUID] = []
    for way in ways:
        if len(found) < wanted.new:
            rest = {"most": wanted.new - len(found)}
            found += await _ids(session, way(bury=wanted.bury), named | rest)
    return found


@cache
def _new_by_lot(*, bury: bool) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    card = _alias()
    return _new(card, bury=bury).order_by(_lot(card), card.id)


@cache
def _new_of_lectures(*, bury: bool) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    card = _alias()
    lectures = (
        select_columns(col(Material.id), col(Material.position))
        .where(col(Material.account_id) == OWNER, col(Material.course_id) == COURSE)
        .subquery("lectures")
    )
    rows = (
        _new(card, bury=bury)
        .add_columns(card.page.label("page"), card.created_at.label("made"))
        .where(card.material_id == lectures.c.id)
        .order_by(card.page, card.created_at, card.id)
        .correlate(lectures)
        .lateral("found")
    )
    return (
        select_columns(rows.c.id)
        .select_from(lectures)
        .join(rows, true())
        .order_by(lectures.c.position, lectures.c.id, rows.c.page, rows.c.made, rows.c.id)
        .limit(MOST)
    )


@cache
def _new_of_no_lecture(*, bury: bool) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    card = _alias()
    return _new(card, bury=bury).order_by(card.created_at, card.page, card.id)


@cache
def _new_of_none_of_its_lectures(*, bury: bool) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    card = _alias()
    here = select_columns(col(Material.id)).where(
        col(Material.id) == card.material_id, col(Material.course_id) == COURSE
    )
    statement = _new(card, bury=bury).where(~here.correlate(card).exists())
    return statement.order_by(card.created_at, card.page, card.id)


def _new(card: Any, *, bury: bool) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    return (
        select_columns(card.id.label("id"))
        .where(
            card.account_id == OWNER,
            card.deck_id == DECK,
            _waits(card, is_new=True, bury=bury),
        )
        .limit(MOST)
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


async def _ids(
    session: AsyncSession,
    statement: Any,  # noqa: ANN401 - as SQLAlchemy has it
    named: Mapping[str, object],
) -> list[UUID]:
    connection = await session.connection()
    return [row[0] for row in await connection.execute(statement, named)]


def _named(account_id: UUID, today: Today) -> dict[str, object]:
    """Return the values of every statement about a day."""
    return {
        "owner": account_id,
        "day": today.day,
        "starts": today.starts,
        "number_of_day": today.day.toordinal(),
    }


def _listed(wanted: Sequence[Wanted]) -> dict[str, object]:
    """Return decks, and how much of each is wanted, as the values of `_table`."""
    columns = zip(*wanted, strict=True)
    return {
        f"{name}s": list(values)
        for name, values in zip(Wanted._fields, columns, strict=True)
    }


def _alias() -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    return aliased(Card)


def _table() -> TableValuedAlias:
    """Return decks and how much of each is wanted as a table of a statement."""
    kinds = dict(
        zip(Wanted._fields, (Uuid(), Boolean(), Integer(), Integer()), strict=True)
    )
    columns = [
        cast(bindparam(f"{name}s", type_=ARRAY(kind)), ARRAY(kind))
        for name, kind in kinds.items()
    ]
    return (
        func.unnest(*columns)
        .table_valued(*[column(name, kind) for name, kind in kinds.items()])
        .render_derived(name="decks")
    )


def _may_be_asked(card: Any) -> ColumnElement[bool]:  # noqa: ANN401 - as SQLAlchemy has it
    is_back = or_(col(card.buried_until).is_(None), col(card.buried_until) <= DAY)
    return and_(col(card.suspended_at).is_(None), is_back)


def _is_at(card: Any, *, is_new: bool) -> ColumnElement[bool]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return whether a card is new, or due, and neither drilled today nor wanted by an exam."""
    interval = col(card.interval_days)
    return and_(
        interval == NOTHING if is_new else interval > NOTHING,
        # New cards are found by their own index, not by a day that they all share.
        (col(card.due_on) + NOTHING if is_new else col(card.due_on)) <= DAY,
        col(card.drill_on).is_distinct_from(DAY),
        ~_is_ahead(card),
        _may_be_asked(card),
    )


def _is_ahead(card: Any) -> ColumnElement[bool]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return whether an exam wants a card by today."""
    return func.coalesce(col(card.ahead_on) <= DAY, False)


def _waits(
    card: Any,  # noqa: ANN401 - as SQLAlchemy has it
    *,
    is_new: bool,
    bury: ColumnElement[bool] | bool,
) -> ColumnElement[bool]:
    """Return whether a card is to be asked, and none of its note was or is before it."""
    waits = _is_at(card, is_new=is_new)
    if bury is False:
        return waits
    hidden = and_(
        col(card.note_id).is_not(None),
        func.coalesce(card.last_reviewed_at < STARTS, true()),
        _has_sibling(card, is_new=is_new),
    )
    return and_(waits, ~hidden if bury is True else ~and_(bury, hidden))


def _has_sibling(card: Any, *, is_new: bool) -> ColumnElement[bool]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return whether a card of the same note was answered today or comes first."""
    other = _alias()
    is_due = _is_at(other, is_new=False)
    if is_new:
        is_earlier = tuple_(other.ordinal, other.id) < tuple_(card.ordinal, card.id)
        is_first = or_(is_due, and_(_is_at(other, is_new=True), is_earlier))
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
            or_(
                func.coalesce(other.last_reviewed_at >= STARTS, False),
                and_(_is_ahead(other), _may_be_asked(other)),
                is_first,
            ),
        )
        .correlate(card)
        .exists()
    )


def _lot(card: Any) -> ColumnElement[int]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return a number by which cards are mixed: the same all day, another one tomorrow."""
    return func.uuid_hash_extended(card.id, NUMBER_OF_DAY)


def _faded(card: Any) -> ColumnElement[float]:  # noqa: ANN401 - as SQLAlchemy has it
    """Return how much of a card's time has passed: the more, the less likely it is known.

    By FSRS that is the rest over the stability; the chance falls with nothing else. By SM-2
    it is the rest over the interval.
    """
    by_fsrs = cast(DAY - col(card.reviewed_on), Float) / card.stability
    late = cast(DAY - col(card.due_on), Float)
    return case(
        (col(card.stability) > NOTHING, by_fsrs),
        else_=1 + late / func.greatest(card.interval_days, 1),
    )
