"""A student's own schedule, as one browser tab holds it."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.schemas import ScheduleView
from studymaster.features.flashcards.service import fitting, schedule
from studymaster.ui.notice import notify

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The fields of the form of easy days."""


class ScheduleState(SessionState):
    """How FSRS is fitted to the student, what it costs, and which days are easy."""

    view: ScheduleView = ScheduleView()
    loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the schedule, and keep it true."""
        await self._require_student()
        self._watch(Topic.CARDS, ScheduleState.refresh)
        await self._show()

    @rx.event
    async def refresh(self) -> None:
        """Bring the schedule up to date."""
        await self._show()

    @rx.event
    async def fit(self) -> None:
        """Ask for a fit now; while one is made, that is the one."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await fitting.request_fit(work, student=student, now=clock.now())
        await self._show()

    @rx.event
    async def go_back(self) -> None:
        """Ask for the published parameters again."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await fitting.request_published(work, student=student, now=clock.now())
        await self._show()

    @rx.event
    async def save_easy_days(self, form: dict[str, object]) -> EventSpec:
        """Keep how easy each day of the week shall be."""
        student = await self._require_student()
        chosen = [form.get(day) for day in WEEK]
        async with unit_of_work() as work:
            await schedule.save_easy_days(work, student=student, chosen=chosen)
        await self._show()
        return notify(
            "Your easy days are saved. They hold from your next answer.", "success"
        )

    async def _show(self) -> None:
        student = await self._require_student()
        view = await schedule.kept_schedule(student=student, now=clock.now())
        if view != self.view:
            self.view = view
        self.loaded = True
