"""Rows that go: with a student who leaves, or because they are old."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql.dml import Delete
from sqlmodel import col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    Account,
    AuthSession,
    Blob,
    Export,
    Notification,
    RunState,
    SyncRun,
    TaskFailure,
)


async def account_for_update(session: AsyncSession, account_id: UUID) -> Account | None:
    """Return the account, locked until the transaction ends."""
    statement = select(Account).where(Account.id == account_id).with_for_update()
    return (await session.exec(statement)).one_or_none()


async def silent_deletions(session: AsyncSession, *, before: datetime) -> list[UUID]:
    """Return the accounts whose deletion was promised before a moment."""
    statement = select(Account.id).where(col(Account.deleting_since) < before)
    return list((await session.exec(statement)).all())


async def remove_account(session: AsyncSession, account_id: UUID) -> None:
    """Delete an account; everything that belongs to it goes with it."""
    await _run(session, delete(Account).where(col(Account.id) == account_id))
    own = f"users/{account_id}/%"
    await _run(session, delete(Blob).where(col(Blob.storage_key).like(own)))
    named = col(TaskFailure.arguments).contains(str(account_id))
    await _run(session, delete(TaskFailure).where(named))


async def remove_export(
    session: AsyncSession, account_id: UUID, *, export_id: UUID
) -> None:
    """Delete one export's row."""
    is_it = (col(Export.id) == export_id, col(Export.account_id) == account_id)
    await _run(session, delete(Export).where(*is_it))


async def remove_old_sessions(session: AsyncSession, *, before: datetime) -> int:
    """Delete the sessions that were over before a moment."""
    over = or_(
        col(AuthSession.ended_at) < before,
        col(AuthSession.expires_at) < before,
    )
    return await _run(session, delete(AuthSession).where(over))


async def remove_old_runs(session: AsyncSession, *, before: datetime) -> int:
    """Delete finished sync runs from before a moment, but what later runs are told by.

    Of each connection that is the newest run, and of the runs over everything the newest
    that went through and the newest that did not.
    """
    connection = col(SyncRun.connection_id)
    age = col(SyncRun.created_at).desc()
    newest = select(SyncRun.id).ext(distinct_on(connection)).order_by(connection, age)
    newest_of_each_outcome = (
        select(SyncRun.id)
        .where(col(SyncRun.course_id).is_(None))
        .ext(distinct_on(connection, col(SyncRun.state)))
        .order_by(connection, col(SyncRun.state), age)
    )
    return await _run(
        session,
        delete(SyncRun).where(
            col(SyncRun.created_at) < before,
            col(SyncRun.state).in_([RunState.DONE, RunState.FAILED]),
            col(SyncRun.id).not_in(newest),
            col(SyncRun.id).not_in(newest_of_each_outcome),
        ),
    )


async def remove_old_notifications(session: AsyncSession, *, before: datetime) -> int:
    """Delete notifications from before a moment that were read."""
    return await _run(
        session,
        delete(Notification).where(
            col(Notification.created_at) < before, col(Notification.read_at).is_not(None)
        ),
    )


async def remove_seen_failures(session: AsyncSession, *, before: datetime) -> int:
    """Delete failed tasks from before a moment that somebody has seen."""
    return await _run(
        session,
        delete(TaskFailure).where(
            col(TaskFailure.created_at) < before, col(TaskFailure.seen_at).is_not(None)
        ),
    )


async def _run(session: AsyncSession, statement: Delete) -> int:
    connection = await session.connection()
    return (await connection.execute(statement)).rowcount
