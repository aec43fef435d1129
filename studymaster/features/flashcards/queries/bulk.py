"""Many cards at once: which they are, and one statement for what is done to all of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    String,
    Uuid,
    any_,
    cast,
    delete,
    func,
    not_,
    update,
)
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.rules.typed import MOST_TAGS
from studymaster.features.flashcards.schemas import Pile
from studymaster.models import Card


async def found(
    session: AsyncSession, account_id: UUID, *, pile: Pile, search: Search
) -> Sequence[UUID]:
    """Return the ids of all cards that meet a search."""
    statement = select(Card.id).where(search.within(account_id, pile))
    return (await session.exec(statement)).all()


async def own(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Return those of the ids that are cards of the account."""
    statement = select(Card.id).where(_are(account_id, card_ids))
    return (await session.exec(statement)).all()


async def change(
    session: AsyncSession,
    account_id: UUID,
    *,
    card_ids: Sequence[UUID],
    values: Mapping[str, Any],
) -> None:
    """Give columns of cards these values."""
    statement = update(Card).where(_are(account_id, card_ids)).values(values)
    await session.exec(statement.execution_options(synchronize_session=False))


async def add_tag(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID], tag: str
) -> None:
    """Add a tag to those cards that lack it and have room for one more."""
    has_it = col(Card.tags).op("@>", is_comparison=True)(cast([tag], ARRAY(String)))
    statement = (
        update(Card)
        .where(_are(account_id, card_ids), not_(has_it))
        .where(func.cardinality(Card.tags) < MOST_TAGS)
        .values(tags=func.array_append(Card.tags, tag, type_=ARRAY(String)))
    )
    await session.exec(statement.execution_options(synchronize_session=False))


async def remove_tag(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID], tag: str
) -> None:
    """Take a tag off cards."""
    without = func.array_remove(Card.tags, tag, type_=ARRAY(String))
    await change(session, account_id, card_ids=card_ids, values={"tags": without})


async def remove(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID]
) -> None:
    """Delete cards; what was answered stays in the log."""
    statement = delete(Card).where(_are(account_id, card_ids))
    await session.exec(statement.execution_options(synchronize_session=False))


def _are(account_id: UUID, card_ids: Sequence[UUID]) -> ColumnElement[bool]:
    # An array, not a list of values: there may be 50,000 of them.
    wanted = any_(cast(list(card_ids), ARRAY(Uuid)))
    return (col(Card.account_id) == account_id) & (col(Card.id) == wanted)
