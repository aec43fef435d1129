"""The courses that make a student part of an audience, and whom they do not want to meet."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, exists, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    Block,
    Course,
    GroupMember,
    GroupRole,
    MoodleConnection,
)


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


async def all_classmates(session: AsyncSession, account_id: UUID) -> Sequence[UUID]:
    """Return who else has any of the courses that Moodle lists for the account now."""
    mine, theirs = aliased(Course), aliased(Course)
    here, there = aliased(MoodleConnection), aliased(MoodleConnection)
    statement = (
        select(theirs.account_id)
        .join(there, col(there.id) == col(theirs.connection_id))
        .join(here, col(here.site_url) == col(there.site_url))
        .join(
            mine,
            and_(
                col(mine.connection_id) == col(here.id),
                col(mine.moodle_id) == col(theirs.moodle_id),
            ),
        )
        .where(
            mine.account_id == account_id,
            theirs.account_id != account_id,
            col(mine.listed),
            col(theirs.listed),
        )
        .distinct()
    )
    return (await session.exec(statement)).all()


async def is_apart(session: AsyncSession, account_id: UUID, *, other_id: UUID) -> bool:
    """Tell whether one of two students blocks the other."""
    pairs = [(account_id, other_id), (other_id, account_id)]
    statement = (
        select(Block.blocker_id)
        .where(tuple_(col(Block.blocker_id), col(Block.blocked_id)).in_(pairs))
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none() is not None


async def unheard(session: AsyncSession, account_id: UUID, *, group_id: UUID) -> set[UUID]:
    """Return whose words in a group the account does not read: whoever blocks whom.

    Who keeps a group clean is shut out by nobody, and misses only whom they block.
    """
    keeps_clean = exists().where(
        col(GroupMember.group_id) == group_id,
        col(GroupMember.account_id) == account_id,
        col(GroupMember.role).in_((GroupRole.OWNER, GroupRole.MODERATOR)),
    )
    blocked = select(Block.blocked_id).where(Block.blocker_id == account_id)
    blocks = select(Block.blocker_id).where(Block.blocked_id == account_id, ~keeps_clean)
    return {*(await session.exec(blocked)).all(), *(await session.exec(blocks)).all()}
