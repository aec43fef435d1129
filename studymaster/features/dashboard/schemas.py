"""What leaves the dashboard service: words and figures, ready to be shown."""

from dataclasses import dataclass
from enum import StrEnum

from studymaster.features.flashcards.schemas import HeatDay


class Stage(StrEnum):
    """How far a student has come; every stage but the last teaches the next step."""

    CONNECT = "connect"
    SYNC = "sync"
    NO_COURSES = "no_courses"
    CARDS = "cards"
    READY = "ready"


class SyncState(StrEnum):
    """How the Moodle sync stands."""

    NONE = "none"
    WAITING = "waiting"
    RUNNING = "running"
    BROKEN = "broken"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SyncChip:
    """The sync in a few words; `moment` (ISO 8601, UTC) is when it last went well, or empty."""

    state: str = SyncState.NONE
    text: str = ""
    moment: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """Where the day begins, empty when nothing of it is left, and whether with first cards."""

    path: str = ""
    first_cards: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of today's route; `line` and `next_line` name lines, `path` leads there.

    `address` is outside of the product: the assignment in Moodle.
    """

    title: str
    detail: str
    when: str
    line: str
    next_line: str
    state: str
    path: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class CourseTile:
    """A course at a glance; `remembered` is 0 to 100, or -1 while no rested card was asked."""

    id: str
    shortname: str
    fullname: str
    line: int
    due: int
    fresh: int
    remembered: int


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """Something Moodle wants, at its `address`; `line` is the colour of its course."""

    id: str
    title: str
    course: str
    line: int
    when: str
    address: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of the student, written out: `1,284`, and what an idle day would cost."""

    streak: str = "0"
    reviewed_today: str = "0"
    focus_week: str = "0 min"
    points: str = "0"
    decay: str = ""


@dataclass(frozen=True, slots=True)
class Reviews:
    """The last 26 weeks in words."""

    total: str = "0"
    note: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything that the first page shows; `courses` are the six with the most due.

    `deadlines` are still to come, `passed` are not.
    """

    stage: str
    greeting: str
    sentence: str
    minutes_left: str
    due: int
    start: Start
    sync: SyncChip
    stops: list[Stop]
    courses: list[CourseTile]
    course_count: int
    deadlines: list[DeadlineRow]
    passed: list[DeadlineRow]
    figures: Figures
    reviews: Reviews
    heat: list[HeatDay]


@dataclass(frozen=True, slots=True)
class Place:
    """A course, a deck or a lecture to go to: its name, what it is, and its page."""

    name: str
    detail: str
    path: str
    is_lecture: bool = False


@dataclass(frozen=True, slots=True)
class ShellView:
    """What stands in the frame of every page about the student."""

    name: str
    initials: str
    summary: str
    due: int
    theme: str
