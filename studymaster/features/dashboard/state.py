"""What a tab shows of the day, and what stands in the frame of every page."""

import reflex as rx
from reflex.event import EventType

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.state import SessionState
from studymaster.features.dashboard import service
from studymaster.features.dashboard.schemas import (
    CourseTile,
    DeadlineRow,
    Figures,
    HeatDay,
    Reviews,
    Stop,
    SyncChip,
)


class ShellState(SessionState):
    """The student's card in the frame, and how many cards wait."""

    name: str = ""
    initials: str = ""
    summary: str = ""
    due: int = 0
    theme: str = ""

    @rx.event
    async def load(self) -> None:
        """Fetch what the frame shows, and keep it fresh while cards change."""
        student = await self._require_student()
        self._watch(Topic.CARDS, ShellState.load)
        async with unit_of_work() as work:
            view = await service.shell(work, student=student, now=clock.now())
        self.name, self.initials, self.summary = view.name, view.initials, view.summary
        self.due, self.theme = view.due, view.theme


class DashboardState(SessionState):
    """The day, as one tab shows it."""

    loaded: bool = False
    stage: str = ""
    greeting: str = ""
    sentence: str = ""
    minutes_left: str = ""
    due: int = 0
    sync: SyncChip = SyncChip()
    stops: list[Stop] = []
    courses: list[CourseTile] = []
    course_count: int = 0
    deadlines: list[DeadlineRow] = []
    passed: list[DeadlineRow] = []
    figures: Figures = Figures()
    reviews: Reviews = Reviews()
    heat: list[HeatDay] = []

    @rx.event
    async def load(self) -> None:
        """Fetch the day; news of the sync or of cards fetches it again."""
        student = await self._require_student()
        self._watch(Topic.SYNC, DashboardState.refresh)
        self._watch(Topic.CARDS, DashboardState.refresh)
        async with unit_of_work() as work:
            view = await service.dashboard(work, student=student, now=clock.now())
        for name in SHOWN:
            self._set_if_new(name, getattr(view, name))
        self.loaded = True

    @rx.event
    def refresh(self) -> EventType[()]:
        """Fetch the day and the frame again."""
        return [DashboardState.load, ShellState.load]

    def _set_if_new(self, name: str, value: object) -> None:
        # A var that is set is sent whole: the heat map alone is 182 days.
        if getattr(self, name) != value:
            setattr(self, name, value)


SHOWN = (
    "stage",
    "greeting",
    "sentence",
    "minutes_left",
    "due",
    "sync",
    "stops",
    "courses",
    "course_count",
    "deadlines",
    "passed",
    "figures",
    "reviews",
    "heat",
)
