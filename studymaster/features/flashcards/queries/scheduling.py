"""What a card was answered, by what its deck goes, and where it stands now. The account first."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Float,
    Integer,
    SmallInteger,
    Uuid,
    any_,
    column,
    func,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import CollectionAggregate
from sqlalchemy.types import TypeEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.rules.scheduling import Place, Plan, Scheduler
from studymaster.features.flashcards.rules.steps import Steps, read_steps
from studymaster.models import Card, Deck, LogKind, ReviewLog
from studymaster.models._base import MOMENT


class Standing(NamedTuple):
    """A card, the day on which it is due, and its interval."""

    card_id: UUID
    due_on: date
    interval_days: int


class Line(NamedTuple):
    """One line of the log: the answer, and where SM-2 had the card before it."""

    card_id: UUID
    turn: int
    grade: int
    day: date
    drill: bool
    easiness_before: int
    interval_before: int
    interval_after: int
    repetitions_before: int
    created_at: datetime


COLUMNS: Mapping[str, TypeEngine[Any]] = {
    "id": Uuid(),
    "interval_days": Integer(),
    "repetitions": Integer(),
    "easiness": Integer(),
    "due_on": Date(),
    "drill_on": Date(),
    "stability": Float(),
    "difficulty": Float(),
    "reviewed_on": Date(),
    "drill_step": SmallInteger(),
    "drill_at": MOMENT,
}
"""What a place is in the table of cards."""


async def plans(
    session: AsyncSession, account_id: UUID, deck_ids: Collection[UUID]
) -> dict[UUID, Plan]:
    """Return by what decks go, as it is at this moment."""
    statement = select_columns(
        col(Deck.id),
        col(Deck.scheduler),
        col(Deck.retention),
        col(Deck.parameters),
        col(Deck.steps),
        col(Deck.relearning_steps),
    ).where(col(Deck.account_id) == account_id, col(Deck.id).in_(deck_ids))
    connection = await session.connection()
    return {
        deck_id: Plan(
            Scheduler(scheduler),
            retention,
            tuple(parameters),
            Steps(read_steps(steps), read_steps(again)),
        )
        for deck_id, scheduler, retention, parameters, steps, again in (
            await connection.execute(statement)
        )
    }


async def lock_cards_of_deck(
    session: AsyncSession, account_id: UUID, deck_id: UUID
) -> Sequence[UUID]:
    """Return the ids of a deck's cards, which stay as they are until the end."""
    statement = (
        select(Card.id)
        .where(col(Card.account_id) == account_id, col(Card.deck_id) == deck_id)
        .order_by(col(Card.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def standings(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[Standing]:
    """Return where cards stand."""
    statement = select(Card.id, col(Card.due_on), Card.interval_days).where(
        col(Card.account_id) == account_id, col(Card.id) == _any_of(card_ids)
    )
    return [Standing._make(row) for row in (await session.exec(statement)).all()]


async def decks_of(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Return the decks in which cards lie."""
    statement = (
        select(Card.deck_id)
        .where(col(Card.account_id) == account_id, col(Card.id) == _any_of(card_ids))
        .distinct()
    )
    return (await session.exec(statement)).all()


async def put_into(
    session: AsyncSession,
    account_id: UUID,
    *,
    card_ids: Sequence[UUID],
    deck_id: UUID,
    strangers: Collection[UUID],
) -> Sequence[UUID]:
    """Put cards into a deck; return those that came from the decks of another plan."""
    are_they = (col(Card.account_id) == account_id, col(Card.id) == _any_of(card_ids))
    moved: Sequence[UUID] = []
    if strangers:
        statement = select(Card.id).where(*are_they, col(Card.deck_id).in_(strangers))
        moved = (await session.exec(statement)).all()
    await session.exec(
        update(Card)
        .where(*are_they)
        .values(deck_id=deck_id)
        .execution_options(synchronize_session=False)
    )
    return moved


async def lines(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[Line]:
    """Return what was answered to cards: card by card, the first answer first.

    What was answered before a card began anew counts for nothing.
    """
    statement = (
        select_columns(
            col(ReviewLog.card_id),
            col(ReviewLog.turn),
            col(ReviewLog.grade),
            col(ReviewLog.day),
            col(ReviewLog.drill),
            col(ReviewLog.easiness_before),
            col(ReviewLog.interval_before),
            col(ReviewLog.interval_after),
            col(ReviewLog.repetitions_before),
            col(ReviewLog.created_at),
        )
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.card_id) == _any_of(card_ids),
            col(ReviewLog.kind) == LogKind.REVIEW,
            ~_is_begun_anew_later(),
        )
        .order_by(col(ReviewLog.card_id), col(ReviewLog.turn))
    )
    connection = await session.connection()
    return [Line._make(row) for row in await connection.execute(statement)]


async def put_places(
    session: AsyncSession, account_id: UUID, places: Mapping[UUID, Place]
) -> None:
    """Write where cards stand, all at once."""
    rows = [_row(card_id, place) for card_id, place in places.items()]
    came = (
        func.unnest(
            *[
                sql_cast(list(values), ARRAY(kind))
                for values, kind in zip(
                    zip(*rows, strict=True), COLUMNS.values(), strict=True
                )
            ]
        )
        .table_valued(*[column(name, kind) for name, kind in COLUMNS.items()])
        .render_derived(name="came")
    )
    await session.exec(
        update(Card)
        .where(col(Card.account_id) == account_id, col(Card.id) == came.c.id)
        .values({name: came.c[name] for name in COLUMNS if name != "id"})
        .execution_options(synchronize_session=False)
    )


def _is_begun_anew_later() -> ColumnElement[bool]:
    later = aliased(ReviewLog)
    return (
        select(later.id)
        .where(
            col(later.card_id) == col(ReviewLog.card_id),
            col(later.turn) > col(ReviewLog.turn),
            col(later.kind) == LogKind.RESET,
        )
        .correlate(ReviewLog)
        .exists()
    )


def _any_of(ids: Sequence[UUID]) -> CollectionAggregate[Any]:
    # An array, not a list of values: their number does not change the statement.
    return any_(sql_cast(list(ids), ARRAY(Uuid)))


def _row(card_id: UUID, place: Place) -> tuple[object, ...]:
    schedule, memory = place.schedule, place.memory
    return (
        card_id,
        schedule.interval_days,
        schedule.repetitions,
        schedule.easiness,
        schedule.due_on,
        schedule.drill_on,
        memory and memory.stability,
        memory and memory.difficulty,
        memory and memory.reviewed_on,
        place.step,
        place.drill_at,
    )
