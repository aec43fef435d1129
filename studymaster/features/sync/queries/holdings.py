"""Every SELECT on what a sync brings: the account comes first, so nobody sees another's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    or_,
    update,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    UPLOAD,
    Course,
    CourseSection,
    Deadline,
    FetchState,
    Material,
    MoodleConnection,
    SubmissionState,
    read_at,
)


async def materials_of_courses(
    session: AsyncSession, account_id: UUID, *, course_ids: Collection[UUID]
) -> Sequence[Material]:
    """Return what Moodle ever listed in some courses; the student's own uploads are not its."""
    statement = select(Material).where(
        Material.account_id == account_id,
        col(Material.course_id).in_(course_ids),
        Material.modname != UPLOAD,
    )
    return (await session.exec(statement)).all()


async def sections_of_courses(
    session: AsyncSession, account_id: UUID, *, course_ids: Collection[UUID]
) -> Sequence[CourseSection]:
    """Return every section that Moodle ever listed in some courses."""
    statement = select(CourseSection).where(
        CourseSection.account_id == account_id,
        col(CourseSection.course_id).in_(course_ids),
    )
    return (await session.exec(statement)).all()


async def digests(
    session: AsyncSession, account_id: UUID, *, connection_id: UUID
) -> dict[UUID, str | None]:
    """Return the name of the answers from which each course was last kept."""
    statement = select(Course.id, Course.listing_sha1).where(
        Course.account_id == account_id, Course.connection_id == connection_id
    )
    return dict((await session.exec(statement)).all())


