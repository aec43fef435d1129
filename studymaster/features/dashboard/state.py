"""What a tab shows of the day, and what stands in the frame of every page."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.dashboard import service
from studymaster.features.dashboard.schemas import (
    CourseTile,
    DeadlineRow,
    Figures,
    Place,
    Reviews,
    Start,
    Stop,
    SyncChip,
)
from studymaster.features.flashcards.schemas import HeatDay
from studymaster.features.notifications import service as notifications
from studymaster.features.notifications.schemas import Bell
from studymaster.features.points import service as points
from studymaster.features.points.schemas import LeaderboardRow

PLACES = 5
NOBODY = LeaderboardRow(rank=0, name="", points=0)


class ShellState(SessionState):
    """The student's card in the frame, how many cards wait, the bell, and where to go."""

    account: str = ""
    name: str = ""
    initials: str = ""
    summary: str = ""
    due: int = 0
    theme: str = ""
    bell: Bell = Bell()
    is_host: bool = False
    places: list[Place] = []

    @rx.event
    async def load(self) -> None:
        """Fetch what the frame shows, and keep it fresh while something changes."""
        student = await self._require_student()
        for topic in (Topic.CARDS, Topic.NOTIFICATIONS, Topic.POINTS):
            self._watch(topic, ShellState.load)
        view = await service.find_shell(student=student, now=clock.now())
        async with unit_of_work() as work:
            self.bell = await notifications.bell(work, account_id=student.account_id)
        self.is_host = await service.find_is_host(student=student)
        self.account = str(student.account_id)
        self.name, self.initials, self.summary = view.name, view.initials, view.summary
        self.due, self.theme = view.due, view.theme

    @rx.event
    async def find_places(self) -> None:
        """Fetch the courses, decks and lectures that the command palette offers."""
        student = await self._require_student()
        places = await service.find_places(student=student, now=clock.now())
        if places != self.places:
            self.places = places


class DashboardState(SessionState):
    """The day, as one tab shows it."""

    loaded: bool = False
    stage: str = ""
    greeting: str = ""
    sentence: str = ""
    minutes_left: str = ""
    due: int = 0
    start: Start = Start()
    sync: SyncChip = SyncChip()
    stops: list[Stop] = []
    courses: list[CourseTile] = []
    course_count: int = 0
    deadlines: list[DeadlineRow] = []
    passed: list[DeadlineRow] = []
    figures: Figures = Figures()
    reviews: Reviews = Reviews()
    heat: list[HeatDay] = []
    places: list[LeaderboardRow] = []
    place_count: int = 0
    you: LeaderboardRow = NOBODY

    @rx.event
    async def load(self) -> None:
        """Fetch the day; news of anything that it shows fetches it again."""
        student = await self._require_student()
        for topic in (Topic.SYNC, Topic.CARDS, Topic.FOCUS, Topic.CAMPUS, Topic.POINTS):
            self._watch(topic, DashboardState.load)
        self._watch(Topic.LEADERBOARD, DashboardState.look_at_places)
        view = await service.find_dashboard(student=student, now=clock.now())
        for name in SHOWN:
            self._set_if_new(name, getattr(view, name))
        await self._show_places(student)
        self.loaded = True

    @rx.event
    async def look_at_places(self) -> None:
        """Fetch the week's leaderboard again."""
        await self._show_places(await self._require_student())

    async def _show_places(self, student: Student) -> None:
        board = await points.find_leaderboard(
            student=student, now=clock.now(), limit=PLACES
        )
        self._set_if_new("places", list(board.rows))
        self.place_count = len(board.rows)
        self._set_if_new("you", board.you or NOBODY)

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
    "start",
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
