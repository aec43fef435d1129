"""The courses that make a student part of an audience, and whom they do not want to meet."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Block, Course, MoodleConnection


async def listed_courses(
    session: AsyncSession, account_id: UUID
) -> Sequence[tuple[Course, str]]:
    """Return the courses that Moodle lists for the account now, each with its site.

    By short name; of the same course on two connections the older connection's comes first.
    """
    statement = (
        select(Course, MoodleConnection.site_url)
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(Course.account_id == account_id, col(Course.listed))
        .order_by(col(Course.shortname), col(MoodleConnection.created_at), col(Course.id))
    )
    return (await session.exec(statement)).all()


async def classmates(
    session: AsyncSession, account_id: UUID, *, site_url: str, moodle_id: int
) -> Sequence[UUID]:
    """Return for whom else than the account Moodle lists a course now."""
    statement = (
        select(Course.account_id)
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(
            MoodleConnection.site_url == site_url,
            Course.moodle_id == moodle_id,
            Course.account_id != account_id,
            col(Course.listed),
        )
        .distinct()
    )
    return (await session.exec(statement)).all()


async def blocked_by(session: AsyncSession, account_id: UUID) -> set[UUID]:
    """Return whom the account does not want to meet."""
    statement = select(Block.blocked_id).where(Block.blocker_id == account_id)
    return set((await session.exec(statement)).all())
