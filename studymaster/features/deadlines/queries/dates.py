"""Every statement on due dates: what is to do, what is done, and what the gradebook settles."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import and_, case, col, delete, exists, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.features.deadlines.queries import listed
from studymaster.features.deadlines.rules import LOOK_BACK, NOTHING_SHOWN
from studymaster.features.deadlines.schemas import ListedDeadline
from studymaster.models import (
    Course,
    Deadline,
    DeadlineKind,
    GradeItem,
    MoodleConnection,
    SubmissionState,
)

UNSETTLED = (SubmissionState.NONE, SubmissionState.DRAFT)

IN_ORDER: Final = (col(Deadline.due_at), col(Deadline.title), col(Deadline.id))
LATEST_FIRST: Final = (col(Deadline.due_at).desc(), *IN_ORDER[1:])

DEADLINE: Final = tuple(one.name for one in fields(ListedDeadline))
"""What Moodle tells of a due date: each in a column of that name."""

_told = attrgetter(*DEADLINE)


class DueRow(NamedTuple):
    """A due date, its course, the address of its Moodle, and whether it is `graded`.

    `graded` says that the gradebook shows a grade: how far the work itself is was perhaps
    asked before there was one, or never.
    """

    deadline: Deadline
    course: Course
    site_url: str
    graded: bool


class KnownDeadline(NamedTuple):
    """The id of a due date, and what is known of it."""

    id: UUID
    told: ListedDeadline


async def known(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_ids: Collection[UUID],
    kinds: Collection[DeadlineKind],
) -> list[KnownDeadline]:
    """Return the due dates of these kinds in these courses."""
    rows = await listed.known(
        session,
        account_id,
        table=Deadline,
        names=("id", *DEADLINE),
        where=(col(Deadline.course_id).in_(course_ids), col(Deadline.kind).in_(kinds)),
    )
    return [KnownDeadline(row[0], ListedDeadline(*row[1:])) for row in rows]


async def keep(
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
            "created_at": now,
            **dict(zip(DEADLINE, _told(one), strict=True)),
        }
        for row_id, one in deadlines
    ]
    key = ("course_id", "kind", "cmid")
    return await listed.keep(
        session, account_id, statement=statement, rows=rows, key=key, taken=taken
    )


async def remove(session: AsyncSession, account_id: UUID, *, ids: Collection[UUID]) -> None:
    """Remove these due dates."""
    statement = delete(Deadline).where(
        col(Deadline.account_id) == account_id, col(Deadline.id).in_(ids)
    )
    await session.exec(statement)


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


def _is_unsettled() -> ColumnElement[bool]:
    """Tell whether nothing says that it is handed in or graded."""
    submission = col(Deadline.submission)
    return and_(~_is_graded(), or_(submission.is_(None), submission.in_(UNSETTLED)))


def _is_to_do(now: datetime) -> ColumnElement[bool]:
    """Tell what the rules call ahead or overdue: the same as `rules.group_of`."""
    is_event = col(Deadline.kind) == DeadlineKind.EVENT
    always_taken = and_(
        col(Deadline.closes_at).is_(None), col(Deadline.kind) != DeadlineKind.QUIZ
    )
    overdue = and_(
        col(Deadline.due_at) >= now - LOOK_BACK,
        or_(col(Deadline.submission).is_not(None), is_event),
        or_(col(Deadline.closes_at) >= now, always_taken),
    )
    return and_(_is_unsettled(), or_(col(Deadline.due_at) >= now, overdue))


async def to_do(
    session: AsyncSession,
    account_id: UUID,
    *,
    now: datetime,
    course_id: UUID | None,
    offset: int,
    limit: int,
) -> list[DueRow]:
    """Return what is still to do in listed courses, the earliest due date first."""
    statement = _due(account_id, course_id).where(_is_to_do(now)).order_by(*IN_ORDER)
    return await _rows(session, statement.offset(offset).limit(limit))


async def done(
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
    is_done = func.coalesce(_is_to_do(now), False).is_(False)
    statement = _due(account_id, course_id).where(is_done).order_by(*LATEST_FIRST)
    return await _rows(session, statement.offset(offset).limit(limit))


async def unsettled(
    session: AsyncSession, account_id: UUID, *, since: datetime, before: datetime
) -> list[DueRow]:
    """Return what is due between two moments in listed courses, the earliest first.

    What is handed in or graded is not due any more.
    """
    statement = _due(account_id).where(
        _is_unsettled(), col(Deadline.due_at) >= since, col(Deadline.due_at) < before
    )
    return await _rows(session, statement.order_by(*IN_ORDER))


async def all_since(
    session: AsyncSession, account_id: UUID, *, since: datetime
) -> list[DueRow]:
    """Return all due dates of listed courses from a moment on, the earliest first."""
    statement = _due(account_id).where(col(Deadline.due_at) >= since)
    return await _rows(session, statement.order_by(*IN_ORDER))


async def of_course(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> list[DueRow]:
    """Return all due dates of a course, the earliest first."""
    return await _rows(session, _due(account_id, course_id).order_by(*IN_ORDER))


def _due(
    account_id: UUID, course_id: UUID | None = None
) -> Select[Deadline, Course, str, bool]:
    statement = (
        select(Deadline, Course, col(MoodleConnection.site_url), _is_graded())
        .join(Course, col(Course.id) == col(Deadline.course_id))
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(col(Deadline.account_id) == account_id, col(Course.listed))
    )
    return statement if course_id is None else statement.where(Course.id == course_id)


async def _rows(
    session: AsyncSession, statement: Select[Deadline, Course, str, bool]
) -> list[DueRow]:
    return [DueRow._make(row) for row in (await session.exec(statement)).all()]
