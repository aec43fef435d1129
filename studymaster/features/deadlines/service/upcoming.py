"""Due dates ahead that something else can go by."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.deadlines.queries import dates
from studymaster.features.deadlines.queries.dates import DueRow
from studymaster.models import DeadlineKind


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A quiz or an assignment that is due."""

    id: UUID
    title: str
    course_id: UUID
    course: str
    due_at: datetime


async def list_upcoming(
    work: UnitOfWork, *, account_id: UUID, now: datetime
) -> list[Upcoming]:
    """Return the quizzes and assignments that are due from now on, the earliest first."""
    rows = await dates.all_since(work.session, account_id, since=now)
    return [_upcoming(row) for row in rows if row.deadline.kind is not DeadlineKind.EVENT]


def _upcoming(row: DueRow) -> Upcoming:
    return Upcoming(
        row.deadline.id,
        row.deadline.title,
        row.course.id,
        row.course.shortname,
        row.deadline.due_at,
    )
