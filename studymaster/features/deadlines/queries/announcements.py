"""Every statement on what teachers announced."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.deadlines.queries import listed
from studymaster.features.deadlines.schemas import ListedAnnouncement
from studymaster.models import Announcement, Course

ANNOUNCEMENT: Final = tuple(one.name for one in fields(ListedAnnouncement))
"""What Moodle tells of one: each in a column of that name."""

_told = attrgetter(*ANNOUNCEMENT)


class ToldRow(NamedTuple):
    """An announcement and its course."""

    announcement: Announcement
    course: Course


class KnownAnnouncement(NamedTuple):
    """The id of an announcement, its course, and what is known of it."""

    id: UUID
    course_id: UUID
    told: ListedAnnouncement


async def known(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_ids: Collection[UUID],
    discussion_ids: Collection[int],
) -> list[KnownAnnouncement]:
    """Return what is here of these discussions in these courses."""
    rows = await listed.known(
        session,
        account_id,
        table=Announcement,
        names=("id", "course_id", *ANNOUNCEMENT),
        where=(
            col(Announcement.course_id).in_(course_ids),
            col(Announcement.discussion_id).in_(discussion_ids),
        ),
    )
    return [KnownAnnouncement(row[0], row[1], ListedAnnouncement(*row[2:])) for row in rows]


async def keep(
    session: AsyncSession,
    account_id: UUID,
    *,
    announcements: Sequence[KnownAnnouncement],
    now: datetime,
) -> set[UUID]:
    """Write announcements, new ones and others; return the ids of what was different."""
    statement = insert(Announcement)
    rows = [
        {
            "id": row_id,
            "course_id": course_id,
            "created_at": now,
            **dict(zip(ANNOUNCEMENT, _told(one), strict=True)),
        }
        for row_id, course_id, one in announcements
    ]
    return await listed.keep(
        session,
        account_id,
        statement=statement,
        rows=rows,
        key=("course_id", "discussion_id"),
        taken={name: statement.excluded[name] for name in ANNOUNCEMENT},
    )


async def newest(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_id: UUID | None,
    offset: int,
    limit: int,
) -> list[ToldRow]:
    """Return the announcements of listed courses, the newest first."""
    statement = (
        select(Announcement, Course)
        .join(Course, col(Course.id) == col(Announcement.course_id))
        .where(col(Announcement.account_id) == account_id, col(Course.listed))
        .order_by(col(Announcement.posted_at).desc(), col(Announcement.id))
        .offset(offset)
        .limit(limit)
    )
    if course_id is not None:
        statement = statement.where(Course.id == course_id)
    return [ToldRow._make(row) for row in (await session.exec(statement)).all()]


async def counts(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> Sequence[tuple[int, int]]:
    """Return how many announcements of a course are here, by forum (cmid)."""
    statement = (
        select(Announcement.cmid, func.count())
        .where(Announcement.account_id == account_id, Announcement.course_id == course_id)
        .group_by(col(Announcement.cmid))
    )
    return (await session.exec(statement)).all()
