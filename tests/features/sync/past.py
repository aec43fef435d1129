"""A past to look back on: courses, materials, runs and what they found different."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.models import (
    ChangeKind,
    Course,
    Material,
    MoodleConnection,
    SyncChange,
    SyncIssue,
    SyncRun,
)
from tests.conftest import NOON
from tests.factories.moodle import connect
from tests.features.courses.test_service import BIOLOGY, CHEMISTRY, keep
from tests.features.library.shelf import make_material


@dataclass(frozen=True)
class Past:
    """A student's connection with two courses, biology and chemistry."""

    student: Student
    connection: MoodleConnection
    biology: Course
    chemistry: Course

    async def change(
        self,
        run: SyncRun,
        course: Course,
        name: str,
        what: ChangeKind = ChangeKind.NEW,
        *,
        minutes_ago: int = 0,
    ) -> Material:
        """Let a run have found a material different."""
        material = await make_material(course, name=name)
        change = SyncChange(
            account_id=self.student.account_id,
            run_id=run.id,
            course_id=course.id,
            material_id=material.id,
            what=what,
            name=name,
            created_at=NOON - timedelta(minutes=minutes_ago),
        )
        async with unit_of_work() as work:
            work.session.add(change)
        return material

    async def miss(self, run: SyncRun, name: str, *, course: Course | None = None) -> None:
        """Let a run not have brought something in."""
        issue = SyncIssue(
            account_id=self.student.account_id,
            run_id=run.id,
            course_name=course.fullname if course else "Biology",
            item_name=name,
            code="x",
            sentence="Moodle did not send it.",
            created_at=NOON,
        )
        async with unit_of_work() as work:
            work.session.add(issue)


async def make_past(student: Student) -> Past:
    """Connect a student who has two courses."""
    connection = await connect(student)
    await keep(connection, BIOLOGY, CHEMISTRY)
    async with unit_of_work() as work:
        statement = select(Course).where(Course.connection_id == connection.id)
        biology, chemistry = sorted(
            (await work.session.exec(statement)).all(), key=lambda row: row.shortname
        )
    return Past(student, connection, biology, chemistry)
