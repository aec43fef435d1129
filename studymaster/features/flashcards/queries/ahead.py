"""Cards that exams are about, and the days on which these want them. The account comes first."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Date, Integer, Uuid, column, exists, func, update
from sqlalchemy import cast as sql_cast
from sqlalchemy import select as select_columns
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.answers import IS_ANSWER
from studymaster.models import Card, Deck, Material, ReviewLog


class Counted(NamedTuple):
    """A card, and where it stands."""

    card_id: UUID
    deck_id: UUID
    note_id: UUID | None
    tags: list[str]
    turn: int
    easiness: int
    interval_days: int
    repetitions: int
    due_on: date
    stability: float | None
    difficulty: float | None
    reviewed_on: date | None


async def cards_of_decks(
    session: AsyncSession, account_id: UUID, deck_ids: Sequence[UUID]
) -> list[Counted]:
    """Return the cards of decks that may be asked: by lecture and page, as they were made."""
    columns = [
        col(getattr(Card, name))
        for name in ("id", "deck_id", "note_id", "tags", *Counted._fields[4:])
    ]
    statement = (
        select_columns(*columns)
        .join(Material, col(Material.id) == col(Card.material_id), isouter=True)
        .where(
            col(Card.account_id) == account_id,
            col(Card.deck_id).in_(deck_ids),
            col(Card.suspended_at).is_(None),
        )
        .order_by(
            col(Card.deck_id),
            col(Material.position),
            col(Card.page),
            col(Card.created_at),
            col(Card.ordinal),
            col(Card.id),
        )
    )
    connection = await session.connection()
    return [Counted._make(row) for row in await connection.execute(statement)]


async def decks(session: AsyncSession, account_id: UUID) -> Sequence[Deck]:
    """Return all decks of the account, in the order of their ids."""
    statement = select(Deck).where(col(Deck.account_id) == account_id)
    return (await session.exec(statement.order_by(col(Deck.id)))).all()


async def answers_and_cards(
    session: AsyncSession, account_id: UUID, *, since: date
) -> tuple[int, int]:
    """Return how many answers were given from a day on, and how many not in a drill."""
    statement = select(func.count(), func.count().filter(~col(ReviewLog.drill))).where(
        col(ReviewLog.account_id) == account_id, col(ReviewLog.day) >= since, IS_ANSWER
    )
    return (await session.exec(statement)).one()


async def put(
    session: AsyncSession, account_id: UUID, *, asks: Mapping[UUID, tuple[int, date]]
) -> int:
    """Want these cards on these days and no others; tell how many cards that changed.

    A card that was answered meanwhile (its turn is another one) is left for the next plan.
    """
    came = _table(asks)
    wanted: Any = (
        update(Card)
        .where(
            col(Card.account_id) == account_id,
            col(Card.id) == came.c.id,
            col(Card.turn) == came.c.turn,
            col(Card.ahead_on).is_distinct_from(came.c.day),
        )
        .values(ahead_on=came.c.day)
    )
    still = select_columns(came.c.id).where(came.c.id == col(Card.id)).correlate(Card)
    rest: Any = (
        update(Card)
        .where(
            col(Card.account_id) == account_id,
            col(Card.ahead_on).is_not(None),
            ~exists(still),
        )
        .values(ahead_on=None)
    )
    connection = await session.connection()
    cleared = await connection.execute(rest)
    put_there = await connection.execute(wanted)
    return cleared.rowcount + put_there.rowcount


def _table(asks: Mapping[UUID, tuple[int, date]]) -> TableValuedAlias:
    """Return cards with their turns and days as a table of a statement."""
    return (
        func.unnest(
            sql_cast(list(asks), ARRAY(Uuid)),
            sql_cast([turn for turn, _ in asks.values()], ARRAY(Integer)),
            sql_cast([day for _, day in asks.values()], ARRAY(Date)),
        )
        .table_valued(
            column("id", Uuid()), column("turn", Integer()), column("day", Date())
        )
        .render_derived(name="came")
    )
