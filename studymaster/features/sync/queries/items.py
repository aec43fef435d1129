"""Every SELECT on the things of one course, and on the space that files take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.sync.queries.holdings import IS_KEPT_FILE
from studymaster.features.sync.queries.runs import UNFINISHED
from studymaster.models import (
    UPLOAD,
    Blob,
    ChangeKind,
    Course,
    CourseSection,
    FetchState,
    Material,
    MoodleConnection,
    SyncChange,
    SyncRun,
    read_at,
)

ALL, FRESH, MISSING, GONE = "all", "fresh", "missing", "gone"

NEWS = (
    ChangeKind.NEW,
    ChangeKind.CHANGED,
    ChangeKind.MOVED,
    ChangeKind.RENAMED,
    ChangeKind.BACK,
    ChangeKind.OPENED,
)
NOT_HERE = (
    FetchState.WAITING,
    FetchState.FAILED,
    FetchState.TOO_LARGE,
    FetchState.ON_DEMAND,
)

ItemRow = tuple[Material, Blob | None]


class CourseRow(NamedTuple):
    """A course, the Moodle in which it lies, and when it was last read."""

    course: Course
    connection: MoodleConnection
    read_at: datetime | None


class Space(NamedTuple):
    """How many bytes are kept for how many files; files can share their bytes."""

    size_bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which things of a course: those that `show` names, with each of `words` in the name."""

    course_id: UUID
    show: str = ALL
    words: tuple[str, ...] = ()


def _shown(show: str) -> ColumnElement[bool]:
    listed = col(Material.listed)
    shut = ~col(Material.accessible)
    conditions: dict[str, ColumnElement[bool]] = {
        FRESH: and_(listed, ~shut, col(Material.last_change).in_(NEWS)),
        MISSING: and_(
            listed,
            or_(
                and_(shut, col(Material.blob_sha1).is_(None)),
                col(Material.fetch_state).in_(NOT_HERE),
            ),
        ),
        GONE: ~listed,
    }
    return conditions.get(show, true())


def _found(account_id: UUID, wanted: Wanted) -> ColumnElement[bool]:
    """Return what a thing fulfils that Moodle ever listed and whose name is searched for."""
    name, filename = col(Material.name), col(Material.filename)
    return and_(
        col(Material.account_id) == account_id,
        col(Material.course_id) == wanted.course_id,
        col(Material.modname) != UPLOAD,
        *(
            or_(
                name.icontains(word, autoescape=True),
                filename.icontains(word, autoescape=True),
            )
            for word in wanted.words
        ),
    )


async def course_row(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> CourseRow | None:
    """Return a course with its Moodle if it is the account's own."""
    statement = (
        select(Course, MoodleConnection, read_at())
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(Course.id == course_id, Course.account_id == account_id)
    )
    row = (await session.exec(statement)).one_or_none()
    return CourseRow(*row) if row else None


async def is_being_read(session: AsyncSession, account_id: UUID, *, course: Course) -> bool:
    """Tell whether a run over a course, or over everything, waits or goes on."""
    statement = select(
        exists().where(
            col(SyncRun.account_id) == account_id,
            col(SyncRun.connection_id) == course.connection_id,
            col(SyncRun.state).in_(UNFINISHED),
            or_(col(SyncRun.course_id).is_(None), col(SyncRun.course_id) == course.id),
        )
    )
    return (await session.exec(statement)).one()


async def sections(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> Sequence[CourseSection]:
    """Return the sections of a course in Moodle's order, those that are gone last."""
    statement = (
        select(CourseSection)
        .where(CourseSection.account_id == account_id, CourseSection.course_id == course_id)
        .order_by(
            col(CourseSection.listed).desc(),
            col(CourseSection.position),
            col(CourseSection.id),
        )
    )
    return (await session.exec(statement)).all()


async def items(
    session: AsyncSession, account_id: UUID, *, wanted: Wanted, limit: int
) -> Sequence[ItemRow]:
    """Return things of a course with their bytes' record, in the order of its sections."""
    statement = (
        select(Material, Blob)
        .outerjoin(CourseSection, col(CourseSection.id) == col(Material.section_id))
        .outerjoin(Blob, col(Blob.sha1) == col(Material.blob_sha1))
        .where(_found(account_id, wanted), _shown(wanted.show))
        .order_by(
            col(CourseSection.listed).desc().nulls_last(),
            col(CourseSection.position).nulls_last(),
            col(CourseSection.id),
            func.coalesce(CourseSection.name, Material.section_name),
            col(Material.position),
            col(Material.filepath),
            col(Material.filename),
            col(Material.id),
        )
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def count_items(
    session: AsyncSession, account_id: UUID, *, wanted: Wanted
) -> dict[str, int]:
    """Count the things of a course with the words in their names, by what can be shown."""
    statement = (
        select(
            func.count(),
            func.count().filter(_shown(FRESH)),
            func.count().filter(_shown(MISSING)),
            func.count().filter(_shown(GONE)),
        )
        .select_from(Material)
        .where(_found(account_id, wanted))
    )
    found = (await session.exec(statement)).one()
    return dict(zip((ALL, FRESH, MISSING, GONE), found, strict=True))


async def space(
    session: AsyncSession, account_id: UUID, *, course_id: UUID | None = None
) -> Space:
    """Add up the files that are kept here for the account; the same bytes take space once."""
    kept = and_(
        col(Material.account_id) == account_id,
        IS_KEPT_FILE,
        true() if course_id is None else col(Material.course_id) == course_id,
    )
    contents = select(Material.blob_sha1).where(kept)
    size_bytes = select(func.coalesce(func.sum(Blob.size_bytes), 0)).where(
        col(Blob.sha1).in_(contents)
    )
    files = select(func.count()).select_from(Material).where(kept)
    statement = select(size_bytes.scalar_subquery(), files.scalar_subquery())
    found_bytes, found_files = (await session.exec(statement)).one()
    return Space(int(found_bytes), found_files)


async def changes_of_material(
    session: AsyncSession, account_id: UUID, *, material_id: UUID, limit: int
) -> Sequence[SyncChange]:
    """Return what syncs found different in a material, the newest first."""
    statement = (
        select(SyncChange)
        .where(SyncChange.account_id == account_id, SyncChange.material_id == material_id)
        .order_by(col(SyncChange.created_at).desc(), col(SyncChange.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()
