"""Every SELECT on what a sync brings: the account comes first, so nobody sees another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, cast
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import UPLOAD, Blob, Course, Deadline, FetchState, Material, read_at


async def materials_of_course(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> Sequence[Material]:
    """Return what Moodle ever listed in one course; the student's own uploads are not its."""
    statement = select(Material).where(
        Material.account_id == account_id,
        Material.course_id == course_id,
        Material.modname != UPLOAD,
    )
    return (await session.exec(statement)).all()


async def waiting_materials(
    session: AsyncSession,
    account_id: UUID,
    *,
    connection_id: UUID,
    course_id: UUID | None = None,
) -> Sequence[tuple[Material, Course]]:
    """Return the listed files that are not here yet, in the order of the courses.

    With `course_id` only those of that course. Courses that are gone from Moodle's list or
    switched off are left out. What has no file name is a module's own text: it comes with
    the listing.
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
    if course_id is not None:
        statement = statement.where(Course.id == course_id)
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
    """How many of a course's materials there are, fetched as files, and on their way."""

    course: Course
    read_at: datetime | None
    materials: int
    files: int
    waiting: int


async def course_counts(session: AsyncSession, account_id: UUID) -> list[CourseCounts]:
    """Count what Moodle lists in each course by where it is; own uploads do not count.

    What has no file name is a module's own text: it is here, and is no file.
    """
    state = col(Material.fetch_state)
    is_file = col(Material.filename) != ""
    counts = (
        func.count(col(Material.id)),
        func.count().filter((state == FetchState.STORED) & is_file),
        func.count().filter(state == FetchState.WAITING),
    )
    statement = (
        select(Course, read_at(), cast(array(counts), ARRAY(BigInteger)))
        .outerjoin(
            Material,
            (col(Material.course_id) == col(Course.id))
            & col(Material.listed)
            & (col(Material.modname) != UPLOAD),
        )
        .where(Course.account_id == account_id)
        .group_by(col(Course.id))
        .order_by(col(Course.shortname))
    )
    rows = (await session.exec(statement)).all()
    return [CourseCounts(course, moment, *numbers) for course, moment, numbers in rows]


async def blob_by_sha1(session: AsyncSession, *, sha1: str) -> Blob | None:
    """Return the bytes' record; bytes belong to nobody, materials do."""
    return await session.get(Blob, sha1)


async def moodle_ids(session: AsyncSession, account_id: UUID) -> dict[UUID, int]:
    """Return the number in Moodle of each of the account's courses."""
    statement = select(Course.id, Course.moodle_id).where(Course.account_id == account_id)
    return dict((await session.exec(statement)).all())
