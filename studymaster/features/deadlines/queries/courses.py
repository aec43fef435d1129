"""Every SELECT on the courses by which due dates and announcements can be narrowed."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Course, MoodleConnection


async def listed(session: AsyncSession, account_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Return the ids and names of the account's listed courses, by name."""
    statement = (
        select(Course.id, Course.fullname)
        .where(Course.account_id == account_id, col(Course.listed))
        .order_by(col(Course.fullname), col(Course.id))
    )
    return (await session.exec(statement)).all()


async def of_number(
    session: AsyncSession, account_id: UUID, *, number: int, site_url: str | None
) -> UUID | None:
    """Return the account's course that Moodle knows by a number, the first site's first."""
    statement = (
        select(Course.id)
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(col(Course.account_id) == account_id, col(Course.moodle_id) == number)
        .order_by(col(MoodleConnection.created_at), col(MoodleConnection.id))
        .limit(1)
    )
    if site_url is not None:
        statement = statement.where(col(MoodleConnection.site_url) == site_url)
    return (await session.exec(statement)).one_or_none()
