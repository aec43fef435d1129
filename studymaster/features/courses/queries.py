"""Every SELECT on courses. The account comes first: no query sees another's rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Course


async def courses(session: AsyncSession, account_id: UUID) -> Sequence[Course]:
    """Return the account's courses by short name."""
    statement = (
        select(Course)
        .where(Course.account_id == account_id)
        .order_by(col(Course.shortname), col(Course.id))
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


async def courses_of_connection(
    session: AsyncSession, account_id: UUID, *, connection_id: UUID
) -> Sequence[Course]:
    """Return the courses that one Moodle site gave the account."""
    statement = select(Course).where(
        Course.account_id == account_id, Course.connection_id == connection_id
    )
    return (await session.exec(statement)).all()
