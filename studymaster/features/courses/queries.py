"""Every SELECT on courses. The account comes first: no query sees another's rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.models import Course, MoodleConnection, read_at

Row = tuple[Course, str, datetime | None]
"""A course, the address of the Moodle that it lies in, and when it was last read there."""


def _own(account_id: UUID) -> Select[Course, str, datetime | None]:
    return (
        select(Course, col(MoodleConnection.site_url), read_at())
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(Course.account_id == account_id)
    )


async def courses(
    session: AsyncSession, account_id: UUID, *, offset: int = 0, limit: int | None = None
) -> Sequence[Row]:
    """Return the account's courses by short name; without `limit` all of them."""
    statement = (
        _own(account_id)
        .order_by(col(Course.shortname), col(Course.id))
        .offset(offset)
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def course_by_id(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> Row | None:
    """Return the course if it is the account's own."""
    statement = _own(account_id).where(Course.id == course_id)
    return (await session.exec(statement)).one_or_none()


async def course_by_moodle_id(
    session: AsyncSession, account_id: UUID, *, moodle_id: int, site_url: str | None
) -> Row | None:
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


async def courses_of_connection(
    session: AsyncSession, account_id: UUID, *, connection_id: UUID
) -> Sequence[Row]:
    """Return the courses that one Moodle site gave the account."""
    statement = _own(account_id).where(Course.connection_id == connection_id)
    return (await session.exec(statement)).all()
