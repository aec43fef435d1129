"""Pledges to and from buddies, as one browser tab holds them."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import rules, service
from studymaster.features.accountability.schemas import BuddyChoice, PledgeView
from studymaster.features.accountability.service.pledges import NO_PLEDGE
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.service.buddies import NO_BUDDY


class PledgesState(SessionState):
    """The student's promises, those made to them, and the one that is being taken back."""

    loaded: bool = False
    own: list[PledgeView] = []
    theirs: list[PledgeView] = []
    buddies: list[BuddyChoice] = []
    withdrawing: str = ""

    @rx.event
    async def load(self) -> None:
        """Fetch the pledges; news of points or of buddies fetches them again."""
        student = await self._require_student()
        self._watch(Topic.POINTS, PledgesState.refresh)
        self._watch(Topic.CAMPUS, PledgesState.refresh)
        self.withdrawing = ""
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the pledges up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def make(self, form: dict[str, str]) -> None:
        """Promise something to a buddy."""
        student = await self._require_student()
        now = clock.now()
        promise = rules.require_promise(
            kind=str(form.get("kind", "")),
            amount=str(form.get("amount", "")),
            days=str(form.get("days", "")),
            today=student.day_of(now),
        )
        buddy_id = parse_id(form.get("buddy_id"), missing=NO_BUDDY)
        async with unit_of_work() as work:
            await service.make_pledge(
                work, student=student, buddy_id=buddy_id, promise=promise, now=now
            )
        await self._show(student)

    @rx.event
    async def ask_withdrawal(self, pledge_id: str) -> None:
        """Ask before a pledge is taken back; an empty id closes the question."""
        await self._require_student()
        own = {pledge.id for pledge in self.own}
        self.withdrawing = pledge_id if pledge_id in own else ""

    @rx.event
    async def withdraw(self) -> None:
        """Take back the pledge that was asked about."""
        student = await self._require_student()
        pledge_id = parse_id(self.withdrawing, missing=NO_PLEDGE)
        self.withdrawing = ""
        async with unit_of_work() as work:
            await service.withdraw_pledge(
                work, account_id=student.account_id, pledge_id=pledge_id, now=clock.now()
            )
        await self._show(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            found = await service.list_pledges(work, student=student, now=clock.now())
        self.own, self.theirs, self.buddies = found.own, found.theirs, found.buddies
        self.loaded = True