async def graded_work(
    session: AsyncSession, account_id: UUID, *, connection_id: UUID
) -> dict[tuple[int, int], datetime]:
    """Return when graded work was due, by (course, module), both as Moodle counts them."""
    statement = (
        select(Course.moodle_id, Deadline.cmid, Deadline.due_at)
        .join(Course, col(Course.id) == col(Deadline.course_id))
        .where(
            Deadline.account_id == account_id,
            Course.connection_id == connection_id,
            Deadline.submission == SubmissionState.GRADED,
        )
    )
    rows = (await session.exec(statement)).all()
    return {(course, cmid): due_at for course, cmid, due_at in rows}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files a run is to bring: of one connection, or of one course of it.

    `limit` is the largest file (bytes) that is kept, `refusal` what was noted with one that
    was larger: it is looked at again when the limit has become another one.
    """

    connection_id: UUID
    course_id: UUID | None
    limit: int
    refusal: str


def _is_wanted(account_id: UUID, wanted: Wanted) -> ColumnElement[bool]:
    """Return what a file and its course fulfil that are to be brought.

    Courses that are gone from Moodle's list or switched off are left out. What has no file
    name is a module's own text: it comes with the listing.
    """
    state, again = col(Material.fetch_state), (FetchState.WAITING, FetchState.FAILED)
    fits_now = and_(
        state == FetchState.TOO_LARGE,
        col(Material.size_bytes) <= wanted.limit,
        col(Material.failure) != wanted.refusal,
    )
    return and_(
        col(Material.account_id) == account_id,
        col(Course.connection_id) == wanted.connection_id,
        col(Course.listed),
        col(Course.sync_enabled),
        or_(state.in_(again), fits_now),
        col(Material.listed),
        col(Material.accessible),
        col(Material.filename) != "",
        col(Course.id) == (wanted.course_id or col(Course.id)),
    )


async def waiting_materials(
    session: AsyncSession, account_id: UUID, *, wanted: Wanted
) -> Sequence[tuple[Material, Course]]:
    """Return the files that are to be fetched, in the order of the courses."""
    statement = (
        select(Material, Course)
        .join(Course, col(Course.id) == col(Material.course_id))
        .where(_is_wanted(account_id, wanted))
        .order_by(col(Course.shortname), col(Material.position), col(Material.filename))
    )
    return (await session.exec(statement)).all()


async def likely_bytes(
    session: AsyncSession, account_id: UUID, *, site_url: str, wanted: Wanted
) -> dict[UUID, str]:
    """Return the bytes (SHA-1) that others on the site have for the files to be fetched.

    The same file, size and date in the same course. Only names of bytes are told: whether a
    student may read them, Moodle says.
    """
    theirs, course = aliased(Material), aliased(Course)
    statement = (
        select(Material.id, func.max(theirs.blob_sha1))
        .join(Course, col(Course.id) == col(Material.course_id))
        .join(course, col(course.moodle_id) == col(Course.moodle_id))
        .join(MoodleConnection, col(MoodleConnection.id) == col(course.connection_id))
        .join(
            theirs,
            and_(
                col(theirs.course_id) == col(course.id),
                col(theirs.cmid) == col(Material.cmid),
                col(theirs.filepath) == col(Material.filepath),
                col(theirs.filename) == col(Material.filename),
                col(theirs.size_bytes) == col(Material.size_bytes),
                col(theirs.modified_at).is_not_distinct_from(col(Material.modified_at)),
            ),
        )
        .where(
            _is_wanted(account_id, wanted),
            MoodleConnection.site_url == site_url,
            theirs.account_id != account_id,
            theirs.fetch_state == FetchState.STORED,
            theirs.size_bytes > 0,
        )
        .group_by(col(Material.id))
    )
    rows = (await session.exec(statement)).all()
    return {material_id: sha1 for material_id, sha1 in rows if sha1}


async def material_by_id(
    session: AsyncSession, account_id: UUID, *, material_id: UUID
) -> Material | None:
    """Return the material if it is the account's own."""
    statement = select(Material).where(
        Material.id == material_id, Material.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def mark_stored(
    session: AsyncSession, account_id: UUID, *, sha1s: Mapping[UUID, str]
) -> None:
    """Note which bytes (SHA-1, hex) each of these materials has now."""
    ids = bindparam("ids", list(sha1s), type_=ARRAY(Uuid))
    bytes_ = bindparam("bytes", list(sha1s.values()), type_=ARRAY(String))
    came = func.unnest(ids, bytes_).table_valued("id", "sha1", name="came").render_derived()
    await session.exec(
        update(Material)
        .where(col(Material.account_id) == account_id, col(Material.id) == came.c.id)
        .values(blob_sha1=came.c.sha1, fetch_state=FetchState.STORED, failure=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class CourseCounts:
    """What there is of a course, counted the same way wherever it is shown.

    Attributes:
        course: The course.
        read_at: When it was last read.
        materials: The items that Moodle lists now; own uploads are none.
        files: The files of it that are kept here, with copies of what is not visible any
            more and with the student's own. A module's own text is no file.
        waiting: The listed items that are on their way.
        gone: The items that Moodle does not list any more.
    """

    course: Course
    read_at: datetime | None
    materials: int
    files: int
    waiting: int
    gone: int


IS_KEPT_FILE: Final = and_(
    or_(col(Material.filename) != "", col(Material.modname) == UPLOAD),
    col(Material.blob_sha1).is_not(None),
)
"""What a material fulfils whose bytes are here as a file."""


async def course_counts(
    session: AsyncSession, account_id: UUID, *, course_id: UUID | None = None
) -> list[CourseCounts]:
    """Count what there is of each course, or of one."""
    is_item = and_(col(Material.listed), col(Material.modname) != UPLOAD)
    counts = (
        func.count().filter(is_item),
        func.count().filter(IS_KEPT_FILE),
        func.count().filter(and_(is_item, col(Material.fetch_state) == FetchState.WAITING)),
        func.count().filter(and_(~col(Material.listed), col(Material.modname) != UPLOAD)),
    )
    statement = (
        select(Course, read_at(), cast(array(counts), ARRAY(BigInteger)))
        .outerjoin(Material, col(Material.course_id) == col(Course.id))
        .where(
            Course.account_id == account_id,
            col(Course.id) == (course_id or col(Course.id)),
        )
        .group_by(col(Course.id))
        .order_by(col(Course.shortname))
    )
    rows = (await session.exec(statement)).all()
    return [CourseCounts(course, moment, *numbers) for course, moment, numbers in rows]


async def moodle_ids(session: AsyncSession, account_id: UUID) -> dict[UUID, int]:
    """Return the number in Moodle of each of the account's courses."""
    statement = select(Course.id, Course.moodle_id).where(Course.account_id == account_id)
    return dict((await session.exec(statement)).all())


async def short_names(session: AsyncSession, account_id: UUID) -> dict[UUID, str]:
    """Return the short name of each of the account's courses, by name."""
    statement = (
        select(Course.id, Course.shortname)
        .where(Course.account_id == account_id)
        .order_by(col(Course.shortname), col(Course.id))
    )
    return dict((await session.exec(statement)).all())
