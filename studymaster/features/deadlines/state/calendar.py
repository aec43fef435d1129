"""The private address of a student's calendar, as one browser tab holds it."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.deadlines.service import calendar
from studymaster.ui import notice

PART = "calendar-feed"
"""Where the focus goes when what it was on is there no more."""


class CalendarState(SessionState):
    """Where the calendar lies, empty while it is switched off.

    `subscription` is the same address as calendar programs on a device want it.
    """

    loaded: bool = False
    address: str = ""
    subscription: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the address, and keep it up to date."""
        student = await self._require_student()
        self._watch(Topic.SYNC, CalendarState.refresh)
        await self._show(student)
        self.loaded = True

    @rx.event
    async def refresh(self) -> None:
        """Show the address that holds now."""
        student = await self._require_student()
        await self._show(student)

    @rx.event
    async def switch_on(self) -> EventSpec:
        """Give the student's calendar an address."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await calendar.switch_on(work, account_id=student.account_id, now=clock.now())
        await self._show(student)
        # The button that was pressed is gone with it.
        return rx.set_focus(PART)

    @rx.event
    async def renew(self) -> EventSpec:
        """Give it another address."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await calendar.renew(work, account_id=student.account_id)
        await self._show(student)
        said = "There is a new address. The old one shows nothing any more."
        return notice.notify(said, "success")

    @rx.event
    async def switch_off(self) -> list[EventSpec]:
        """Take the address away."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await calendar.switch_off(work, account_id=student.account_id)
        await self._show(student)
        said = "The calendar feed is off. Its address shows nothing now."
        return [notice.notify(said), rx.set_focus(PART)]

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            key = await calendar.find_key(work, account_id=student.account_id)
        place = f"{get_settings().public_url.rstrip('/')}/api/v1/calendar/{key}.ics"
        self.address = place if key else ""
        self.subscription = f"webcal://{place.partition('://')[2]}" if key else ""
