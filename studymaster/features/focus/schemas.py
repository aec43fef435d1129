"""What leaves the focus service, and what may be asked of it: frozen and plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from studymaster.features.focus.rules.clock import Plan

NO_SESSION = "That focus session is not one of yours."


@dataclass(frozen=True, slots=True)
class Asked:
    """A session as a student wants it; `mix` is None for the sounds mixed last."""

    plan: Plan
    task: str = ""
    course_id: UUID | None = None
    mix: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class PlanProblems:
    """Why a field of the form of a new session cannot be used; empty where it can."""

    minutes: str = ""
    task: str = ""
    rounds: str = ""
    rest: str = ""


NO_PROBLEMS = PlanProblems()


@dataclass(frozen=True, slots=True)
class TimerView:
    """The clock as a tab needs it: at the server's `moment`, `spent_ms` were behind.

    Lengths are in milliseconds; `id` is empty while no session is going on.
    """

    id: str = ""
    running: bool = False
    phase: str = "focus"
    round: int = 1
    rounds: int = 1
    focus_ms: int = 0
    break_ms: int = 0
    spent_ms: int = 0
    moment: str = ""
    course: str = ""
    task: str = ""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session with what became of it.

    `duration_minutes` is one round of focus; `ends_at` is None unless it runs. Of an ended
    one, `focused_seconds` is what counts: nothing under a minute, and then it is not
    `completed` either.
    """

    id: str
    user_id: str
    course_id: int | None
    course: str
    line: int
    task: str
    duration_minutes: int
    break_minutes: int
    rounds: int
    state: str
    phase: str
    round: int
    progress: float
    started_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    focused_seconds: int
    points: int
    completed: bool
    ambient_sound: str
    distractions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a list, in words; `line` is its course's colour."""

    id: str
    when: str
    title: str
    line: int
    outcome: str
    plan: str
    distractions: list[str]


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound of the mix; `volume` is 0 to 100."""

    key: str
    name: str
    volume: int


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A course that a session can belong to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DayMinutes:
    """Whole minutes of focus on one day (ISO 8601); `name` is such as `Mon`."""

    day: str
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class FocusWeek:
    """Whole minutes of focus since Monday, and on each day of the week until today."""

    minutes: int
    by_day: tuple[DayMinutes, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its short `label`, its full `name`, its figure, its height in percent.

    `key` is the day or the week's Monday (ISO 8601), or the course's number in Moodle, empty
    for no course. `line` is the colour of a course, or -1 for the colour of the page.
    """

    key: str
    label: str
    name: str
    minutes: int
    words: str
    height: int
    line: int = -1


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and what they say in a sentence."""

    sentence: str = ""
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class TodayView:
    """What today holds already: whole minutes, sessions that count, points for them."""

    minutes: int = 0
    sessions: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class FocusStats:
    """Today, the last 14 days, the last 8 weeks, and the courses of these weeks."""

    today: TodayView = TodayView()
    by_day: Chart = Chart()
    by_week: Chart = Chart()
    by_course: Chart = Chart()
