"""Buddies, requests and suggestions, as one browser tab holds them."""

from functools import partial
from typing import ClassVar, Final
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.schemas.buddies import (
    BlockedView,
    BuddyView,
    Standing,
    SuggestionView,
)
from studymaster.features.campus.service import buddies
from studymaster.features.campus.service.pace import Act, take_turn
from studymaster.features.campus.state.changes import put
from studymaster.features.campus.state.lists import PIECE, first
from studymaster.features.campus.state.others import OthersState
from studymaster.ui import notice

MOST_WAITING: Final = 100
"""Requests and blocks that are shown; the newest, as answering makes room for the others."""


class BuddiesState(SessionState, OthersState):
    """Who studies with the student, who asks, whom they asked, and whom they could ask.

    `asking` is the account whose note is being written; its words only the browser knows.
    """

    is_open: bool = False
    buddies: list[BuddyView] = []
    incoming: list[BuddyView] = []
    outgoing: list[BuddyView] = []
    suggestions: list[SuggestionView] = []
    blocked: list[BlockedView] = []
    more_buddies: bool = False
    more_suggestions: bool = False
    asking: str = ""
    loaded: bool = False
    _blocked: ClassVar[str] = "Blocked. You will not see each other here."
    _shown_buddies: int = PIECE
    _shown_suggestions: int = PIECE

    @rx.event
    async def load(self) -> None:
        """Show everything, and keep it up to date."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, BuddiesState.refresh)
        self.asking = ""
        self._shown_buddies = self._shown_suggestions = PIECE
        await self._show(student)

    @rx.event
    async def show_more_buddies(self) -> None:
        """Show twenty more buddies."""
        student = await self._require_student()
        self._shown_buddies += PIECE
        await self._show(student)

    @rx.event
    async def show_more_suggestions(self) -> None:
        """Show twenty more students to ask."""
        student = await self._require_student()
        self._shown_suggestions += PIECE
        await self._show(student)

    @rx.event
    async def open_up(self, on: bool) -> None:  # noqa: FBT001  (a switch sends its position)
        """Be found by students of the same courses, or not any more."""
        student = await self._require_student()
        if not isinstance(on, bool):  # pyright: ignore[reportUnnecessaryIsInstance]  (a browser sends what it likes)
            msg = "Being open to buddies is either on or off."
            raise InvalidInputError(msg)
        async with unit_of_work() as work:
            await buddies.open_up(work, account_id=student.account_id, on=on)
        await self._show(student)

    @rx.event
    async def start_asking(self, account_id: str) -> None:
        """Open the note to one student; a second press leaves it open."""
        await self._require_student()
        known = {one.account_id for one in self.suggestions}
        self.asking = account_id if account_id in known else ""

    @rx.event
    async def stop_asking(self) -> None:
        """Close the note."""
        await self._require_student()
        self.asking = ""

    @rx.event
    async def ask(self, form: dict[str, str]) -> EventSpec:
        """Send the request whose note is open."""
        student = await self._require_student()
        other_id = parse_id(self.asking, missing=buddies.NO_STUDENT)
        await take_turn(Act.ASK_BUDDY, account_id=student.account_id)
        async with unit_of_work() as work:
            link = await buddies.ask(
                work,
                student=student,
                other_id=other_id,
                note=form.get("note", ""),
                now=clock.now(),
            )
        self.asking = ""
        await self._show(student)
        said = "is your buddy now" if link.standing == Standing.BUDDY else "is asked"
        return notice.notify(f"{link.name} {said}.", "success")

    @rx.event
    async def accept(self, link_id: str) -> EventSpec:
        """Say yes to a request."""
        student = await self._require_student()
        async with unit_of_work() as work:
            link = await buddies.accept(
                work,
                student=student,
                link_id=parse_id(link_id, missing=buddies.NO_LINK),
                now=clock.now(),
            )
        await self._show(student)
        return notice.notify(f"You and {link.name} are buddies now.", "success")

    @rx.event
    async def end(self, link_id: str) -> None:
        """Decline, withdraw, or be buddies no more."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await buddies.end(
                work,
                account_id=student.account_id,
                link_id=parse_id(link_id, missing=buddies.NO_LINK),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def unblock(self, account_id: str) -> None:
        """Let somebody be met again."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await buddies.unblock(
                work,
                account_id=student.account_id,
                other_id=parse_id(account_id, missing=buddies.NOT_BLOCKED),
            )
        await self._show(student)

    async def _show(self, student: Student) -> None:
        account_id, now = student.account_id, clock.now()
        async with unit_of_work() as work:
            await self._show_people(work, account_id)
            chosen = await accounts.preferences(work, account_id=account_id)
            found, more = await first(
                self._shown_suggestions,
                lambda window: buddies.suggest(
                    work, account_id=account_id, now=now, window=window
                ),
            )
        put(self, suggestions=found, more_suggestions=more)
        put(self, is_open=chosen.open_to_buddies, loaded=True)
        if self.asking not in {one.account_id for one in found}:
            put(self, asking="")

    async def _show_people(self, work: UnitOfWork, account_id: UUID) -> None:
        links = partial(buddies.list_links, work, account_id=account_id)
        found, more = await first(
            self._shown_buddies,
            lambda window: links(standing=Standing.BUDDY, window=window),
        )
        incoming, _ = await first(
            MOST_WAITING, lambda window: links(standing=Standing.INCOMING, window=window)
        )
        outgoing, _ = await first(
            MOST_WAITING, lambda window: links(standing=Standing.OUTGOING, window=window)
        )
        blocked, _ = await first(
            MOST_WAITING,
            lambda window: buddies.list_blocked(work, account_id=account_id, window=window),
        )
        put(self, buddies=found, more_buddies=more)
        put(self, incoming=incoming, outgoing=outgoing, blocked=blocked)
