"""Points, streak, challenges and achievements, as one browser tab holds them."""

import reflex as rx
from reflex.event import EventType

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accountability.schemas import (
    AchievementView,
    CalendarDay,
    ChallengeView,
    Figures,
)
from studymaster.features.accountability.state.board import BoardState
from studymaster.features.accountability.state.entries import LedgerState
from studymaster.features.accountability.state.pledges import PledgesState
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState

SHOWN = ("figures", "calendar", "challenges", "achievements")


class OverviewState(SessionState):
    """What is counted for the student, fresh while points come and go."""

    loaded: bool = False
    figures: Figures = Figures()
    calendar: list[CalendarDay] = []
    challenges: list[ChallengeView] = []
    achievements: list[AchievementView] = []

    @rx.event
    async def load(self) -> EventType[()]:
        """Fetch the figures, then the rest of the page."""
        student = await self._require_student()
        self._watch(Topic.POINTS, OverviewState.refresh)
        await self._show(student)
        return [BoardState.load, PledgesState.load, LedgerState.load]

    @rx.event
    async def refresh(self) -> None:
        """Bring the figures up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def join(self, code: str) -> None:
        """Take on a challenge."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.join_challenge(work, student=student, code=code, now=clock.now())
        await self._show(student)

    async def _show(self, student: Student) -> None:
        view = await service.find_overview(student=student, now=clock.now())
        for name in SHOWN:
            # A var that is set is sent whole.
            if getattr(self, name) != getattr(view, name):
                setattr(self, name, getattr(view, name))
        self.loaded = True
