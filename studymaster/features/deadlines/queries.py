"""Every statement on due dates, announcements and calendar feeds. The account comes first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Executable
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import and_, case, col, delete, exists, func, or_, select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.features.deadlines.rules import LOOK_BACK, NOTHING_SHOWN
from studymaster.features.deadlines.schemas import ListedAnnouncement, ListedDeadline
from studymaster.models import (
    Account,
    Announcement,
    CalendarFeed,
    Course,
    Deadline,
    DeadlineKind,
    GradeItem,
    MoodleConnection,
    SubmissionState,
)

UNSETTLED = (SubmissionState.NONE, SubmissionState.DRAFT)

ALIKE: Final = (col(Deadline.title), col(Deadline.id))
"""The order of what is due at the same moment."""


class DueRow(NamedTuple):
    """A due date, its course, the address of its Moodle, and whether it is `graded`.

    `graded` says that the gradebook shows a grade: how far the work itself is was perhaps
    asked before there was one, or never.
    """

    deadline: Deadline
    course: Course
    site_url: str
    graded: bool


class ToldRow(NamedTuple):
    """An announcement and its course."""

    announcement: Announcement
    course: Course


class Reader(NamedTuple):
    """Whose due dates a calendar program reads, and by which clock they are told."""

    account_id: UUID
    time_zone: str


class KnownDeadline(NamedTuple):
    """The id of a due date, and what is known of it."""

    id: UUID
    told: ListedDeadline


class KnownAnnouncement(NamedTuple):
    """The id of an announcement, its course, and what is known of it."""

    id: UUID
    course_id: UUID
    told: ListedAnnouncement


DEADLINE: Final = tuple(one.name for one in fields(ListedDeadline))
ANNOUNCEMENT: Final = tuple(one.name for one in fields(ListedAnnouncement))
"""What Moodle tells of either: each in a column of that name."""

_of_deadline, _of_announcement = attrgetter(*DEADLINE), attrgetter(*ANNOUNCEMENT)


async def known_deadlines(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_ids: Collection[UUID],
    kinds: Collection[DeadlineKind],
) -> list[KnownDeadline]:
    """Return the due dates of these kinds in these courses."""
    columns: list[ColumnElement[Any]] = [getattr(Deadline, name) for name in DEADLINE]
    statement = select_columns(col(Deadline.id), *columns).where(
        col(Deadline.account_id) == account_id,
        col(Deadline.course_id).in_(course_ids),
        col(Deadline.kind).in_(kinds),
    )
    rows = await _columns(session, statement)
    return [KnownDeadline(row[0], ListedDeadline(*row[1:])) for row in rows]


async def keep_deadlines(
    session: AsyncSession,
    account_id: UUID,
    *,
    deadlines: Sequence[KnownDeadline],
    now: datetime,
) -> set[UUID]:
    """Write due dates, new ones and others; return the ids of what was different.

    A submission of None leaves what is known.
    """
    statement = insert(Deadline)
    told = statement.excluded
    taken: dict[str, ColumnElement[Any]] = {name: told[name] for name in DEADLINE}
    taken["submission"] = func.coalesce(told.submission, col(Deadline.submission))
    taken["submitted_at"] = case(
        (told.submission.is_(None), col(Deadline.submitted_at)), else_=told.submitted_at
    )
    rows = [
        {
            "id": row_id,
            "account_id": account_id,
            "created_at": now,
            **dict(zip(DEADLINE, _of_deadline(one), strict=True)),
        }
        for row_id, one in deadlines
    ]
    key = ("course_id", "kind", "cmid")
    return await _keep(session, statement, rows, key=key, taken=taken)


async def remove_deadlines(
    session: AsyncSession, account_id: UUID, *, ids: Collection[UUID]
) -> None:
    """Remove these due dates."""
    statement = delete(Deadline).where(
        col(Deadline.account_id) == account_id, col(Deadline.id).in_(ids)
    )
    await session.exec(statement)


async def known_announcements(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_ids: Collection[UUID],
    discussion_ids: Collection[int],
) -> list[KnownAnnouncement]:
    """Return what is here of these discussions in these courses."""
    columns: list[ColumnElement[Any]] = [
        getattr(Announcement, name) for name in ANNOUNCEMENT
    ]
    statement = select_columns(
        col(Announcement.id), col(Announcement.course_id), *columns
    ).where(
        col(Announcement.account_id) == account_id,
        col(Announcement.course_id).in_(course_ids),
        col(Announcement.discussion_id).in_(discussion_ids),
    )
    rows = await _columns(session, statement)
    return [KnownAnnouncement(row[0], row[1], ListedAnnouncement(*row[2:])) for row in rows]


async def _columns(session: AsyncSession, statement: Executable) -> Iterable[Sequence[Any]]:
    """Return what a statement selects, without rows of a table.

    A run looks at thousands of lines of which nearly all are as they were.
    """
    connection = await session.connection()
    return await connection.execute(statement)


async def keep_announcements(
    session: AsyncSession,
    account_id: UUID,
    *,
    announcements: Sequence[KnownAnnouncement],
    now: datetime,
) -> set[UUID]:
    """Write announcements, new ones and others; return the ids of what was different."""
    statement = insert(Announcement)
    taken = {name: statement.excluded[name] for name in ANNOUNCEMENT}
    rows = [
        {
            "id": row_id,
            "account_id": account_id,
            "course_id": course_id,
            "created_at": now,
            **dict(zip(ANNOUNCEMENT, _of_announcement(one), strict=True)),
        }
        for row_id, course_id, one in announcements
    ]
    key = ("course_id", "discussion_id")
    return await _keep(session, statement, rows, key=key, taken=taken)


async def _keep(
    session: AsyncSession,
    statement: Insert,
    rows: Sequence[Mapping[str, object]],
    *,
    key: Sequence[str],
    taken: Mapping[str, ColumnElement[Any]],
) -> set[UUID]:
    """Write rows, or what is taken of them where the account has one under the same key."""
    here = statement.table.c
    differs = tuple_(*taken.values()).is_distinct_from(tuple_(*map(here.get, taken)))
    statement = statement.on_conflict_do_update(
        index_elements=key,
        set_=taken,
        where=and_(here.account_id == statement.excluded.account_id, differs),
    )
    # In one order: in two, two who write the same could wait for each other.
    ordered = sorted(rows, key=itemgetter(*key))
    connection = await session.connection()
    found = await connection.execute(statement.returning(here.id), ordered)
    return set(found.scalars())


async def add(
    session: AsyncSession, account_id: UUID, *, rows: Sequence[CalendarFeed]
) -> None:
    """Write the account's calendar feed where it has none."""
    values = [{**row.model_dump(), "account_id": account_id} for row in rows]
    await session.exec(insert(CalendarFeed).on_conflict_do_nothing(), params=values)


