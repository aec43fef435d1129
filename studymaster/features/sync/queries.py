"""Every SELECT of the sync. The account comes first: no query sees another's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case
from sqlmodel import col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    Blob,
    ConnectionState,
    Course,
    Deadline,
    FetchState,
    Material,
    MoodleConnection,
    RunState,
    SyncIssue,
    SyncRun,
)

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


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
        .order_by(col(SyncRun.created_at).desc())
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


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


async def materials_of_course(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> Sequence[Material]:
    """Return everything known of one course."""
    statement = select(Material).where(
        Material.account_id == account_id, Material.course_id == course_id
    )
    return (await session.exec(statement)).all()


async def waiting_materials(
    session: AsyncSession, account_id: UUID, *, connection_id: UUID
) -> Sequence[tuple[Material, Course]]:
    """Return the listed files that are not here yet, in the order of the courses.

    Courses that are gone from Moodle's list or switched off are left out. What has no file name is a module's own text: it comes with the listing.
    """
    statement = (
        select(Material, Course)
        .join(Course, col(Course.id) == col(Material.course_id))
        .where(
            Material.account_id == account_id,
            Course.connection_id == connection_id,
            col(Course.listed),
            col(Course.sync_enabled),
            col(Material.fetch_state).in_((FetchState.WAITING, FetchState.FAILED)),
            col(Material.listed),
            Material.filename != "",
        )
        .order_by(col(Course.shortname), col(Material.position), col(Material.filename))
    )
    return (await session.exec(statement)).all()


async def material_by_id(
    session: AsyncSession, account_id: UUID, *, material_id: UUID
) -> Material | None:
    """Return the material if it is the account's own."""
    statement = select(Material).where(
        Material.id == material_id, Material.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def material_of_module(
    session: AsyncSession, account_id: UUID, *, course_id: UUID, cmid: int
) -> Material | None:
    """Return the material that is a whole module, not one of its files."""
    statement = select(Material).where(
        Material.account_id == account_id,
        Material.course_id == course_id,
        Material.cmid == cmid,
        Material.filename == "",
    )
    return (await session.exec(statement)).one_or_none()


async def deadlines_of_course(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> Sequence[Deadline]:
    """Return the due dates known of one course."""
    statement = select(Deadline).where(
        Deadline.account_id == account_id, Deadline.course_id == course_id
    )
    return (await session.exec(statement)).all()


@dataclass(frozen=True, slots=True)
class CourseCounts:
    """How many materials of a course are where."""

    course: Course
    materials: int
    stored: int
    waiting: int


async def course_counts(session: AsyncSession, account_id: UUID) -> list[CourseCounts]:
    """Count each course's listed materials by where their bytes are."""
    state = col(Material.fetch_state)
    statement = (
        select(
            Course,
            func.count(col(Material.id)),
            func.count(case((state == FetchState.STORED, 1))),
            func.count(case((state == FetchState.WAITING, 1))),
        )
        .outerjoin(
            Material, (col(Material.course_id) == col(Course.id)) & col(Material.listed)
        )
        .where(Course.account_id == account_id)
        .group_by(col(Course.id))
        .order_by(col(Course.shortname))
    )
    return [CourseCounts(*row) for row in (await session.exec(statement)).all()]


async def blob_by_sha1(session: AsyncSession, *, sha1: str) -> Blob | None:
    """Return the bytes' record; bytes belong to nobody, materials do."""
    return await session.get(Blob, sha1)


async def accounts_due(
    session: AsyncSession, *, before: datetime
) -> Sequence[tuple[UUID, UUID]]:
    """Return (account, connection) of what works and has had no run since `before`."""
    recent = exists().where(
        col(SyncRun.connection_id) == col(MoodleConnection.id),
        col(SyncRun.created_at) > before,
    )
    statement = (
        select(MoodleConnection.account_id, MoodleConnection.id)
        .where(MoodleConnection.state == ConnectionState.ACTIVE, ~recent)
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
