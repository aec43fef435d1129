"""What teachers announced, as one browser tab holds it."""

from typing import Final

import reflex as rx

from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.deadlines.schemas import AnnouncementRow
from studymaster.features.deadlines.service import listing

PIECE: Final = 20


class AnnouncementsState(SessionState):
    """The newest announcements of all courses, as far as the student looked back."""

    loaded: bool = False
    items: list[AnnouncementRow] = []
    more: bool = False
    _shown: int = PIECE

    @rx.event
    async def load(self) -> None:
        """Show the newest twenty, and keep showing what comes."""
        student = await self._require_student()
        self._watch(Topic.SYNC, AnnouncementsState.refresh)
        self._shown = PIECE
        await self._show(student)
        self.loaded = True

    @rx.event
    async def refresh(self) -> None:
        """Show what came, without losing how far the student looked back."""
        student = await self._require_student()
        await self._show(student)

    @rx.event
    async def show_more(self) -> None:
        """Show twenty more."""
        student = await self._require_student()
        self._shown += PIECE
        await self._show(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            items, more = await listing.newest_announcements(
                work, account_id=student.account_id, most=self._shown
            )
        if items != self.items:
            self.items = items
        self.more = more
