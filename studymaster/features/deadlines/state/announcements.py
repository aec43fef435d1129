"""What teachers announced, as one browser tab holds it."""

from typing import Final
from uuid import UUID

import reflex as rx

from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.deadlines.schemas import AnnouncementRow
from studymaster.features.deadlines.service import listing

PIECE: Final = 20


class AnnouncementsState(SessionState):
    """The newest announcements, as far as the student looked back.

    They are those of one `course`, or of all where it is empty.
    """

    loaded: bool = False
    course: str = ""
    items: list[AnnouncementRow] = []
    more: bool = False
    _shown: int = PIECE

    @rx.event
    async def load(self) -> None:
        """Show the newest twenty of all courses, or of the one of the address (`?course=`)."""
        student = await self._require_student()
        self._watch(Topic.SYNC, AnnouncementsState.refresh)
        await self._show_anew(student, self.router.url.query_parameters.get("course", ""))
        self.loaded = True

    @rx.event
    async def choose(self, course_id: str) -> None:
        """Show those of one course; an empty id means of all."""
        await self._show_anew(await self._require_student(), course_id)

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

    async def _show_anew(self, student: Student, address: str) -> None:
        async with unit_of_work() as work:
            chosen = await listing.find_chosen(
                work, account_id=student.account_id, address=address
            )
        self.course, self._shown = str(chosen or ""), PIECE
        await self._show(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            items, more = await listing.newest_announcements(
                work,
                account_id=student.account_id,
                course_id=UUID(self.course) if self.course else None,
                most=self._shown,
            )
        if items != self.items:
            self.items = items
        self.more = more
