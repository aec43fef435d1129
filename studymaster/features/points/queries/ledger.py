"""Reading and writing the ledger."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import PointsEntry


async def add_entries(
    session: AsyncSession, entries: Sequence[PointsEntry]
) -> set[tuple[UUID, str]]:
    """Write lines unless their causes are booked; return whose and which were written."""
    statement = (
        insert(PointsEntry)
        .on_conflict_do_nothing(index_elements=["account_id", "cause"])
        .returning(col(PointsEntry.account_id), col(PointsEntry.cause))
    )
    found = await session.exec(statement, params=[row.model_dump() for row in entries])
    return {(account_id, cause) for account_id, cause in found}


async def amounts_of_cause(
    session: AsyncSession, account_id: UUID, *, day: date, cause: str
) -> Sequence[int]:
    """Return the amounts that a cause, or a line numbered after it, has on a day."""
    statement = select(PointsEntry.amount).where(
        PointsEntry.account_id == account_id,
        PointsEntry.day == day,
        or_(
            PointsEntry.cause == cause,
            col(PointsEntry.cause).startswith(f"{cause}:", autoescape=True),
        ),
    )
    return (await session.exec(statement)).all()


async def balance(session: AsyncSession, account_id: UUID) -> int:
    """Return the sum of the account's ledger."""
    statement = select(func.coalesce(func.sum(PointsEntry.amount), 0)).where(
        PointsEntry.account_id == account_id
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
