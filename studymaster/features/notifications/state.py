"""The inbox, as one tab holds it."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.notifications import service
from studymaster.features.notifications.schemas import NotificationView
from studymaster.paging import Window

AT_ONCE = 30

LIST = "inbox"
"""Where the focus goes when what it was on is there no more."""


class InboxState(SessionState):
    """What the student was told, newest first, as far as they have looked back."""

    loaded: bool = False
    items: list[NotificationView] = []
    has_more: bool = False
    has_unread: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the newest, and keep showing what comes."""
        student = await self._require_student()
        self._watch(Topic.NOTIFICATIONS, InboxState.refresh)
        await self._show(student, count=AT_ONCE)
        self.loaded = True

    @rx.event
    async def refresh(self) -> None:
        """Show what came, without losing how far the student looked back."""
        student = await self._require_student()
        await self._show(student, count=max(AT_ONCE, len(self.items)))

    @rx.event
    async def more(self) -> None:
        """Look further back."""
        student = await self._require_student()
        await self._show(student, count=len(self.items) + AT_ONCE)

    @rx.event
    async def read(self, notification_id: str) -> None:
        """Mark one as read."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.mark_read(
                work,
                account_id=student.account_id,
                notification_id=parse_id(notification_id, missing=service.NO_NOTIFICATION),
                now=clock.now(),
            )
        await self._show(student, count=len(self.items))

    @rx.event
    async def read_all(self) -> rx.event.EventSpec:
        """Mark everything as read."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.mark_all_read(
                work, account_id=student.account_id, now=clock.now()
            )
        await self._show(student, count=len(self.items))
        # The button that was pressed is gone: nothing is unread any more.
        return rx.set_focus(LIST)

    async def _show(self, student: Student, *, count: int) -> None:
        items: list[NotificationView] = []
        has_more = True
        async with unit_of_work() as work:
            while has_more and len(items) < count:
                window = Window(offset=len(items), limit=AT_ONCE)
                part = await service.inbox(
                    work, account_id=student.account_id, window=window
                )
                items += part.items
                has_more = part.next_offset is not None
        if items != self.items:
            self.items = items
        self.has_more = has_more
        self.has_unread = any(not item.read for item in items)
