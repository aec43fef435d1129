"""Grades as they come in from a sync and as they leave the service: frozen, plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from studymaster.features.grades.rules.standing import Source
from studymaster.features.grades.rules.trend import Direction
from studymaster.models import GradeKind

NO_COURSE: Final = "That course is not one of yours."
NO_LINE: Final = "That grade is not open any more. Load the page again."


@dataclass(frozen=True, slots=True)
class ListedGrade:
    """A line of a course's gradebook as Moodle shows it now.

    `grade`, `minimum` and `maximum` are points, `weight` is a share from 0 to 1, `feedback`
    is plain text, `graded_at` a moment in UTC.
    """

    moodle_id: int
    cmid: int | None
    kind: GradeKind
    name: str
    position: int
    grade: float | None
    minimum: float
    maximum: float
    weight: float | None
    shown: str
    feedback: str
    graded_at: datetime | None


@dataclass(frozen=True, slots=True)
class GradeNews:
    """A grade that is new or different; `shown` is Moodle's wording of it."""

    course_id: UUID
    name: str
    shown: str


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """How a course stands so far.

    `percent` is None while nothing is graded; `source_words` tells who says so. `trend` is
    None where nothing can be claimed, else it goes by `per_month` percentage points a month.
    `graded` of `gradable` lines have a grade. `bar` is the percentage held to 0 to 100.
    """

    id: str = ""
    moodle_id: int = 0
    site_url: str = ""
    shortname: str = ""
    fullname: str = ""
    line: int = 0
    percent: float | None = None
    percent_words: str = ""
    bar: int = 0
    source: Source = Source.NONE
    source_words: str = ""
    trend: Direction | None = None
    trend_words: str = ""
    per_month: float | None = None
    graded: int = 0
    gradable: int = 0


@dataclass(frozen=True, slots=True)
class GradePast:
    """What a line showed from a moment (UTC) on; `when` and `words` say it."""

    seen_at: datetime
    grade: float | None
    when: str
    words: str


@dataclass(frozen=True, slots=True)
class GradeLineView:
    """A line of the gradebook; `facts` are its range, weight, date and what it was before."""

    id: str
    moodle_id: int
    cmid: int | None
    kind: GradeKind
    name: str
    grade: float | None
    minimum: float
    maximum: float
    percent: float | None
    percent_words: str
    shown: str
    weight: float | None
    facts: tuple[str, ...]
    feedback: str
    graded_at: datetime | None
    past: tuple[GradePast, ...]


@dataclass(frozen=True, slots=True)
class GradeBar:
    """One graded line in the chart; `height` is its percentage held to 1 to 100.

    `day` stands under the bar, and is empty where there is no room for it.
    """

    key: str
    name: str
    when: str
    day: str
    words: str
    height: int


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line whose grade may still come; `share_words` is what it will count."""

    id: str
    name: str
    range_words: str
    share_words: str


@dataclass(frozen=True, slots=True)
class Stood:
    """How the course stood from a moment on."""

    key: str
    when: str
    words: str


@dataclass(frozen=True, slots=True)
class Way:
    """How the course moved: a sentence, a line for SVG, and the same as rows.

    `began` and `newest` are the days at the ends of the line. `path` are points in a field of 100 x 100, the newest at the right; empty with fewer than
    two moments.
    """

    sentence: str = ""
    path: str = ""
    began: str = ""
    newest: str = ""
    rows: tuple[Stood, ...] = ()


@dataclass(frozen=True, slots=True)
class Gradebook:
    """One course's gradebook with its charts, what is open, and what weighs.

    `may_share` says that a student may know better than Moodle tells how much the open lines
    count. `insight` is said only to those who switched it on (`has_insight`).
    """

    course: CourseStanding = CourseStanding()
    lines: tuple[GradeLineView, ...] = ()
    bars: tuple[GradeBar, ...] = ()
    bars_sentence: str = ""
    way: Way = Way()
    open: tuple[OpenLine, ...] = ()
    basis_words: str = ""
    may_share: bool = False
    has_insight: bool = False
    insight: tuple[str, ...] = ()


ASSUMED: Final = "assumed-"
"""Begins the name of the field for an assumed grade; the id of its line follows."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a student asks of the what-if, as it was typed.

    `assumed` are grades in points by the id of an open line. `wished` is a percentage of the
    course, `which` the open line that shall bring it, or empty for all that have no assumed
    grade; `share` is how much that counts of the course, in percent, or empty.
    """

    assumed: Mapping[str, object]
    wished: object = ""
    which: object = ""
    share: object = ""


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """What came of a what-if: where the course ends, and what a wish takes; "" unasked."""

    result: str = ""
    need: str = ""
