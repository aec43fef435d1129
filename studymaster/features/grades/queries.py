"""Every statement on grades. The account comes first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Executable
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.features.grades.schemas import ListedGrade
from studymaster.models import Course, GradeItem, GradePoint, MoodleConnection, SyncRun

CourseRow = tuple[Course, str]
"""A course and the address of the Moodle that it lies in."""


class KnownLine(NamedTuple):
    """The id of a line of a gradebook, its course, and what is known of it."""

    id: UUID
    course_id: UUID
    told: ListedGrade


SHOWN: Final = tuple(one.name for one in fields(ListedGrade))
"""What Moodle tells of a line: each in a column of that name."""

_told = attrgetter(*SHOWN)


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


async def has_courses(session: AsyncSession, account_id: UUID) -> bool:
    """Tell whether the account has a course that its Moodle lists."""
    listed = exists().where(
        col(Course.account_id) == account_id, col(Course.listed).is_(True)
    )
    return (await session.exec(select(listed))).one()


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


async def lock_courses(
    session: AsyncSession, account_id: UUID, *, course_ids: Collection[UUID]
) -> set[UUID]:
    """Hold those that are the account's until the end of the transaction; return them.

    Others may go on adding rows that name them.
    """
    # By their ids: in two orders, two who hold the same could wait for each other.
    statement = (
        select(Course.id)
        .where(Course.account_id == account_id, col(Course.id).in_(course_ids))
        .order_by(col(Course.id))
        .with_for_update(key_share=True)
    )
    return set((await session.exec(statement)).all())


async def lines(
    session: AsyncSession, account_id: UUID, *, course_ids: Collection[UUID]
) -> dict[UUID, dict[int, KnownLine]]:
    """Return what the account's gradebooks show: by course and Moodle's number."""
    columns: list[ColumnElement[Any]] = [getattr(GradeItem, name) for name in SHOWN]
    statement = select_columns(col(GradeItem.id), col(GradeItem.course_id), *columns).where(
        col(GradeItem.account_id) == account_id, col(GradeItem.course_id).in_(course_ids)
    )
    found = defaultdict[UUID, dict[int, KnownLine]](dict)
    for row in await _columns(session, statement):
        line = KnownLine(row[0], row[1], ListedGrade(*row[2:]))
        found[line.course_id][line.told.moodle_id] = line
    return found


async def _columns(session: AsyncSession, statement: Executable) -> Iterable[Sequence[Any]]:
    """Return what a statement selects, without rows of a table.

    A run looks at thousands of lines of which nearly all are as they were.
    """
    connection = await session.connection()
    return await connection.execute(statement)


async def items(
    session: AsyncSession, account_id: UUID, *, course_ids: Collection[UUID]
) -> Sequence[GradeItem]:
    """Return the lines of the account's gradebooks in Moodle's order."""
    statement = (
        select(GradeItem)
        .where(GradeItem.account_id == account_id, col(GradeItem.course_id).in_(course_ids))
        .order_by(
            col(GradeItem.course_id), col(GradeItem.position), col(GradeItem.moodle_id)
        )
    )
    return (await session.exec(statement)).all()


async def keep_items(
    session: AsyncSession, account_id: UUID, *, items: Sequence[KnownLine], now: datetime
) -> None:
    """Write lines, those that are here and new ones, into courses that are held."""
    statement = insert(GradeItem)
    statement = statement.on_conflict_do_update(
        index_elements=["course_id", "moodle_id"],
        set_={name: statement.excluded[name] for name in SHOWN},
    )
    rows = [
        {
            "id": item_id,
            "account_id": account_id,
            "course_id": course_id,
            "created_at": now,
            **dict(zip(SHOWN, _told(one), strict=True)),
        }
        for item_id, course_id, one in items
    ]
    connection = await session.connection()
    await connection.execute(statement, rows)


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
    session: AsyncSession,
    account_id: UUID,
    *,
    grades: Mapping[UUID, float | None],
    now: datetime,
) -> None:
    """Write what lines, by id, show from now on; of one moment the last word counts."""
    statement = insert(GradePoint)
    statement = statement.on_conflict_do_update(
        index_elements=["item_id", "seen_at"], set_={"grade": statement.excluded.grade}
    )
    rows = [
        {"account_id": account_id, "item_id": item_id, "seen_at": now, "grade": grade}
        for item_id, grade in grades.items()
    ]
    connection = await session.connection()
    await connection.execute(statement, rows)


async def newest_run_end(session: AsyncSession, account_id: UUID) -> datetime | None:
    """Return when a run of the account last ended: grades change with runs only."""
    statement = select(func.max(SyncRun.finished_at)).where(
        SyncRun.account_id == account_id
    )
    return (await session.exec(statement)).one()
