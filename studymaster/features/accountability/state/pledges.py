"""Pledges to and from buddies, as one browser tab holds them."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import rules, service
from studymaster.features.accountability.schemas import (
    BuddyChoice,
    PledgeBounds,
    PledgeView,
)
from studymaster.features.accountability.service.pledges import NO_PLEDGE, OPEN
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.service.buddies import NO_BUDDY
from studymaster.ui.notice import notify

NEW_PLEDGE = "new-pledge"
"""The id of what opens the form."""

FIELDS = ("kind", "amount", "days")
"""What the form says of the promise itself."""

FIRST_BOUNDS = service.pledge_bounds(rules.Measure.REVIEWS)
"""Those of the kind that a fresh form offers."""


class PledgesState(SessionState):
    """The student's promises, those made to them, and the one that is being taken back.

    `bounds` are those of the kind chosen in the form, `problem` is what was wrong with its
    amount; `made` counts the pledges of this visit.
    """

    loaded: bool = False
    own: list[PledgeView] = []
    theirs: list[PledgeView] = []
    buddies: list[BuddyChoice] = []
    withdrawing: str = ""
    bounds: PledgeBounds = FIRST_BOUNDS
    problem: str = ""
    made: int = 0

    @rx.event
    async def load(self) -> None:
        """Fetch the pledges; news of points or of buddies fetches them again."""
        student = await self._require_student()
        self._watch(Topic.POINTS, PledgesState.refresh)
        self._watch(Topic.CAMPUS, PledgesState.refresh)
        # Whenever somebody earns points, the leaderboard moves: a buddy may be nearer.
        self._watch(Topic.LEADERBOARD, PledgesState.follow)
        self.withdrawing, self.problem, self.bounds = "", "", FIRST_BOUNDS
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the pledges up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def follow(self) -> None:
        """Look again how far buddies are with what they promised."""
        student = await self._require_student()
        if any(one.state == OPEN for one in self.theirs):
            await self._show(student)

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        """Say between what the amount of another kind lies."""
        await self._require_student()
        known = rules.find_pledge_kind(kind)
        if known is not None:
            self.bounds, self.problem = service.pledge_bounds(known), ""

    @rx.event
    async def make(self, form: dict[str, str]) -> list[EventSpec]:
        """Promise something to a buddy; what is wrong with the amount is said beside it."""
        student = await self._require_student()
        now, typed = clock.now(), {name: str(form.get(name, "")) for name in FIELDS}
        self.problem = rules.amount_problem(**typed)
        if self.problem:
            return [rx.set_focus("field-amount")]
        promise = rules.require_promise(**typed, today=student.day_of(now))
        buddy_id = parse_id(form.get("buddy_id"), missing=NO_BUDDY)
        await limits.take("pledge", str(student.account_id))
        async with unit_of_work() as work:
            made = await service.make_pledge(
                work, student=student, buddy_id=buddy_id, promise=promise, now=now
            )
        await self._show(student)
        self.made, self.bounds = self.made + 1, FIRST_BOUNDS
        words = f"Promised to {made.name}: {made.words}."
        return [notify(words, "success"), rx.set_focus(NEW_PLEDGE)]

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
