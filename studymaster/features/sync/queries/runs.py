"""Every SELECT on connections and their runs: the account comes first, as everywhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, true
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, exists, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.features.sync.rules import natural
from studymaster.models import (
    AuthSession,
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


async def open_connections(
    session: AsyncSession, account_id: UUID, *, now: datetime
) -> Sequence[MoodleConnection]:
    """Return the connections that may be read now, oldest first."""
    statement = (
        select(MoodleConnection)
        .where(MoodleConnection.account_id == account_id, _is_open(now))
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


async def courses_by_id(
    session: AsyncSession, account_id: UUID, *, course_ids: Collection[UUID]
) -> dict[UUID, Course]:
    """Return those of these courses that are the account's own."""
    statement = select(Course).where(
        Course.account_id == account_id, col(Course.id).in_(course_ids)
    )
    return {row.id: row for row in (await session.exec(statement)).all()}


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


async def queued_run(
    session: AsyncSession, account_id: UUID
) -> tuple[SyncRun, RunState | None] | None:
    """Return the oldest run that waits, locked, passing over those others hold.

    With it comes how the last run at its connection ended, None if there was none.
    """
    before = aliased(SyncRun)
    ended = (
        select(before.state)
        .where(
            before.connection_id == SyncRun.connection_id,
            col(before.finished_at).is_not(None),
        )
        .order_by(col(before.finished_at).desc())
        .limit(1)
        .correlate(SyncRun)
        .scalar_subquery()
    )
    statement = (
        select(SyncRun, ended)
        .where(SyncRun.account_id == account_id, SyncRun.state == RunState.QUEUED)
        .order_by(col(SyncRun.created_at))
        .limit(1)
        .with_for_update(skip_locked=True, of=SyncRun)
    )
    found = (await session.exec(statement)).one_or_none()
    return found and (found[0], RunState(found[1]) if found[1] else None)


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


