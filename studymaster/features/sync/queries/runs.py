"""Every SELECT on connections and their runs: the account comes first, as everywhere."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case
from sqlmodel import col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    ConnectionState,
    Course,
    MoodleConnection,
    Preferences,
    RunState,
    SyncIssue,
    SyncRun,
)

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)
TOLD_FIRST = (RunState.RUNNING, RunState.QUEUED, RunState.FAILED, RunState.DONE)
NEWEST_FIRST = (
    col(SyncRun.created_at).desc(),
    case({kind: place for place, kind in enumerate(TOLD_FIRST)}, value=col(SyncRun.state)),
    col(SyncRun.id),
)
"""Runs by when they were asked for; of several asked for at once, one a site, the one that
still has something to say: what goes on, then what waits, then what failed."""


async def active_connections(
    session: AsyncSession, account_id: UUID
) -> Sequence[MoodleConnection]:
    """Return the connections whose token still works, oldest first."""
    statement = (
        select(MoodleConnection)
        .where(
            MoodleConnection.account_id == account_id,
            MoodleConnection.state == ConnectionState.ACTIVE,
        )
        .order_by(col(MoodleConnection.created_at))
    )
    return (await session.exec(statement)).all()


async def course_by_id(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> Course | None:
    """Return the course if it is the account's own."""
    statement = select(Course).where(
        Course.id == course_id, Course.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def connection_by_id(
    session: AsyncSession, account_id: UUID, *, connection_id: UUID
) -> MoodleConnection | None:
    """Return the connection if it is the account's own."""
    statement = select(MoodleConnection).where(
        MoodleConnection.id == connection_id, MoodleConnection.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def left_runs(
    session: AsyncSession, account_id: UUID, *, job: str | None, before: datetime
) -> Sequence[SyncRun]:
    """Return the running runs that nobody carries out any more, locked.

    They were claimed by `job` itself, which is being tried again, or have given no sign of
    life since `before`.
    """
    left = col(SyncRun.beat_at) < before
    if job is not None:
        left |= col(SyncRun.claimed_by) == job
    statement = (
        select(SyncRun)
        .where(SyncRun.account_id == account_id, SyncRun.state == RunState.RUNNING, left)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(statement)).all()


async def queued_run(session: AsyncSession, account_id: UUID) -> SyncRun | None:
    """Return the oldest run that waits, locked, passing over those others hold."""
    statement = (
        select(SyncRun)
        .where(SyncRun.account_id == account_id, SyncRun.state == RunState.QUEUED)
        .order_by(col(SyncRun.created_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(statement)).one_or_none()


async def unfinished_runs(session: AsyncSession, account_id: UUID) -> Sequence[SyncRun]:
    """Return the account's runs that wait or are under way, oldest first."""
    statement = (
        select(SyncRun)
        .where(SyncRun.account_id == account_id, col(SyncRun.state).in_(UNFINISHED))
        .order_by(col(SyncRun.created_at))
    )
    return (await session.exec(statement)).all()


async def running_run(
    session: AsyncSession, account_id: UUID, *, run_id: UUID
) -> SyncRun | None:
    """Return the run, locked, if it is the account's own and still under way."""
    statement = (
        select(SyncRun)
        .where(
            SyncRun.id == run_id,
            SyncRun.account_id == account_id,
            SyncRun.state == RunState.RUNNING,
        )
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def newest_run(session: AsyncSession, account_id: UUID) -> SyncRun | None:
    """Return the run that was asked for last."""
    statement = (
        select(SyncRun)
        .where(SyncRun.account_id == account_id)
        .order_by(*NEWEST_FIRST)
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def runs_of_others_ahead(
    session: AsyncSession, account_id: UUID, *, moment: datetime
) -> int:
    """Count the runs of other accounts that go on, or have waited since before a moment."""
    statement = select(func.count()).where(
        SyncRun.account_id != account_id,
        col(SyncRun.state).in_(UNFINISHED),
        (col(SyncRun.state) == RunState.RUNNING) | (col(SyncRun.created_at) < moment),
    )
    return (await session.exec(statement)).one()


async def all_runs(
    session: AsyncSession, account_id: UUID, *, offset: int, limit: int
) -> Sequence[SyncRun]:
    """Return the account's runs, the newest first."""
    statement = (
        select(SyncRun)
        .where(SyncRun.account_id == account_id)
        .order_by(col(SyncRun.created_at).desc(), col(SyncRun.id))
        .offset(offset)
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def issues(
    session: AsyncSession, account_id: UUID, *, run_id: UUID
) -> Sequence[SyncIssue]:
    """Return what a run could not bring in."""
    statement = (
        select(SyncIssue)
        .where(SyncIssue.account_id == account_id, SyncIssue.run_id == run_id)
        .order_by(col(SyncIssue.course_name), col(SyncIssue.item_name))
        .limit(100)
    )
    return (await session.exec(statement)).all()


async def accounts_due(
    session: AsyncSession, *, before: datetime
) -> Sequence[tuple[UUID, UUID]]:
    """Return (account, connection) of what works and was not read since `before`.

    A run over one course does not count. Accounts that have the sync off are left out; those
    who never chose have it on.
    """
    recent = exists().where(
        col(SyncRun.connection_id) == col(MoodleConnection.id),
        col(SyncRun.course_id).is_(None),
        col(SyncRun.created_at) > before,
    )
    off = exists().where(
        col(Preferences.account_id) == col(MoodleConnection.account_id),
        ~col(Preferences.sync_enabled),
    )
    statement = (
        select(MoodleConnection.account_id, MoodleConnection.id)
        .where(MoodleConnection.state == ConnectionState.ACTIVE, ~recent, ~off)
        .order_by(col(MoodleConnection.id))
    )
    return (await session.exec(statement)).all()


async def silent_runs(session: AsyncSession, *, before: datetime) -> Sequence[SyncRun]:
    """Return the unfinished runs without a sign of life since `before`, locked."""
    statement = (
        select(SyncRun)
        .where(col(SyncRun.state).in_(UNFINISHED), SyncRun.beat_at < before)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(statement)).all()
