"""Files of cards on their way in or out. The account comes first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import RunState, Transfer

UNFINISHED: Final = (RunState.QUEUED, RunState.RUNNING)
IN_WORDS: Final = text("state IN ('queued', 'running')")


async def add(session: AsyncSession, account_id: UUID, *, transfer: Transfer) -> bool:
    """Write a promise unless the account has an unfinished one; tell whether."""
    statement = (
        insert(Transfer)
        .values(transfer.model_dump() | {"account_id": account_id})
        .on_conflict_do_nothing(index_elements=["account_id"], index_where=IN_WORDS)
        .returning(col(Transfer.id))
    )
    return (await session.exec(statement)).one_or_none() is not None


async def unfinished(session: AsyncSession, account_id: UUID) -> Transfer | None:
    """Return what is still under way."""
    statement = select(Transfer).where(
        Transfer.account_id == account_id, col(Transfer.state).in_(UNFINISHED)
    )
    return (await session.exec(statement)).one_or_none()


async def transfer_by_id(
    session: AsyncSession, account_id: UUID, *, transfer_id: UUID
) -> Transfer | None:
    """Return a transfer if it is the account's own."""
    statement = select(Transfer).where(
        Transfer.id == transfer_id, Transfer.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def transfer_for_update(
    session: AsyncSession, account_id: UUID, *, transfer_id: UUID
) -> Transfer | None:
    """Return a transfer, locked until the transaction ends."""
    statement = (
        select(Transfer)
        .where(Transfer.id == transfer_id, Transfer.account_id == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def transfers(
    session: AsyncSession, account_id: UUID, *, limit: int
) -> Sequence[Transfer]:
    """Return the account's transfers, the newest first."""
    statement = (
        select(Transfer)
        .where(Transfer.account_id == account_id)
        .order_by(col(Transfer.created_at).desc(), col(Transfer.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def silent_transfers(
    session: AsyncSession, *, before: datetime
) -> Sequence[Transfer]:
    """Return everybody's promises without a sign of life since `before`."""
    statement = (
        select(Transfer)
        .where(col(Transfer.state).in_(UNFINISHED), col(Transfer.beat_at) < before)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(statement)).all()


async def old_transfers(
    session: AsyncSession, *, before: datetime, most: int
) -> Sequence[Transfer]:
    """Return everybody's finished transfers that were asked for before a moment."""
    statement = (
        select(Transfer)
        .where(col(Transfer.state).not_in(UNFINISHED), col(Transfer.created_at) < before)
        .order_by(col(Transfer.created_at))
        .limit(most)
    )
    return (await session.exec(statement)).all()
