"""What the host sees of everybody: counts, failed tasks, the last tick. No student's data."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Account, AuthSession, SyncRun, TaskFailure, Tick
from studymaster.paging import Window


async def count_accounts(session: AsyncSession) -> int:
    """Return how many accounts there are."""
    return (await session.exec(select(func.count()).select_from(Account))).one()


async def count_live_sessions(session: AsyncSession, *, now: datetime) -> int:
    """Return how many sign-ins are alive."""
    statement = (
        select(func.count())
        .select_from(AuthSession)
        .where(col(AuthSession.ended_at).is_(None), col(AuthSession.expires_at) > now)
    )
    return (await session.exec(statement)).one()


async def count_runs(session: AsyncSession, *, since: datetime) -> dict[str, int]:
    """Return how many syncs were promised since a moment, by what became of them."""
    statement = (
        select(SyncRun.state, func.count())
        .where(col(SyncRun.created_at) >= since)
        .group_by(col(SyncRun.state))
    )
    return dict((await session.exec(statement)).all())


async def unseen_failures(
    session: AsyncSession, *, window: Window
) -> Sequence[TaskFailure]:
    """Return the failed tasks that nobody has seen, newest first."""
    statement = (
        select(TaskFailure)
        .where(col(TaskFailure.seen_at).is_(None))
        .order_by(col(TaskFailure.created_at).desc(), col(TaskFailure.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def count_unseen_failures(session: AsyncSession) -> int:
    """Return how many failed tasks nobody has seen."""
    statement = (
        select(func.count())
        .select_from(TaskFailure)
        .where(col(TaskFailure.seen_at).is_(None))
    )
    return (await session.exec(statement)).one()


async def mark_failures_seen(
    session: AsyncSession, *, only: UUID | None, now: datetime
) -> None:
    """Mark one failed task as seen, or all of them (None)."""
    statement = (
        update(TaskFailure).where(col(TaskFailure.seen_at).is_(None)).values(seen_at=now)
    )
    if only is not None:
        statement = statement.where(col(TaskFailure.id) == only)
    await session.exec(statement)


async def tick(session: AsyncSession, *, name: str) -> Tick | None:
    """Return when something that happens by itself happened last."""
    return await session.get(Tick, name)


async def keep_tick(session: AsyncSession, *, name: str, now: datetime) -> None:
    """Note that something that happens by itself happened."""
    statement = (
        insert(Tick)
        .values(name=name, at=now)
        .on_conflict_do_update(index_elements=["name"], set_={"at": now})
    )
    await session.exec(statement)
