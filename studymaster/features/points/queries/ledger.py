"""Reading and writing the ledger."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import PointsEntry


async def add_entry(session: AsyncSession, account_id: UUID, *, entry: PointsEntry) -> bool:
    """Write one line unless its cause is already booked; tell whether it was written."""
    statement = (
        insert(PointsEntry)
        .values({**entry.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing(index_elements=["account_id", "cause"])
        .returning(col(PointsEntry.id))
    )
    return (await session.exec(statement)).first() is not None


async def balance(session: AsyncSession, account_id: UUID) -> int:
    """Return the sum of the account's ledger."""
    statement = select(func.coalesce(func.sum(PointsEntry.amount), 0)).where(
        PointsEntry.account_id == account_id
    )
    return (await session.exec(statement)).one()


async def balance_before(session: AsyncSession, account_id: UUID, moment: datetime) -> int:
    """Return the sum of the account's ledger as it stood just before a moment."""
    statement = select(func.coalesce(func.sum(PointsEntry.amount), 0)).where(
        PointsEntry.account_id == account_id, col(PointsEntry.created_at) < moment
    )
    return (await session.exec(statement)).one()


async def entries(
    session: AsyncSession, account_id: UUID, *, offset: int, limit: int
) -> Sequence[PointsEntry]:
    """Return lines of the account's ledger, the newest day first."""
    statement = (
        select(PointsEntry)
        .where(PointsEntry.account_id == account_id)
        .order_by(
            col(PointsEntry.day).desc(),
            col(PointsEntry.created_at).desc(),
            col(PointsEntry.id),
        )
        .offset(offset)
        .limit(limit)
    )
    return (await session.exec(statement)).all()
