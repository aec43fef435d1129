"""The Live Sync page around its parts, as one browser tab holds it: which one is open."""

from collections.abc import Mapping
from typing import Final

import reflex as rx
from reflex.event import EventSpec, EventType

from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.deadlines.state import (
    AnnouncementsState,
    CalendarState,
    DeadlinesState,
)
from studymaster.features.grades.state import GradesState
from studymaster.features.sync.service import items
from studymaster.features.sync.state.live import LiveSyncState

PAGE: Final = "/live-sync"
FIRST: Final = "sync"
LOADS: Final[Mapping[str, EventType[()]]] = {
    FIRST: LiveSyncState.load,
    "grades": GradesState.load,
    "deadlines": [DeadlinesState.load, AnnouncementsState.load, CalendarState.load],
    "connections": LiveSyncState.load,
}
"""What each part loads; nothing is loaded that is not looked at."""


class SyncTabsState(SessionState):
    """The open part, and how much space the student's files take, in words."""

    tab: str = FIRST
    space: str = ""

    @rx.event
    async def load(self) -> EventType[()]:
        """Open the part that the address names (`?tab=`)."""
        student = await self._require_student()
        wanted = self.router.url.query_parameters.get("tab", FIRST)
        self.tab = wanted if wanted in LOADS else FIRST
        if self.tab == FIRST:
            self._watch(Topic.SYNC, SyncTabsState.refresh)
            await self._measure(student)
        return LOADS[self.tab]

    @rx.event
    async def refresh(self) -> None:
        """Add up the space anew."""
        await self._measure(await self._require_student())

    @rx.event
    async def open_tab(self, tab: str) -> EventSpec:
        """Open another part, and let the address say so; the part loads with it."""
        await self._require_student()
        self.tab = tab if tab in LOADS else FIRST
        address = PAGE if self.tab == FIRST else f"{PAGE}?tab={self.tab}"
        return rx.redirect(address, replace=True)

    async def _measure(self, student: Student) -> None:
        async with unit_of_work() as work:
            space = await items.space_used(work, account_id=student.account_id)
        if space != self.space:
            self.space = space
