"""The sessions of before and what they add up to, as one browser tab holds them."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.focus.schemas import FocusStats, SessionRow
from studymaster.features.focus.service import listing, statistics


class HistoryState(SessionState):
    """The newest sessions, more on demand, and the charts of days, weeks and courses."""

    loaded: bool = False
    stats: FocusStats = FocusStats()
    rows: list[SessionRow] = []
    more: bool = False
    _stretches: int = 1

    @rx.event
    async def load(self) -> None:
        """Show the figures and the newest twenty sessions."""
        student = await self._require_student()
        self._watch(Topic.FOCUS, HistoryState.refresh)
        self._stretches = 1
        await self._show(student)
        self.loaded = True

    @rx.event
    async def refresh(self) -> None:
        """Bring figures and sessions up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def show_more(self) -> None:
        """Show twenty more sessions."""
        student = await self._require_student()
        self._stretches += 1
        await self._show(student)

    async def _show(self, student: Student) -> None:
        now = clock.now()
        stats = await statistics.get_stats(student=student, now=now)
        if stats != self.stats:
            self.stats = stats
        async with unit_of_work() as work:
            rows, self.more = await listing.list_rows(
                work, student=student, stretches=self._stretches, now=now
            )
        if rows != self.rows:
            self.rows = rows
