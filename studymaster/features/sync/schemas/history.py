"""What the Live Sync page shows of the past: runs that have ended, and what they found."""

from dataclasses import dataclass

from studymaster.features.sync.schemas.panel import IssueView, Tone


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One thing that was found different; `href` is empty when there is no page for it."""

    id: str
    name: str
    course: str
    what: str
    href: str
    moment: str


@dataclass(frozen=True, slots=True)
class CourseChanges:
    """What was found different in one course, the newest first."""

    course: str
    line: int
    changes: list[ChangeView]


@dataclass(frozen=True, slots=True)
class PastRunView:
    """A run that has ended.

    Attributes:
        id: Opaque id.
        moment: When it was asked for, ISO 8601 in UTC.
        took: How long it went on, in words; empty when it never began.
        about: The one course that it was about; empty for everything.
        site: The Moodle that was asked; empty where there is only one.
        tone: How it went.
        sentence: What came of it.
        amounts: Courses, files and bytes, in words.
    """

    id: str
    moment: str
    took: str
    about: str
    site: str
    tone: Tone
    sentence: str
    amounts: str


@dataclass(frozen=True, slots=True)
class History:
    """The newest runs that have ended; `more` says whether older ones are left."""

    runs: tuple[PastRunView, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class FirstRead:
    """A course that a run read for the first time, and how much lay in it, in words."""

    course: str
    line: int
    amount: str


@dataclass(frozen=True, slots=True)
class RunDetails:
    """What a run found different and what did not come, up to a hundred of each.

    `summary` says what the list of changes does not; it may be empty. `firsts` are the
    courses that the run read for the first time: what lay in them is no change.
    """

    id: str = ""
    summary: str = ""
    firsts: tuple[FirstRead, ...] = ()
    changes: tuple[ChangeView, ...] = ()
    issues: tuple[IssueView, ...] = ()
