"""Every statement on grades. The account comes first."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.models import Course, GradeItem, GradePoint, MoodleConnection, SyncRun

CourseRow = tuple[Course, str]
"""A course and the address of the Moodle that it lies in."""


def _own(account_id: UUID) -> Select[Course, str]:
    return (
        select(Course, col(MoodleConnection.site_url))
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(Course.account_id == account_id)
    )


async def courses_with_grades(
    session: AsyncSession, account_id: UUID, *, offset: int = 0, limit: int | None = None
) -> Sequence[CourseRow]:
    """Return the account's courses that have a gradebook, by short name."""
    has_lines = (
        select(GradeItem.id)
        .where(GradeItem.account_id == account_id, GradeItem.course_id == Course.id)
        .exists()
    )
    statement = (
        _own(account_id)
        .where(has_lines)
        .order_by(col(Course.shortname), col(Course.id))
        .offset(offset)
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def course_by_id(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> CourseRow | None:
    """Return the course if it is the account's own."""
    statement = _own(account_id).where(Course.id == course_id)
    return (await session.exec(statement)).one_or_none()


async def course_by_moodle_id(
    session: AsyncSession, account_id: UUID, *, moodle_id: int, site_url: str | None
) -> CourseRow | None:
    """Return the account's course with that number, of that site or the one connected first."""
    statement = (
        _own(account_id)
        .where(Course.moodle_id == moodle_id)
        .order_by(col(MoodleConnection.created_at), col(MoodleConnection.id))
        .limit(1)
    )
    if site_url is not None:
        statement = statement.where(MoodleConnection.site_url == site_url)
    return (await session.exec(statement)).one_or_none()


async def lock_course(session: AsyncSession, account_id: UUID, *, course_id: UUID) -> bool:
    """Hold the account's course until the end of the transaction; tell whether it is there.

    Others may go on adding rows that name it.
    """
    statement = (
        select(Course.id)
        .where(Course.account_id == account_id, Course.id == course_id)
        .with_for_update(key_share=True)
    )
    return (await session.exec(statement)).first() is not None


SHOWN: Final = (
    "cmid",
    "kind",
    "name",
    "position",
    "grade",
    "minimum",
    "maximum",
    "weight",
    "shown",
    "feedback",
    "graded_at",
)
"""What Moodle shows of a line, besides its number."""


async def shown(
    session: AsyncSession, account_id: UUID, *, course_ids: Collection[UUID]
) -> dict[UUID, dict[int, tuple[object, ...]]]:
    """Return what the account's gradebooks show: by course and Moodle's number, as SHOWN."""
    columns: list[ColumnElement[object]] = [getattr(GradeItem, name) for name in SHOWN]
    statement = select_columns(
        col(GradeItem.course_id), col(GradeItem.moodle_id), *columns
    ).where(
        col(GradeItem.account_id) == account_id, col(GradeItem.course_id).in_(course_ids)
    )
    # No rows of the table: a run looks at thousands of lines that are as they were.
    connection = await session.connection()
    found = defaultdict[UUID, dict[int, tuple[object, ...]]](dict)
    for course_id, number, *values in await connection.execute(statement):
        found[course_id][number] = tuple(values)
    return found


async def items(
    session: AsyncSession, account_id: UUID, *, course_ids: Collection[UUID]
) -> Sequence[GradeItem]:
    """Return the lines of the account's gradebooks in Moodle's order, as they are now."""
    statement = (
        select(GradeItem)
        .where(GradeItem.account_id == account_id, col(GradeItem.course_id).in_(course_ids))
        .order_by(
            col(GradeItem.course_id), col(GradeItem.position), col(GradeItem.moodle_id)
        )
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).all()


async def remove_items(
    session: AsyncSession, account_id: UUID, *, item_ids: Collection[UUID]
) -> None:
    """Forget lines and what they showed."""
    statement = delete(GradeItem).where(
        col(GradeItem.account_id) == account_id, col(GradeItem.id).in_(item_ids)
    )
    await session.exec(statement)


async def points(
    session: AsyncSession, account_id: UUID, *, item_ids: Collection[UUID]
) -> Sequence[GradePoint]:
    """Return what lines of the account showed, the oldest first."""
    statement = (
        select(GradePoint)
        .where(GradePoint.account_id == account_id, col(GradePoint.item_id).in_(item_ids))
        .order_by(col(GradePoint.seen_at))
    )
    return (await session.exec(statement)).all()


async def keep_points(
    session: AsyncSession, account_id: UUID, *, points: Sequence[GradePoint]
) -> None:
    """Write what lines show from a moment on; of one moment the last word counts."""
    if not points:
        return
    statement = insert(GradePoint).values(
        [{**point.model_dump(), "account_id": account_id} for point in points]
    )
    await session.exec(
        statement.on_conflict_do_update(
            index_elements=["item_id", "seen_at"],
            set_={"grade": statement.excluded.grade},
        )
    )


async def newest_run_end(session: AsyncSession, account_id: UUID) -> datetime | None:
    """Return when a run of the account last ended: grades change with runs only."""
    statement = select(func.max(SyncRun.finished_at)).where(
        SyncRun.account_id == account_id
    )
    return (await session.exec(statement)).one()
