"""Listing due dates and announcements: for the page in groups, for programs in stretches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.deadlines import rules
from studymaster.features.deadlines.queries import announcements, courses, dates
from studymaster.features.deadlines.queries.announcements import ToldRow
from studymaster.features.deadlines.queries.dates import DueRow
from studymaster.features.deadlines.rules import Due, Group, Wall
from studymaster.features.deadlines.schemas import (
    AnnouncementItem,
    AnnouncementRow,
    Board,
    CourseChoice,
    CourseDates,
    DeadlineItem,
    DeadlineRow,
)
from studymaster.models import SubmissionState
from studymaster.paging import Stretch, Window, stretch

NO_COURSE: Final = "That course is not one of yours."
TEXT_SHOWN: Final = 4_000
"""Characters of an announcement that a page carries."""


async def find_course(
    work: UnitOfWork, *, account_id: UUID, moodle_id: int | None, site: str | None
) -> UUID | None:
    """Return our id of the student's course with that number in Moodle, None for None.

    Raises:
        NotFoundError: the student has no such course.
    """
    if moodle_id is None:
        return None
    found = None
    if rules.is_number_of_moodle(moodle_id) and "\x00" not in (site or ""):
        found = await courses.of_number(
            work.session, account_id, number=moodle_id, site_url=site
        )
    if found is None:
        raise NotFoundError(NO_COURSE)
    return found


async def require_course(work: UnitOfWork, *, account_id: UUID, course_id: UUID) -> None:
    """Refuse a course that Moodle does not list for the student.

    Raises:
        NotFoundError: it is not there, or not theirs.
    """
    if course_id not in dict(await courses.listed(work.session, account_id)):
        raise NotFoundError(NO_COURSE)


async def find_chosen(work: UnitOfWork, *, account_id: UUID, address: str) -> UUID | None:
    """Return the course that a page's address names; None for none of theirs."""
    if not address:
        return None
    try:
        course_id = parse_id(address, missing=NO_COURSE)
        await require_course(work, account_id=account_id, course_id=course_id)
    except NotFoundError:
        return None
    return course_id


async def board(
    work: UnitOfWork,
    *,
    student: Student,
    course_id: UUID | None,
    shown: tuple[int, int],
    now: datetime,
) -> Board:
    """Return the due dates in groups, of one course or, where it is gone, of all.

    `shown` is how many that are to do, and how many that are done, at most.
    """
    session, account_id = work.session, student.account_id
    names = await courses.listed(session, account_id)
    if course_id not in dict(names):
        course_id = None
    most, most_done = shown
    to_do = await dates.to_do(
        session, account_id, now=now, course_id=course_id, offset=0, limit=most + 1
    )
    done = await dates.done(
        session, account_id, now=now, course_id=course_id, offset=0, limit=most_done + 1
    )
    wall = _wall(student, now)
    groups = _grouped([*to_do[:most], *done[:most_done]], wall=wall)
    return Board(
        overdue=groups[Group.OVERDUE],
        week=groups[Group.WEEK],
        later=groups[Group.LATER],
        done=groups[Group.DONE],
        more=len(to_do) > most,
        more_done=len(done) > most_done,
        courses=[CourseChoice(str(one), name) for one, name in names],
        course=str(course_id or ""),
    )


def _grouped(rows: Sequence[DueRow], *, wall: Wall) -> dict[Group, list[DeadlineRow]]:
    groups: dict[Group, list[DeadlineRow]] = {group: [] for group in Group}
    judged = [(due_of(row), row) for row in rows]
    for due, row in sorted(judged, key=lambda one: rules.urgency(one[0], wall=wall)):
        groups[rules.group_of(due, wall=wall)].append(_row(due, row, wall=wall))
    return groups


def _row(due: Due, row: DueRow, *, wall: Wall) -> DeadlineRow:
    return DeadlineRow(
        id=str(row.deadline.id),
        title=row.deadline.title,
        course=row.course.fullname,
        line=row.course.line,
        stage=rules.stage_of(due, now=wall.now).value,
        state=rules.state_words(due, now=wall.now),
        when=rules.when_words(due, wall=wall),
        address=address_of(row),
    )


