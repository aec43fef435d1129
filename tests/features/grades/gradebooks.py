"""Makes gradebooks as Moodle shows them, and courses to put them into."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.grades import service
from studymaster.features.grades.rules.lines import Line
from studymaster.features.grades.schemas import GradeNews, ListedGrade
from studymaster.models import Course, GradeKind
from tests.conftest import NOON
from tests.factories.moodle import UNI, connect

_numbers = count(1)


async def make_course(
    student: Student,
    *,
    moodle_id: int = 2,
    shortname: str = "BIO 110",
    site_url: str = UNI,
) -> Course:
    """Put a course into the database; each on a connection of its own."""
    connection = await connect(student, site_url=site_url)
    row = Course(
        account_id=student.account_id,
        connection_id=connection.id,
        moodle_id=moodle_id,
        shortname=shortname,
        fullname=f"{shortname} in full",
        line=3,
        followed_since=NOON,
        created_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(row)
    return row


def days_ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def listed(moodle_id: int, name: str = "", grade: float | None = None, **fields):
    """Return an activity's line as Moodle lists it, from 0 to 100 points."""
    shown = "-" if grade is None else f"{grade:.2f}"
    usual = {
        "cmid": 30 + moodle_id,
        "kind": GradeKind.ACTIVITY,
        "name": name or f"Task {moodle_id}",
        "position": moodle_id,
        "grade": grade,
        "minimum": 0.0,
        "maximum": 100.0,
        "weight": None,
        "shown": shown,
        "feedback": "",
        "graded_at": None,
    }
    return ListedGrade(moodle_id=moodle_id, **usual | fields)


def total(grade: float | None, *, maximum: float = 100.0) -> ListedGrade:
    """Return the line of the course's total."""
    return listed(
        1, "Total", grade, kind=GradeKind.COURSE, cmid=None, position=99, maximum=maximum
    )


def biology() -> list[ListedGrade]:
    """Return a gradebook as Moodle 4.4 told it: it weighs only what is graded."""
    return [
        listed(
            2,
            "Lab report 1",
            87.5,
            weight=0.76923,
            feedback="Very good. Mind the units.",
            graded_at=days_ago(40),
        ),
        listed(3, "Lab report 2", weight=0.0),
        listed(
            7, "Mid-term quiz", 0.0, maximum=10.0, weight=0.07692, graded_at=days_ago(20)
        ),
        listed(9, "Final exam", weight=0.0),
        listed(
            34,
            "Oral participation",
            17.0,
            kind=GradeKind.MANUAL,
            cmid=None,
            maximum=20.0,
            weight=0.15385,
            graded_at=days_ago(10),
        ),
        total(104.5, maximum=130.0),
    ]


async def keep(
    student: Student, course_id: UUID, *lines: ListedGrade, now: datetime = NOON
) -> list[GradeNews]:
    """Let a sync bring a gradebook."""
    return await keep_all(student, {course_id: lines}, now=now)


async def keep_all(
    student: Student,
    books: Mapping[UUID, Sequence[ListedGrade]],
    *,
    now: datetime = NOON,
) -> list[GradeNews]:
    """Let a sync bring the gradebooks of several courses at once."""
    async with unit_of_work() as work:
        return await service.keep_gradebooks(
            work, account_id=student.account_id, listed=books, now=now
        )


def line(
    grade: float | None = None,
    *,
    of: float = 100.0,
    weight: float | None = None,
    least: float = 0.0,
    **fields,
) -> Line:
    """Return a line for the rules."""
    number = next(_numbers)
    usual = {"key": f"line {number}", "name": f"Task {number}"}
    return Line(grade=grade, minimum=least, maximum=of, weight=weight, **usual | fields)
