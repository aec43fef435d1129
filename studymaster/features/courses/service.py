"""A student's courses."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.courses import queries, rules
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.models import Course


async def list_courses(work: UnitOfWork, *, account_id: UUID) -> list[CourseView]:
    """List the student's courses by short name."""
    return [_view(row) for row in await queries.courses(work.session, account_id)]


async def get_course(work: UnitOfWork, *, account_id: UUID, course_id: UUID) -> CourseView:
    """Return one of the student's courses."""
    row = await queries.course_by_id(work.session, account_id, course_id=course_id)
    if row is None:
        msg = "That course is not one of yours."
        raise NotFoundError(msg)
    return _view(row)


async def keep_listed(
    work: UnitOfWork,
    *,
    account_id: UUID,
    connection_id: UUID,
    listed: Sequence[ListedCourse],
    now: datetime,
) -> list[CourseView]:
    """Bring the courses up to what Moodle lists; one that is gone stays, marked."""
    known = {
        row.moodle_id: row
        for row in await queries.courses_of_connection(
            work.session, account_id, connection_id=connection_id
        )
    }
    lines = [row.line for row in await queries.courses(work.session, account_id)]
    for item in listed:
        row = known.get(item.moodle_id)
        if row is None:
            row = Course(
                account_id=account_id,
                connection_id=connection_id,
                moodle_id=item.moodle_id,
                shortname=item.shortname,
                fullname=item.fullname,
                line=rules.next_line(lines),
                created_at=now,
            )
            known[item.moodle_id] = row
            lines.append(row.line)
        row.shortname, row.fullname = item.shortname[:255], item.fullname[:400]
        work.session.add(row)
    on_list = {item.moodle_id for item in listed}
    for row in known.values():
        row.listed = row.moodle_id in on_list
    await work.session.flush()
    return [_view(known[item.moodle_id]) for item in listed]


async def mark_synced(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID, now: datetime
) -> None:
    """Note when a course was last brought in whole."""
    row = await queries.course_by_id(work.session, account_id, course_id=course_id)
    if row is not None:
        row.last_synced_at = now


def _view(row: Course) -> CourseView:
    return CourseView(
        id=str(row.id),
        moodle_id=row.moodle_id,
        shortname=row.shortname,
        fullname=row.fullname,
        line=row.line,
        listed=row.listed,
        sync_enabled=row.sync_enabled,
    )