def _is_graded() -> ColumnElement[bool]:
    """Tell whether the gradebook shows a grade for what is due, in figures or in words."""
    return exists().where(
        col(GradeItem.account_id) == col(Deadline.account_id),
        col(GradeItem.course_id) == col(Deadline.course_id),
        col(GradeItem.cmid) == col(Deadline.cmid),
        or_(
            col(GradeItem.grade).is_not(None),
            func.trim(col(GradeItem.shown)).not_in(NOTHING_SHOWN),
        ),
    )


def _to_do(now: datetime) -> ColumnElement[bool]:
    """Tell what the rules call ahead or overdue: the same as `rules.group_of`."""
    submission, ungraded = col(Deadline.submission), ~_is_graded()
    is_event = col(Deadline.kind) == DeadlineKind.EVENT
    ahead = and_(
        ungraded,
        col(Deadline.due_at) >= now,
        or_(submission.is_(None), submission.in_(UNSETTLED)),
    )
    always_taken = and_(
        col(Deadline.closes_at).is_(None), col(Deadline.kind) != DeadlineKind.QUIZ
    )
    overdue = and_(
        ungraded,
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
    statement = _due(account_id, course_id).where(_to_do(now))
    statement = statement.order_by(col(Deadline.due_at), *ALIKE)
    return await _due_rows(session, statement.offset(offset).limit(limit))


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
    # Of unknown facts SQL says neither yes nor no.
    is_done = func.coalesce(_to_do(now), False).is_(False)
    statement = _due(account_id, course_id).where(is_done)
    statement = statement.order_by(col(Deadline.due_at).desc(), *ALIKE)
    return await _due_rows(session, statement.offset(offset).limit(limit))


async def deadlines_since(
    session: AsyncSession, account_id: UUID, *, since: datetime
) -> list[DueRow]:
    """Return all due dates of listed courses from a moment on, the earliest first."""
    statement = _due(account_id, None).where(col(Deadline.due_at) >= since)
    return await _due_rows(session, statement.order_by(col(Deadline.due_at), *ALIKE))


def _due(account_id: UUID, course_id: UUID | None) -> Select[Deadline, Course, str, bool]:
    statement = (
        select(Deadline, Course, col(MoodleConnection.site_url), _is_graded())
        .join(Course, col(Course.id) == col(Deadline.course_id))
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(col(Deadline.account_id) == account_id, col(Course.listed))
    )
    return statement if course_id is None else statement.where(Course.id == course_id)


async def deadlines_of_course(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> list[DueRow]:
    """Return all due dates of a course, the earliest first."""
    statement = _due(account_id, course_id).order_by(col(Deadline.due_at), *ALIKE)
    return await _due_rows(session, statement)


async def _due_rows(
    session: AsyncSession, statement: Select[Deadline, Course, str, bool]
) -> list[DueRow]:
    return [DueRow._make(row) for row in (await session.exec(statement)).all()]


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


async def announcement_counts(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> Sequence[tuple[int, int]]:
    """Return how many announcements of a course are here, by forum (cmid)."""
    statement = (
        select(Announcement.cmid, func.count())
        .where(Announcement.account_id == account_id, Announcement.course_id == course_id)
        .group_by(col(Announcement.cmid))
    )
    return (await session.exec(statement)).all()


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
