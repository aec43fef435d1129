"""Reading and writing the ledger."""

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
