"""Showing a student's gradebooks: every course in a line, one course in full."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.grades import queries
from studymaster.features.grades.schemas import NO_COURSE, CourseStanding, Gradebook
from studymaster.features.grades.service.book import gradebook
from studymaster.features.grades.service.figures import insight_of, standing_of
from studymaster.models import GradeItem
from studymaster.paging import Stretch, Window, stretch

LARGEST_ID = 2**63 - 1


async def list_standings(work: UnitOfWork, *, account_id: UUID) -> list[CourseStanding]:
    """Return how each course that has a gradebook stands, by short name."""
    rows = await queries.courses_with_grades(work.session, account_id)
    return await _standings(work, account_id, rows)


async def has_courses(work: UnitOfWork, *, account_id: UUID) -> bool:
    """Tell whether Moodle lists any course for the student."""
    return await queries.has_courses(work.session, account_id)


async def stretch_of_standings(
    work: UnitOfWork, *, account_id: UUID, window: Window
) -> Stretch[CourseStanding]:
    """Return a part of the list of how the courses stand."""
    rows = await queries.courses_with_grades(
        work.session, account_id, offset=window.offset, limit=window.probe
    )
    return stretch(await _standings(work, account_id, rows), window=window)


async def get_gradebook(
    work: UnitOfWork, *, student: Student, course_id: UUID
) -> Gradebook:
    """Return one course's gradebook; without lines where Moodle shows none.

    What moves the grade is said only to those who switched that on.

    Raises:
        NotFoundError: the course is not the student's.
    """
    row = await queries.course_by_id(work.session, student.account_id, course_id=course_id)
    return await _gradebook(work, student, row)


async def find_gradebook(
    work: UnitOfWork, *, student: Student, address: str
) -> Gradebook | None:
    """Return the gradebook of the course that an address names; None if it is not theirs."""
    try:
        course_id = parse_id(address, missing=NO_COURSE)
        return await get_gradebook(work, student=student, course_id=course_id)
    except NotFoundError:
        return None


async def gradebook_of_moodle_id(
    work: UnitOfWork, *, student: Student, moodle_id: int, site_url: str | None = None
) -> Gradebook:
    """Return the gradebook of the course with this number in Moodle.

    Where several sites know the number, it is that of `site_url`, else of the site that was
    connected first.

    Raises:
        NotFoundError: the student has no such course.
    """
    row = None
    if 0 < moodle_id <= LARGEST_ID and "\x00" not in (site_url or ""):
        row = await queries.course_by_moodle_id(
            work.session, student.account_id, moodle_id=moodle_id, site_url=site_url
        )
    return await _gradebook(work, student, row)


async def newest_run_end(work: UnitOfWork, *, account_id: UUID) -> datetime | None:
    """Return when a run last ended (UTC): grades change with runs only."""
    return await queries.newest_run_end(work.session, account_id)


async def _standings(
    work: UnitOfWork, account_id: UUID, rows: Sequence[queries.CourseRow]
) -> list[CourseStanding]:
    items = await queries.items(
        work.session, account_id, course_ids=[course.id for course, _ in rows]
    )
    by_course = defaultdict[UUID, list[GradeItem]](list)
    for item in items:
        by_course[item.course_id].append(item)
    return [standing_of(course, site, by_course[course.id]) for course, site in rows]


async def _gradebook(
    work: UnitOfWork, student: Student, row: queries.CourseRow | None
) -> Gradebook:
    if row is None:
        raise NotFoundError(NO_COURSE)
    course, site_url = row
    account_id = student.account_id
    items = await queries.items(work.session, account_id, course_ids=[course.id])
    points = await queries.points(
        work.session, account_id, item_ids=[item.id for item in items]
    )
    book = gradebook(
        standing_of(course, site_url, items), items, points, time_zone=student.time_zone
    )
    chosen = await accounts.preferences(work, account_id=account_id)
    if not chosen.grade_insight:
        return book
    return replace(book, has_insight=True, insight=insight_of(items))
