"""Every SELECT on past runs and on what they found different."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.sync.rules import natural
from studymaster.models import (
    UPLOAD,
    Blob,
    ChangeKind,
    Course,
    FetchState,
    Material,
    RunState,
    SyncChange,
    SyncIssue,
    SyncRun,
    TextState,
)

READ_ANEW = (ChangeKind.NEW, ChangeKind.CHANGED)
FINISHED = (RunState.DONE, RunState.FAILED)

ChangeRow = tuple[SyncChange, Course]


class PastRun(NamedTuple):
    """A run that has ended, and the one course that it was about."""

    run: SyncRun
    course: str | None


class CourseCount(NamedTuple):
    """How many things of one kind happened in one course."""

    course: str
    what: ChangeKind
    number: int


async def past_runs(
    session: AsyncSession, account_id: UUID, *, offset: int, limit: int
) -> list[PastRun]:
    """Return runs that have ended, the newest first."""
    statement = (
        select(SyncRun, Course.shortname)
        .outerjoin(Course, col(Course.id) == col(SyncRun.course_id))
        .where(SyncRun.account_id == account_id, col(SyncRun.state).in_(FINISHED))
        .order_by(col(SyncRun.created_at).desc(), col(SyncRun.id))
        .offset(offset)
        .limit(limit)
    )
    return [PastRun(*row) for row in (await session.exec(statement)).all()]


async def run_by_id(
    session: AsyncSession, account_id: UUID, *, run_id: UUID
) -> SyncRun | None:
    """Return the run if it is the account's own."""
    statement = select(SyncRun).where(
        SyncRun.id == run_id, SyncRun.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def whole_run_before(
    session: AsyncSession,
    account_id: UUID,
    *,
    connection_id: UUID,
    moment: datetime,
    states: Sequence[RunState] = FINISHED,
) -> SyncRun | None:
    """Return a connection's last run over everything that was asked for before a moment.

    What its student stopped does not count: it says nothing of the site.
    """
    statement = (
        select(SyncRun)
        .where(
            SyncRun.account_id == account_id,
            SyncRun.connection_id == connection_id,
            col(SyncRun.course_id).is_(None),
            col(SyncRun.cancelled_at).is_(None),
            col(SyncRun.state).in_(states),
            col(SyncRun.created_at) < moment,
        )
        .order_by(col(SyncRun.created_at).desc())
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def issue_names(
    session: AsyncSession, account_id: UUID, *, run_id: UUID
) -> set[tuple[str, str]]:
    """Return (course, item) of everything that a run could not bring in."""
    statement = select(SyncIssue.course_name, SyncIssue.item_name).where(
        SyncIssue.account_id == account_id, SyncIssue.run_id == run_id
    )
    return set((await session.exec(statement)).all())


async def kinds_of_runs(
    session: AsyncSession, account_id: UUID, *, run_ids: Collection[UUID]
) -> dict[UUID, dict[str, int]]:
    """Count what each of some runs found different, by kind."""
    statement = (
        select(SyncChange.run_id, SyncChange.what, func.count())
        .where(SyncChange.account_id == account_id, col(SyncChange.run_id).in_(run_ids))
        .group_by(col(SyncChange.run_id), col(SyncChange.what))
    )
    found: dict[UUID, dict[str, int]] = {}
    for run_id, what, number in (await session.exec(statement)).all():
        found.setdefault(run_id, {})[ChangeKind(what).value] = number
    return found


async def files_missed(
    session: AsyncSession, account_id: UUID, *, run_ids: Collection[UUID]
) -> dict[UUID, int]:
    """Count the files among what each of some runs could not bring in."""
    is_file = exists().where(
        col(Material.account_id) == account_id,
        col(Material.course_id) == col(Course.id),
        col(Course.fullname) == col(SyncIssue.course_name),
        col(Material.filename) == col(SyncIssue.item_name),
    )
    statement = (
        select(SyncIssue.run_id, func.count())
        .where(
            SyncIssue.account_id == account_id,
            col(SyncIssue.run_id).in_(run_ids),
            is_file,
        )
        .group_by(col(SyncIssue.run_id))
    )
    return dict((await session.exec(statement)).all())


async def changes_of_run(
    session: AsyncSession, account_id: UUID, *, run_id: UUID, limit: int
) -> Sequence[ChangeRow]:
    """Return what a run found different, course by course."""
    statement = (
        select(SyncChange, Course)
        .join(Course, col(Course.id) == col(SyncChange.course_id))
        .where(SyncChange.account_id == account_id, SyncChange.run_id == run_id)
        .order_by(col(Course.shortname), col(SyncChange.name), col(SyncChange.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def first_reads(
    session: AsyncSession, account_id: UUID, *, run: SyncRun
) -> Sequence[tuple[Course, int]]:
    """Return the courses that a run read for the first time, and how much lay in each.

    A site is read by one run at a time, so what came while a run went on and is none of its
    changes lay in a course that had not been read before.
    """
    changed = exists().where(
        col(SyncChange.run_id) == run.id, col(SyncChange.material_id) == col(Material.id)
    )
    statement = (
        select(Course, func.count())
        .join(Material, col(Material.course_id) == col(Course.id))
        .where(
            Course.account_id == account_id,
            Course.connection_id == run.connection_id,
            col(Material.created_at).between(run.started_at, run.finished_at),
            Material.modname != UPLOAD,
            ~changed,
        )
        .group_by(col(Course.id))
        .order_by(col(Course.id))
    )
    found = (await session.exec(statement)).all()
    return sorted(found, key=lambda row: natural(row[0].shortname))


async def newest_changes(
    session: AsyncSession, account_id: UUID, *, limit: int
) -> Sequence[ChangeRow]:
    """Return what was found different last, in all courses."""
    statement = (
        select(SyncChange, Course)
        .join(Course, col(Course.id) == col(SyncChange.course_id))
        .where(SyncChange.account_id == account_id)
        .order_by(
            col(SyncChange.created_at).desc(), col(SyncChange.name), col(SyncChange.id)
        )
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def untold_runs(
    session: AsyncSession, account_id: UUID, *, run_id: UUID
) -> Sequence[UUID]:
    """Return a run, and those before it at its connection of which nobody was told.

    These did not go through, and what they had found different the next one found no more.
    """
    told, earlier = aliased(SyncRun), aliased(SyncRun)
    went_through = (
        select(SyncRun.id)
        .where(
            SyncRun.connection_id == told.connection_id,
            SyncRun.state == RunState.DONE,
            col(SyncRun.created_at) >= col(earlier.created_at),
            col(SyncRun.created_at) < col(told.created_at),
        )
        .exists()
    )
    statement = (
        select(earlier.id)
        .join(told, col(told.connection_id) == col(earlier.connection_id))
        .where(
            told.account_id == account_id,
            told.id == run_id,
            col(earlier.created_at) <= col(told.created_at),
            ~went_through,
        )
    )
    return (await session.exec(statement)).all()


async def change_counts(
    session: AsyncSession, account_id: UUID, *, run_ids: Collection[UUID]
) -> list[CourseCount]:
    """Count what runs found different, by course and kind."""
    statement = (
        select(Course.shortname, SyncChange.what, func.count())
        .join(Course, col(Course.id) == col(SyncChange.course_id))
        .where(SyncChange.account_id == account_id, col(SyncChange.run_id).in_(run_ids))
        .group_by(col(Course.shortname), col(SyncChange.what))
        .order_by(col(Course.shortname), col(SyncChange.what))
    )
    return [
        CourseCount(course, ChangeKind(what), number)
        for course, what, number in (await session.exec(statement)).all()
    ]


async def arrived_courses(
    session: AsyncSession,
    account_id: UUID,
    *,
    connection_id: UUID,
    since: datetime | None,
) -> list[tuple[str, int]]:
    """Return (course, lectures and other texts in it) of what came after a moment, or ever."""
    readable = (
        (col(Material.course_id) == col(Course.id))
        & col(Material.listed)
        & (col(Material.fetch_state) == FetchState.STORED)
    )
    statement = (
        select(Course.shortname, func.count(col(Blob.sha1)))
        .outerjoin(Material, readable)
        .outerjoin(
            Blob,
            (col(Blob.sha1) == col(Material.blob_sha1))
            & (col(Blob.text_state) == TextState.READY),
        )
        .where(
            Course.account_id == account_id,
            Course.connection_id == connection_id,
            col(Course.listed),
        )
        .group_by(col(Course.id))
        .order_by(col(Course.shortname), col(Course.id))
    )
    if since is not None:
        statement = statement.where(col(Course.created_at) > since)
    return [(course, number) for course, number in (await session.exec(statement)).all()]


async def fresh_lectures(
    session: AsyncSession, account_id: UUID, *, run_ids: Collection[UUID], limit: int
) -> Sequence[UUID]:
    """Return the materials with text that are new or changed by runs, in course order."""
    statement = (
        select(Material.id)
        .join(SyncChange, col(SyncChange.material_id) == col(Material.id))
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1))
        .join(Course, col(Course.id) == col(Material.course_id))
        .where(
            Material.account_id == account_id,
            col(SyncChange.run_id).in_(run_ids),
            col(SyncChange.what).in_(READ_ANEW),
            col(Material.listed),
            Material.fetch_state == FetchState.STORED,
            Blob.text_state == TextState.READY,
        )
        .order_by(col(Course.shortname), col(Material.position), col(Material.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()
