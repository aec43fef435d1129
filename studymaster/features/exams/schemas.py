"""What comes into and leaves the exams service: frozen and plain."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

NO_EXAM: Final = "That exam is not one of yours."


@dataclass(frozen=True, slots=True)
class ExamWish:
    """What a student says of an exam, as it came; `scope` are keys of courses and decks."""

    name: object
    day: object
    deadline_id: object
    scope: Sequence[object]
    tags: object
    retention: object
    minutes: object


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """A course or an own deck that an exam can be about."""

    key: str
    name: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineChoice:
    """A due date ahead that an exam can follow."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanDay:
    """What a plan wants of a day."""

    day: date
    new: int
    reviews: int
    minutes: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What another share (percent) of known cards would take, in minutes a day."""

    retention: int
    minutes: int
    most: int
    holds: bool


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A plan as it is kept; `needed` is None where no number of minutes would do."""

    days: list[PlanDay] = field(default_factory=list[PlanDay])
    cards: int = 0
    new: int = 0
    unseen: int = 0
    below: int = 0
    foreseen: float = 0.0
    needed: int | None = None
    what_if: list[WhatIf] = field(default_factory=list[WhatIf])


@dataclass(frozen=True, slots=True)
class ExamItem:
    """An exam over HTTP; `plan` is null until one was made. `minutes` 0: as many as needed."""

    id: str
    name: str
    day: date
    deadline_id: str | None
    deck_ids: list[str]
    tags: list[str]
    retention: int
    minutes: int
    is_over: bool
    verdict: str
    plan: PlanReport | None


@dataclass(frozen=True, slots=True)
class LoadBar:
    """A day or some days of a plan in a chart, `percent` of the fullest."""

    name: str
    span: str
    new: int
    reviews: int
    minutes: int
    percent: int
    title: str


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """A line of the table of what other shares would take."""

    name: str
    minutes: str
    most: str
    holds: str


@dataclass(frozen=True, slots=True)
class ExamView:
    """An exam as the page shows it: all figures with their words.

    `tone` is `good`, `short` (it does not work out), `waiting` (the plan is being made) or
    `over`.
    """

    id: str
    name: str
    when: str
    scope: str
    follows: str
    goal: str
    tone: str
    verdict: str
    effort: str
    foreseen: str
    bars: list[LoadBar]
    chart_words: str
    what_if: list[WhatIfRow]


@dataclass(frozen=True, slots=True)
class ExamForm:
    """The fields of the window in which an exam is made or changed."""

    exam_id: str = ""
    name: str = ""
    day: str = ""
    least_day: str = ""
    deadline_id: str = ""
    tags: str = ""
    retention: int = 90
    minutes: str = ""
    scope: list[ScopeChoice] = field(default_factory=list[ScopeChoice])
    deadlines: list[DeadlineChoice] = field(default_factory=list[DeadlineChoice])
