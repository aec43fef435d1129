"""What a student's cards add up to, as one browser tab holds it."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.schemas import StatisticsView
from studymaster.features.flashcards.service import statistics


class StatisticsState(SessionState):
    """The figures of the student's cards."""

    figures: StatisticsView = StatisticsView()
    loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the figures, and keep them true."""
        await self._require_student()
        self._watch(Topic.CARDS, StatisticsState.refresh)
        await self._show()

    @rx.event
    async def refresh(self) -> None:
        """Bring the figures up to date."""
        await self._show()

    async def _show(self) -> None:
        student = await self._require_student()
        figures = await statistics.kept_statistics(student=student, now=clock.now())
        if figures != self.figures:
            self.figures = figures
        self.loaded = True
