"""What comes into and leaves the deadlines service: frozen and plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from studymaster.models import DeadlineKind, SubmissionState

What = Literal["new", "moved", "gone"]


@dataclass(frozen=True, slots=True)
class ListedDeadline:
    """A due date as Moodle has it now; a submission of None is not known this time."""

    course_id: UUID
    cmid: int
    kind: DeadlineKind
    title: str
    due_at: datetime
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    address: str | None = None
    submission: SubmissionState | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedAnnouncement:
    """What stands in the news forum of a course now, as plain text."""

    cmid: int
    discussion_id: int
    subject: str
    text: str
    author: str
    posted_at: datetime
    address: str | None


@dataclass(frozen=True, slots=True)
class DeadlineNews:
    """A due date ahead that came, moved or went; `due_at` is the newest that is known."""

    course_id: UUID
    title: str
    what: What
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AnnouncementNews:
    """An announcement that was not here before."""

    course_id: UUID
    subject: str
    announcement_id: UUID


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A course by which a list can be narrowed."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A due date as a list shows it; `line` is the colour of its course.

    `state` says how far the student is, or is empty where nobody knows; `when` is the
    sentence about its moments. `stage` is one of `rules.Stage`.
    """

    id: str
    title: str
    course: str
    line: int
    stage: str
    state: str
    when: str
    address: str


@dataclass(frozen=True, slots=True)
class Board:
    """The due dates of a student in four groups, and whether there are more of them.

    `more` is about what is still to do, `more_done` about the rest. `course` is the one
    whose they are, empty for all.
    """

    overdue: list[DeadlineRow]
    week: list[DeadlineRow]
    later: list[DeadlineRow]
    done: list[DeadlineRow]
    more: bool
    more_done: bool
    courses: list[CourseChoice]
    course: str


@dataclass(frozen=True, slots=True)
class CourseDates:
    """What is known of the activities of a course, by their number in it (cmid).

    `due` says when something is due and how far the student is, `announced` how many
    announcements of a forum are here.
    """

    due: Mapping[int, str]
    announced: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class DeadlineItem:
    """A due date; `course_id` is the course's number in Moodle, moments are UTC.

    `submission` is null where it is not known or there is nothing to hand in. `state` and
    `when` say in words what it means now.
    """

    id: str
    course_id: int
    course: str
    kind: DeadlineKind
    title: str
    due_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    submission: SubmissionState | None
    submitted_at: datetime | None
    address: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """An announcement as a list shows it; where it is `cut`, Moodle has the rest."""

    id: str
    subject: str
    text: str
    cut: bool
    author: str
    course: str
    line: int
    posted: str
    address: str


@dataclass(frozen=True, slots=True)
class AnnouncementItem:
    """An announcement; `course_id` is the course's number in Moodle."""

    id: str
    course_id: int
    course: str
    subject: str
    text: str
    author: str
    posted_at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One due date as a calendar program reads it; `uid` is its name there, for good."""

    uid: str
    title: str
    course: str
    description: str
    due_at: datetime
    changed_at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Feed:
    """All that a calendar program reads of one student."""

    entries: tuple[FeedEntry, ...]
