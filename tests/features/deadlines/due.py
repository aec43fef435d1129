"""Due dates and announcements, put into the database by hand or listed as a sync does."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.features.deadlines.schemas import ListedAnnouncement, ListedDeadline
from studymaster.models import Announcement, Course, Deadline, DeadlineKind
from tests.conftest import NOON


def hours(count: float) -> datetime:
    return NOON + timedelta(hours=count)


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


async def make_deadline(
    course: Course,
    title: str = "Essay",
    due_at: datetime = days(3),  # noqa: B008 - a moment, the same for every test
    **fields,
) -> Deadline:
    row = deadline_row(course, title=title, due_at=due_at, **fields)
    async with unit_of_work() as work:
        work.session.add(row)
    return row


def deadline_row(course: Course, **fields) -> Deadline:
    return Deadline(
        **{
            "account_id": course.account_id,
            "course_id": course.id,
            "cmid": uuid4().int % 10**9,
            "kind": DeadlineKind.ASSIGNMENT,
            "title": "Essay",
            "due_at": days(3),
            "created_at": NOON,
            **fields,
        }
    )


async def make_announcement(
    course: Course,
    subject: str = "The exam moves",
    *,
    posted_at: datetime = NOON,
    **fields,
) -> Announcement:
    row = announcement_row(course, subject=subject, posted_at=posted_at, **fields)
    async with unit_of_work() as work:
        work.session.add(row)
    return row


def announcement_row(course: Course, **fields) -> Announcement:
    return Announcement(
        **{
            "account_id": course.account_id,
            "course_id": course.id,
            "cmid": 9,
            "discussion_id": uuid4().int % 10**9,
            "subject": "The exam moves",
            "text": "It is on Friday now.",
            "author": "Dr. Sommer",
            "posted_at": NOON,
            "address": "https://moodle.example.edu/mod/forum/discuss.php?d=1",
            "created_at": NOON,
            **fields,
        }
    )


def listed(course: Course, cmid: int = 1, **fields) -> ListedDeadline:
    usual = {
        "kind": DeadlineKind.ASSIGNMENT,
        "title": "Essay",
        "due_at": days(3),
        "address": "https://moodle.example.edu/mod/assign/view.php?id=1",
    }
    return ListedDeadline(course_id=course.id, cmid=cmid, **usual | fields)


def told(discussion_id: int = 1, **fields) -> ListedAnnouncement:
    usual = {
        "cmid": 9,
        "subject": "The exam moves",
        "text": "It is on Friday now.",
        "author": "Dr. Sommer",
        "posted_at": NOON,
        "address": "https://moodle.example.edu/mod/forum/discuss.php?d=1",
    }
    return ListedAnnouncement(discussion_id=discussion_id, **usual | fields)


async def all_deadlines() -> list[Deadline]:
    async with unit_of_work() as work:
        return list((await work.session.exec(select(Deadline).order_by("cmid"))).all())


async def all_announcements() -> list[Announcement]:
    statement = select(Announcement).order_by("discussion_id")
    async with unit_of_work() as work:
        return list((await work.session.exec(statement)).all())
