"""Every SELECT on notes: the cards that were made of one text. The account comes first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Card


async def hold_note(session: AsyncSession, account_id: UUID, card_id: UUID) -> None:
    """Let nobody else change the note of a card until the transaction ends."""
    name = func.concat("note:", func.coalesce(Card.note_id, Card.id))
    statement = select(func.pg_advisory_xact_lock(func.hashtext(name))).where(
        col(Card.id) == card_id, col(Card.account_id) == account_id
    )
    await session.exec(statement)


async def note_for_update(
    session: AsyncSession, account_id: UUID, card_id: UUID
) -> Sequence[Card]:
    """Return a card with all others of its note as they are now, locked in one order."""
    note = (
        select(Card.note_id)
        .where(col(Card.id) == card_id, col(Card.account_id) == account_id)
        .scalar_subquery()
    )
    statement = (
        select(Card)
        .where(
            col(Card.account_id) == account_id,
            or_(col(Card.id) == card_id, col(Card.note_id) == note),
        )
        .order_by(col(Card.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).all()