async def run_to_stop(
    session: AsyncSession, account_id: UUID, *, run_id: UUID
) -> SyncRun | None:
    """Return the run as it is now, locked, if it is the account's own."""
    statement = (
        select(SyncRun)
        .where(SyncRun.id == run_id, SyncRun.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).one_or_none()


async def runs_to_stop(
    session: AsyncSession, account_id: UUID, *, connection_id: UUID
) -> Sequence[SyncRun]:
    """Return a connection's runs that wait or go on, locked."""
    statement = (
        select(SyncRun)
        .where(
            SyncRun.account_id == account_id,
            SyncRun.connection_id == connection_id,
            col(SyncRun.state).in_(UNFINISHED),
        )
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def is_to_stop(session: AsyncSession, account_id: UUID, *, run_id: UUID) -> bool:
    """Tell whether a run is to go on no more, or is not there any more."""
    statement = select(SyncRun.id).where(
        SyncRun.id == run_id,
        SyncRun.account_id == account_id,
        SyncRun.state == RunState.RUNNING,
        col(SyncRun.cancelled_at).is_(None),
    )
    return (await session.exec(statement)).one_or_none() is None


async def connection_for_update(
    session: AsyncSession, account_id: UUID, *, connection_id: UUID
) -> MoodleConnection | None:
    """Return the connection, locked, if it is the account's own."""
    statement = (
        select(MoodleConnection)
        .where(
            MoodleConnection.id == connection_id, MoodleConnection.account_id == account_id
        )
        .with_for_update(of=MoodleConnection)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).one_or_none()


async def newest_runs(session: AsyncSession, account_id: UUID) -> dict[UUID, SyncRun]:
    """Return the run that was asked for last at each of the account's connections."""
    newest = (
        select(SyncRun.id)
        .where(
            SyncRun.account_id == account_id,
            col(SyncRun.connection_id) == col(MoodleConnection.id),
        )
        .order_by(*NEWEST_FIRST)
        .limit(1)
        .correlate(MoodleConnection)
        .scalar_subquery()
    )
    statement = select(SyncRun).where(
        SyncRun.account_id == account_id,
        col(SyncRun.id).in_(
            select(newest).where(MoodleConnection.account_id == account_id)
        ),
    )
    return {row.connection_id: row for row in (await session.exec(statement)).all()}


async def is_reading(session: AsyncSession, account_id: UUID) -> bool:
    """Tell whether the text of what any of the account's runs brought is being read."""
    reading = exists().where(
        col(SyncRun.account_id) == account_id, col(SyncRun.reading_at).is_not(None)
    )
    return (await session.exec(select(reading))).one()


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
    session: AsyncSession, account_id: UUID, *, run_ids: Collection[UUID]
) -> Sequence[SyncIssue]:
    """Return what some runs could not bring in, course by course as names are read."""
    statement = (
        select(SyncIssue)
        .where(SyncIssue.account_id == account_id, col(SyncIssue.run_id).in_(run_ids))
        .order_by(col(SyncIssue.course_name), col(SyncIssue.item_name), col(SyncIssue.id))
        .limit(100)
    )
    found = (await session.exec(statement)).all()
    return sorted(found, key=lambda row: (natural(row.course_name), natural(row.item_name)))


@dataclass(frozen=True, slots=True)
class Polled:
    """How many connections are read by themselves: often, and once a day."""

    awake: int
    asleep: int


async def count_polled(session: AsyncSession, *, now: datetime) -> Polled:
    """Count the connections that are read by themselves, by whether their students look."""
    polled = _polled(now).subquery()
    statement = select(
        func.count().filter(polled.c.awake), func.count().filter(~polled.c.awake)
    ).select_from(polled)
    return Polled(*(await session.exec(statement)).one())


async def accounts_due(
    session: AsyncSession, *, now: datetime, often: timedelta, seldom: timedelta, limit: int
) -> Sequence[tuple[UUID, UUID]]:
    """Return (account, connection) of what works and is due, the longest due first.

    It is due when it was not asked for since `often`, or since `seldom` where nobody opened
    the account for a week. A run over one course does not count; where any goes on, nothing
    is due. Accounts that have the sync off are left out; those who never chose have it on.
    """
    polled = _polled(now).subquery()
    newest = (
        select(SyncRun.created_at)
        .where(
            col(SyncRun.account_id) == polled.c.account_id,
            col(SyncRun.connection_id) == polled.c.id,
            col(SyncRun.course_id).is_(None),
        )
        .order_by(col(SyncRun.created_at).desc())
        .limit(1)
        .lateral()
    )
    goes_on = exists().where(
        col(SyncRun.connection_id) == polled.c.id, col(SyncRun.state).in_(UNFINISHED)
    )
    late = newest.c.created_at - case((polled.c.awake, now - often), else_=now - seldom)
    statement = (
        select(polled.c.account_id, polled.c.id)
        .select_from(polled.outerjoin(newest, true()))
        .where(~goes_on, late.is_(None) | (late <= timedelta(0)))
        .order_by(late.asc().nulls_first(), polled.c.id)
        .limit(limit)
    )
    return (await session.exec(statement)).all()


def _polled(now: datetime) -> Select[UUID, UUID, bool]:
    """Select what works and is read by itself, and whether somebody opened it lately.

    A session in use lives for another week, so one that was used in the last week lives on,
    or would if it had not been ended.
    """
    off = exists().where(
        col(Preferences.account_id) == col(MoodleConnection.account_id),
        ~col(Preferences.sync_enabled),
    )
    awake = exists().where(
        col(AuthSession.account_id) == col(MoodleConnection.account_id),
        col(AuthSession.expires_at) > now,
    )
    return select(
        MoodleConnection.account_id, MoodleConnection.id, awake.label("awake")
    ).where(~off, _is_open(now))


def _is_open(now: datetime) -> ColumnElement[bool]:
    """Return what holds for a connection whose key works and whose site wants no pause now."""
    pause = col(MoodleConnection.paused_until)
    is_active = col(MoodleConnection.state) == ConnectionState.ACTIVE
    return is_active & (pause.is_(None) | (pause <= now))


async def silent_runs(
    session: AsyncSession, *, before: datetime, dead_before: datetime
) -> Sequence[SyncRun]:
    """Return the runs without a sign of life, locked.

    Those that wait since `before`, and those under way that gave none since `dead_before`.
    """
    waits = and_(SyncRun.state == RunState.QUEUED, SyncRun.beat_at < before)
    died = and_(SyncRun.state == RunState.RUNNING, SyncRun.beat_at < dead_before)
    statement = select(SyncRun).where(or_(waits, died)).with_for_update(skip_locked=True)
    return (await session.exec(statement)).all()
