"""A student's courses."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.courses import queries, rules
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.models import Course
from studymaster.paging import Stretch, Window, stretch

NO_COURSE = "That course is not one of yours."


async def list_courses(work: UnitOfWork, *, account_id: UUID) -> list[CourseView]:
    """List the student's courses by short name."""
    return [_view(*row) for row in await queries.courses(work.session, account_id)]


async def stretch_of_courses(
    work: UnitOfWork, *, account_id: UUID, window: Window
) -> Stretch[CourseView]:
    """Return a part of the list of the student's courses by short name."""
    rows = await queries.courses(
        work.session, account_id, offset=window.offset, limit=window.probe
    )
    return stretch([_view(*row) for row in rows], window=window)


async def get_course(work: UnitOfWork, *, account_id: UUID, course_id: UUID) -> CourseView:
    """Return one of the student's courses."""
    row = await queries.course_by_id(work.session, account_id, course_id=course_id)
    if row is None:
        raise NotFoundError(NO_COURSE)
    return _view(*row)


async def course_of_moodle_id(
    work: UnitOfWork, *, account_id: UUID, moodle_id: int, site_url: str | None = None
) -> CourseView:
    """Return the student's course by its number in Moodle.

    Where several sites know the number, it is that of `site_url`, else of the site that was
    connected first.

    Raises:
        NotFoundError: the student has no such course.
    """
    row = None
    if rules.is_moodle_id(moodle_id) and "\x00" not in (site_url or ""):
        row = await queries.course_by_moodle_id(
            work.session, account_id, moodle_id=moodle_id, site_url=site_url
        )
    if row is None:
        raise NotFoundError(NO_COURSE)
    return _view(*row)


async def switch_sync(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID, on: bool, now: datetime
) -> CourseView:
    """Have a course read by coming syncs, or keep it as it is from now on."""
    row = await queries.course_by_id(work.session, account_id, course_id=course_id)
    if row is None:
        raise NotFoundError(NO_COURSE)
    course, _, read_at = row
    if on and not course.sync_enabled:
        course.followed_since = now
    course.sync_enabled, course.last_synced_at = on, read_at
    outdate(work, account_id=account_id)
    work.announce(news_for(account_id, Topic.SYNC))
    return _view(*row)


async def keep_listed(
    work: UnitOfWork,
    *,
    account_id: UUID,
    connection_id: UUID,
    listed: Sequence[ListedCourse],
    now: datetime,
) -> list[CourseView]:
    """Bring the courses up to what Moodle lists; one that is gone stays, marked.

    Returns those listed. Nothing is written where nothing differs.
    """
    rows = await queries.courses(work.session, account_id)
    own = [row for row in rows if row[0].connection_id == connection_id]
    known = {row[0].moodle_id: row[0] for row in own}
    lines = [row.line for row, *_ in rows]
    for item in listed:
        row = known.get(item.moodle_id)
        if row is None:
            row = _new_course(item, lines, account_id, connection_id, now=now)
            known[item.moodle_id] = row
            work.session.add(row)
        row.shortname, row.fullname = item.shortname[:255], item.fullname[:400]
        row.progress = item.progress
    for row, _, read_at in own:
        is_listed = any(row.moodle_id == item.moodle_id for item in listed)
        _follow(row, is_listed=is_listed, read_at=read_at, now=now)
    if _differs(work):
        outdate(work, account_id=account_id)
    if len(known) > len(own):
        await work.session.flush()
        own = await queries.courses_of_connection(
            work.session, account_id, connection_id=connection_id
        )
    views = {row[0].moodle_id: _view(*row) for row in own}
    return [views[item.moodle_id] for item in listed]


def _new_course(
    item: ListedCourse,
    lines: list[int],
    account_id: UUID,
    connection_id: UUID,
    *,
    now: datetime,
) -> Course:
    line = rules.next_line(lines)
    lines.append(line)
    return Course(
        account_id=account_id,
        connection_id=connection_id,
        moodle_id=item.moodle_id,
        shortname=item.shortname,
        fullname=item.fullname,
        line=line,
        followed_since=now,
        created_at=now,
    )


def _differs(work: UnitOfWork) -> bool:
    session = work.session
    return bool(session.new) or any(map(session.is_modified, session.dirty))


def _follow(
    row: Course, *, is_listed: bool, read_at: datetime | None, now: datetime
) -> None:
    if row.listed == is_listed:
        return
    row.listed, row.last_synced_at = is_listed, read_at
    if is_listed:
        row.followed_since = now


def outdate(work: UnitOfWork, *, account_id: UUID) -> None:
    """Say that what is kept of a student's courses, or names them, is wrong from now on."""
    work.outdate(Kept.RESPONSES, str(account_id))
    work.outdate(Kept.STATISTICS, str(account_id))


def _view(row: Course, site_url: str, read_at: datetime | None) -> CourseView:
    return CourseView(
        id=str(row.id),
        moodle_id=row.moodle_id,
        shortname=row.shortname,
        fullname=row.fullname,
        line=row.line,
        listed=row.listed,
        sync_enabled=row.sync_enabled,
        site_url=site_url,
        last_synced=read_at,
    )
