"""Every statement on due dates, announcements and calendar feeds. The account comes first."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import and_, col, delete, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.deadlines.rules import LOOK_BACK
from studymaster.models import (
    Account,
    Announcement,
    CalendarFeed,
    Course,
    Deadline,
    DeadlineKind,
    MoodleConnection,
    SubmissionState,
)

UNSETTLED = (SubmissionState.NONE, SubmissionState.DRAFT)


Row: TypeAlias = Deadline | Announcement | CalendarFeed
"""What is written once, however many write it at the same time."""


class DueRow(NamedTuple):
    """A due date, its course, and the address of the Moodle that both are in."""

    deadline: Deadline
    course: Course
    site_url: str


class ToldRow(NamedTuple):
    """An announcement and its course."""

    announcement: Announcement
    course: Course


class Reader(NamedTuple):
    """Whose due dates a calendar program reads, and by which clock they are told."""

    account_id: UUID
    time_zone: str


async def deadlines_of(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_ids: Collection[UUID],
    kinds: Collection[DeadlineKind],
) -> Sequence[Deadline]:
    """Return the due dates of these kinds in these courses."""
    statement = select(Deadline).where(
        Deadline.account_id == account_id,
        col(Deadline.course_id).in_(course_ids),
        col(Deadline.kind).in_(kinds),
    )
    return (await session.exec(statement)).all()


async def remove_deadlines(
    session: AsyncSession, account_id: UUID, *, ids: Collection[UUID]
) -> None:
    """Remove these due dates."""
    statement = delete(Deadline).where(
        col(Deadline.account_id) == account_id, col(Deadline.id).in_(ids)
    )
    await session.exec(statement)


async def announcements_of(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_id: UUID,
    discussion_ids: Collection[int],
) -> Sequence[Announcement]:
    """Return those of these announcements of a course that are here."""
    statement = select(Announcement).where(
        Announcement.account_id == account_id,
        Announcement.course_id == course_id,
        col(Announcement.discussion_id).in_(discussion_ids),
    )
    return (await session.exec(statement)).all()


async def add(session: AsyncSession, account_id: UUID, *, rows: Sequence[Row]) -> set[UUID]:
    """Write rows of one table that nobody else wrote meanwhile; return the ids of those."""
    table = type(rows[0])
    statement = insert(table).on_conflict_do_nothing().returning(col(table.id))
    values = [{**row.model_dump(), "account_id": account_id} for row in rows]
    return set((await session.exec(statement, params=values)).scalars().all())


def _to_do(now: datetime) -> ColumnElement[bool]:
    """Tell what the rules call ahead or overdue: the same as `rules.group_of`."""
    submission = col(Deadline.submission)
    is_event = col(Deadline.kind) == DeadlineKind.EVENT
    ahead = and_(
        col(Deadline.due_at) >= now,
        or_(submission.is_(None), submission.in_(UNSETTLED)),
    )
    always_taken = and_(
        col(Deadline.closes_at).is_(None), col(Deadline.kind) != DeadlineKind.QUIZ
    )
    overdue = and_(
        col(Deadline.due_at) < now,
        col(Deadline.due_at) >= now - LOOK_BACK,
        or_(submission.in_(UNSETTLED), and_(submission.is_(None), is_event)),
        or_(col(Deadline.closes_at) >= now, always_taken),
    )
    return or_(ahead, overdue)


async def deadlines_to_do(
    session: AsyncSession,
    account_id: UUID,
    *,
    now: datetime,
    course_id: UUID | None,
    offset: int,
    limit: int,
) -> list[DueRow]:
    """Return what is still to do in listed courses, the earliest due date first."""
    statement = (
        _due(account_id, course_id)
        .where(_to_do(now))
        .order_by(col(Deadline.due_at), col(Deadline.title), col(Deadline.id))
        .offset(offset)
        .limit(limit)
    )
    return [DueRow._make(row) for row in (await session.exec(statement)).all()]


async def deadlines_done(
    session: AsyncSession,
    account_id: UUID,
    *,
    now: datetime,
    course_id: UUID | None,
    offset: int,
    limit: int,
) -> list[DueRow]:
    """Return what is handed in, closed or over in listed courses, the latest first."""
    statement = (
        _due(account_id, course_id)
        # Of unknown facts SQL says neither yes nor no.
        .where(func.coalesce(_to_do(now), False).is_(False))
        .order_by(col(Deadline.due_at).desc(), col(Deadline.title), col(Deadline.id))
        .offset(offset)
        .limit(limit)
    )
    return [DueRow._make(row) for row in (await session.exec(statement)).all()]


async def deadlines_since(
    session: AsyncSession, account_id: UUID, *, since: datetime
) -> list[DueRow]:
    """Return all due dates of listed courses from a moment on, the earliest first."""
    statement = (
        _due(account_id, None)
        .where(col(Deadline.due_at) >= since)
        .order_by(col(Deadline.due_at), col(Deadline.id))
    )
    return [DueRow._make(row) for row in (await session.exec(statement)).all()]


def _due(account_id: UUID, course_id: UUID | None):  # noqa: ANN202 - a Select of three, which no type names
    statement = (
        select(Deadline, Course, col(MoodleConnection.site_url))
        .join(Course, col(Course.id) == col(Deadline.course_id))
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(col(Deadline.account_id) == account_id, col(Course.listed))
    )
    return statement if course_id is None else statement.where(Course.id == course_id)


async def announcements(
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


async def courses(session: AsyncSession, account_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Return the ids and names of the account's listed courses, by name."""
    statement = (
        select(Course.id, Course.fullname)
        .where(Course.account_id == account_id, col(Course.listed))
        .order_by(col(Course.fullname), col(Course.id))
    )
    return (await session.exec(statement)).all()


async def course_of_number(
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


async def feed(session: AsyncSession, account_id: UUID) -> CalendarFeed | None:
    """Return the account's calendar feed, if it is switched on."""
    statement = select(CalendarFeed).where(CalendarFeed.account_id == account_id)
    return (await session.exec(statement)).one_or_none()


async def reader_by_key(session: AsyncSession, *, key: str) -> Reader | None:
    """Return whose due dates lie under a key."""
    statement = (
        select(CalendarFeed.account_id, Account.time_zone)
        .join(Account, col(Account.id) == col(CalendarFeed.account_id))
        .where(CalendarFeed.key == key)
    )
    row = (await session.exec(statement)).one_or_none()
    return row and Reader._make(row)


async def change_key(session: AsyncSession, account_id: UUID, *, key: str) -> bool:
    """Put the account's feed under another key; tell whether there is a feed."""
    statement = (
        update(CalendarFeed)
        .where(col(CalendarFeed.account_id) == account_id)
        .values(key=key)
        .returning(col(CalendarFeed.id))
    )
    return (await session.exec(statement)).first() is not None


async def remove_feed(session: AsyncSession, account_id: UUID) -> bool:
    """Remove the account's feed; tell whether there was one."""
    statement = (
        delete(CalendarFeed)
        .where(col(CalendarFeed.account_id) == account_id)
        .returning(col(CalendarFeed.id))
    )
    return (await session.exec(statement)).first() is not None
