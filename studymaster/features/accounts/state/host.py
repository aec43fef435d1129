"""What the person who hosts the product sees, as one tab holds it."""

import reflex as rx

from studymaster.adapters import clock, database, queue, shortcut
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import (
    Fact,
    FailureView,
    HostView,
    PartView,
    Student,
)
from studymaster.features.accounts.service import hosting
from studymaster.features.accounts.state.session import SessionState

NO_FAILURE = "That task is not on the list any more."


class HostState(SessionState):
    """Whether every part answers, what waits, and what failed. Only for hosts."""

    loaded: bool = False
    allowed: bool = False
    parts: list[PartView] = []
    waiting: list[Fact] = []
    facts: list[Fact] = []
    failures: list[FailureView] = []
    failure_count: int = 0
    ticked_at: str = ""
    beats: bool = False

    @rx.event
    async def load(self) -> None:
        """Look at everything; for who is no host there is nothing here."""
        student = await self._require_student()
        async with unit_of_work() as work:
            allowed = await hosting.is_host(work, account_id=student.account_id)
        if allowed:
            await self._look()
        else:
            self.reset()
        self.loaded, self.allowed = True, allowed

    @rx.event
    async def mark_seen(self, failure_id: str) -> None:
        """Take one failed task off the list."""
        student = await self._require_student()
        await self._require_host(student)
        failure = parse_id(failure_id, missing=NO_FAILURE)
        async with unit_of_work() as work:
            await hosting.mark_seen(work, failure_id=failure, now=clock.now())
        await self._look()

    @rx.event
    async def mark_all_seen(self) -> None:
        """Take all failed tasks off the list."""
        student = await self._require_student()
        await self._require_host(student)
        async with unit_of_work() as work:
            await hosting.mark_seen(work, failure_id=None, now=clock.now())
        await self._look()

    async def _require_host(self, student: Student) -> None:
        async with unit_of_work() as work:
            await hosting.require_host(work, account_id=student.account_id)

    async def _look(self) -> None:
        async with unit_of_work() as work:
            view = await hosting.overview(work, now=clock.now())
        self._show(view)
        self.parts = [
            hosting.part("Database", answers=await database.answers()),
            hosting.part("Redis", answers=await shortcut.answers()),
            hosting.part(
                "File store", answers=await hosting.storage_answers(get_storage())
            ),
        ]
        lengths = await queue.waiting()
        self.waiting = [Fact(name, f"{count:,}") for name, count in lengths.items()]

    def _show(self, view: HostView) -> None:
        self.facts, self.failures = list(view.facts), list(view.failures)
        self.failure_count = view.failure_count
        self.ticked_at, self.beats = view.ticked_at, view.beats