async def stretch_of_deadlines(
    work: UnitOfWork,
    *,
    student: Student,
    course_id: UUID | None,
    past: bool,
    window: Window,
    now: datetime,
) -> Stretch[DeadlineItem]:
    """Return a part of what is still to do, the earliest first, or of the rest, the latest."""
    listed = dates.done if past else dates.to_do
    rows = await listed(
        work.session,
        student.account_id,
        now=now,
        course_id=course_id,
        offset=window.offset,
        limit=window.probe,
    )
    wall = _wall(student, now)
    return stretch([_item(row, wall=wall) for row in rows], window=window)


def _item(row: DueRow, *, wall: Wall) -> DeadlineItem:
    deadline, course = row.deadline, row.course
    due = due_of(row)
    return DeadlineItem(
        id=str(deadline.id),
        course_id=course.moodle_id,
        course=course.fullname,
        kind=deadline.kind,
        title=deadline.title,
        due_at=deadline.due_at,
        opens_at=deadline.opens_at,
        closes_at=deadline.closes_at,
        submission=_submission(row),
        submitted_at=deadline.submitted_at,
        address=address_of(row),
        state=rules.state_words(due, now=wall.now),
        when=rules.when_words(due, wall=wall),
    )


async def dates_of_course(
    work: UnitOfWork, *, student: Student, course_id: UUID, now: datetime
) -> CourseDates:
    """Return what is due in one course, and what was announced in it, by activity."""
    session, account_id = work.session, student.account_id
    rows = await dates.of_course(session, account_id, course_id=course_id)
    counts = await announcements.counts(session, account_id, course_id=course_id)
    wall = _wall(student, now)
    due = {row.deadline.cmid: rules.standing_words(due_of(row), wall=wall) for row in rows}
    return CourseDates(due, dict(counts))


def due_of(row: DueRow) -> Due:
    """Return what the rules want to know of a due date."""
    deadline, submission = row.deadline, _submission(row)
    return Due(
        kind=deadline.kind.value,
        due_at=deadline.due_at,
        opens_at=deadline.opens_at,
        closes_at=deadline.closes_at,
        submission=None if submission is None else submission.value,
        submitted_at=deadline.submitted_at,
    )


def _submission(row: DueRow) -> SubmissionState | None:
    return SubmissionState.GRADED if row.graded else row.deadline.submission


def address_of(row: DueRow) -> str:
    """Return where a due date lies in its Moodle."""
    deadline = row.deadline
    return rules.address_of(
        deadline.address,
        site_url=row.site_url,
        kind=deadline.kind.value,
        cmid=deadline.cmid,
    )


def _wall(student: Student, now: datetime) -> Wall:
    return Wall(now, student.time_zone, student.day_start_hour)


async def stretch_of_announcements(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID | None, window: Window
) -> Stretch[AnnouncementItem]:
    """Return a part of what teachers announced, the newest first."""
    rows = await announcements.newest(
        work.session,
        account_id,
        course_id=course_id,
        offset=window.offset,
        limit=window.probe,
    )
    items = [
        AnnouncementItem(
            id=str(row.id),
            course_id=course.moodle_id,
            course=course.fullname,
            subject=row.subject,
            text=row.text,
            author=row.author,
            posted_at=row.posted_at,
            address=rules.web_address(row.address),
        )
        for row, course in rows
    ]
    return stretch(items, window=window)


async def newest_announcements(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID | None, most: int
) -> tuple[list[AnnouncementRow], bool]:
    """Return the newest announcements as a page shows them, and whether there are more.

    They are those of one course or, for None and where it is gone, of all.
    """
    if course_id and course_id not in dict(await courses.listed(work.session, account_id)):
        course_id = None
    rows = await announcements.newest(
        work.session, account_id, course_id=course_id, offset=0, limit=most + 1
    )
    return [_told(row) for row in rows[:most]], len(rows) > most


def _told(row: ToldRow) -> AnnouncementRow:
    announcement, course = row
    return AnnouncementRow(
        id=str(announcement.id),
        subject=announcement.subject,
        text=announcement.text[:TEXT_SHOWN],
        cut=len(announcement.text) > TEXT_SHOWN,
        author=announcement.author,
        course=course.fullname,
        line=course.line,
        posted=announcement.posted_at.isoformat(),
        address=rules.web_address(announcement.address),
    )
