"""A run: wanted, carried out, what it found out, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from studymaster.features.deadlines.schemas import AnnouncementNews, DeadlineNews
from studymaster.features.grades.schemas import GradeNews


@dataclass(frozen=True, slots=True)
class Wish:
    """A run that somebody wants: over a whole connection, or over one course of it."""

    account_id: UUID
    connection_id: UUID
    course_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """One run: whose, at which connection, and whether over only one course of it."""

    run_id: UUID
    account_id: UUID
    connection_id: UUID
    course_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand(Outing):
    """One run to carry out: at which site, and as whom.

    `failing`: the site failed the run before it; `untold`: that did not go through, for
    whatever reason, so nobody was told of what it had found.
    """

    site_url: str
    site_name: str
    sealed_token: str
    token_obtained_at: datetime
    moodle_user_id: int
    failing: bool
    untold: bool


@dataclass(frozen=True, slots=True)
class News:
    """What a run found out beside the materials, in courses that were read before."""

    deadlines: Sequence[DeadlineNews] = ()
    announcements: Sequence[AnnouncementNews] = ()
    grades: Sequence[GradeNews] = ()


@dataclass(frozen=True, slots=True)
class RunStatus:
    """How far a run has come; `course_id` is Moodle's when it is about one course.

    One that its student stopped has `cancelled_at`, and ends as failed.
    """

    id: str
    state: str
    course_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    courses_done: int
    courses_total: int
    files_done: int
    files_total: int
    bytes_done: int
    new_count: int
    changed_count: int
    failed_count: int
    failure: str | None
    cancelled_at: datetime | None = None
