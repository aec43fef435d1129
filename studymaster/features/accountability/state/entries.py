"""The ledger, as far as one browser tab has unrolled it."""

import reflex as rx

from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accountability.schemas import EntryView
from studymaster.features.accountability.service.entries import STEP
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState


class LedgerState(SessionState):
    """The newest lines of the ledger, 30 more at a time."""

    loaded: bool = False
    entries: list[EntryView] = []
    more: bool = False
    _shown: int = STEP

    @rx.event
    async def load(self) -> None:
        """Show the newest lines."""
        student = await self._require_student()
        self._watch(Topic.POINTS, LedgerState.refresh)
        self._shown = STEP
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the lines that are shown up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def show_more(self) -> None:
        """Show thirty lines more."""
        student = await self._require_student()
        self._shown = len(self.entries) + STEP
        await self._show(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            entries, self.more = await service.list_entries(
                work, account_id=student.account_id, shown=self._shown
            )
        if self.entries != entries:
            self.entries = entries
        self.loaded = True
