"""The table of cards: which cards meet a search, in which order, and what is said of each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.cards import BURIED, stage_on
from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.rules.columns import AS_ADDED, Column, Order
from studymaster.features.flashcards.schemas import EVERYTHING, Pile
from studymaster.models import Card, Course, Deck, Material
from studymaster.paging import Window

Key = SQLColumnExpression[Any]

NEW_LAST, BURIED_LAST, SUSPENDED_LAST = 1, 2, 3
COMPARED: Final = 200
"""Letters of a side by which cards are sorted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cards are meant, and in which order."""

    search: Search
    pile: Pile = EVERYTHING
    order: Order = AS_ADDED


def _when(today: date) -> Key:
    """Return what comes first of: what is asked, what is new, what is put off, what is out."""
    return case(
        (col(Card.suspended_at).is_not(None), SUSPENDED_LAST),
        (col(Card.buried_until) > today, BURIED_LAST),
        (col(Card.interval_days) == 0, NEW_LAST),
        else_=0,
    )


def _side(side: Any) -> Key:  # noqa: ANN401 - as `col` takes it
    return func.lower(func.left(side, COMPARED))


ORDERS: Final[Mapping[Column, Callable[[date], Sequence[Key]]]] = {
    Column.FRONT: lambda _: [_side(Card.front)],
    Column.BACK: lambda _: [_side(Card.back)],
    Column.DECK: lambda _: [func.lower(func.coalesce(Course.shortname, Deck.name))],
    Column.WHEN: lambda today: [_when(today), col(Card.due_on)],
    Column.INTERVAL: lambda _: [col(Card.interval_days)],
    Column.EASE: lambda _: [col(Card.easiness)],
    Column.STABILITY: lambda _: [col(Card.stability)],
    Column.DIFFICULTY: lambda _: [col(Card.difficulty)],
    Column.ANSWERS: lambda _: [col(Card.turn)],
    Column.LAPSES: lambda _: [col(Card.lapses)],
    Column.TAGS: lambda _: [func.array_to_string(Card.tags, " ")],
    Column.FLAG: lambda _: [func.nullif(Card.flag, 0)],
    Column.ADDED: lambda _: [],
    Column.ANSWERED: lambda _: [col(Card.last_reviewed_at)],
    Column.SOURCE: lambda _: [func.lower(Material.name)],
}
"""What a table is sorted by before the age of its cards; what has none of it comes last."""


async def find_cards(
    session: AsyncSession, account_id: UUID, *, wanted: Wanted, window: Window
) -> tuple[Sequence[UUID], int]:
    """Return the ids of a stretch of the cards that are meant, and how many there are.

    All are looked at once, however few or many are found.
    """
    found = _sorted(account_id, wanted).cte("found")
    total = select(func.count()).select_from(found)
    statement = (
        select(found.c.id, total.scalar_subquery())
        .order_by(*_again(found.c, wanted.order))
        .offset(window.offset)
        .limit(window.probe)
    )
    rows = (await session.exec(statement)).all()
    if not rows and window.offset:
        return [], (await session.exec(total)).one()
    return [row[0] for row in rows], rows[0][1] if rows else 0


async def ids_between(
    session: AsyncSession, account_id: UUID, *, wanted: Wanted, first: int, count: int
) -> Sequence[UUID]:
    """Return the ids of so many cards of a table, from a place on (0 is the first)."""
    found = _sorted(account_id, wanted).cte("found")
    statement = (
        select(found.c.id)
        .order_by(*_again(found.c, wanted.order))
        .offset(first)
        .limit(count)
    )
    return (await session.exec(statement)).all()


async def placed_cards(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID], *, today: date
) -> Sequence[tuple[Card, Deck, Course | None, str]]:
    """Return cards with their place and where they stand on a day, in the order of their ids."""
    is_put_off = and_(col(Card.suspended_at).is_(None), col(Card.buried_until) > today)
    stage = case((is_put_off, BURIED), else_=stage_on(today))
    statement = (
        select(Card, Deck, Course, stage)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .where(col(Card.account_id) == account_id, col(Card.id).in_(card_ids))
    )
    rows = {row[0].id: row for row in (await session.exec(statement)).all()}
    return [rows[one] for one in card_ids if one in rows]


async def names_of_sources(
    session: AsyncSession, account_id: UUID, material_ids: Collection[UUID]
) -> Mapping[UUID, str]:
    """Return what materials are called."""
    statement = select(Material.id, Material.name).where(
        col(Material.account_id) == account_id, col(Material.id).in_(material_ids)
    )
    return dict((await session.exec(statement)).all())


def _sorted(account_id: UUID, wanted: Wanted) -> Select[Any]:
    """Return the cards that are meant with all by which they are sorted, not sorted yet."""
    keys = ORDERS[wanted.order.column](wanted.search.today)
    named: list[Any] = [key.label(f"key_{at}") for at, key in enumerate(keys)]
    statement: Any = select_columns(
        col(Card.id), col(Card.created_at), col(Card.page), *named
    )
    if wanted.order.column is Column.DECK:
        statement = statement.join(Deck, col(Deck.id) == col(Card.deck_id)).join(
            Course, col(Course.id) == col(Deck.course_id), isouter=True
        )
    if wanted.order.column is Column.SOURCE:
        statement = statement.join(
            Material, col(Material.id) == col(Card.material_id), isouter=True
        )
    return statement.where(wanted.search.within(account_id, wanted.pile))


def _again(found: Any, order: Order) -> list[ColumnElement[Any]]:  # noqa: ANN401 - columns of a CTE
    """Return the order of what `_sorted` found."""
    keys = [one for one in found if one.name.startswith("key_")]
    if not keys:
        oldest = [found.created_at, found.page, found.id]
        return [one.desc() if order.is_down else one for one in oldest]
    turned = [(one.desc() if order.is_down else one.asc()).nulls_last() for one in keys]
    return [*turned, found.created_at, found.page, found.id]
