"""What is done with the card on the table besides answering it, in one browser tab."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock, limits
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.llm import open_model
from studymaster.errors import NotFoundError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.schemas import (
    NO_CARD,
    LeechView,
    Suggestion,
    parse_due,
    parse_flag,
    parse_timebox,
)
from studymaster.features.flashcards.service import deeds, leeches, undoing
from studymaster.features.flashcards.state.review import ReviewState
from studymaster.ui.notice import notify

NOTHING = "There is nothing to take back."
NO_MODEL = "There is no model to ask. Set one in the settings, or write your own words."
NOTHING_SUGGESTED = "The model found no other words on this page. Write your own."


class DeedState(ReviewState):
    """Burying, suspending, flags, days, beginning anew, deleting, and taking it back.

    `suggestions` are other words for the card that is being rewritten.
    """

    suggestions: list[Suggestion] = []
    suggested_for: str = ""
    is_asking: bool = False

    @rx.event
    async def bury(self, card_id: str, siblings: bool) -> EventSpec:  # noqa: FBT001  (what the table sends)
        """Leave a card, or all of its note, out until tomorrow."""
        student = await self._require_student()

        async def do(work: UnitOfWork, card: UUID) -> str:
            return await deeds.bury(
                work,
                student=student,
                card_id=card,
                siblings=siblings is True,
                now=clock.now(),
            )

        return await self._do(card_id, do)

    @rx.event
    async def suspend(self, card_id: str, siblings: bool) -> EventSpec:  # noqa: FBT001
        """Leave a card, or all of its note, out until it is brought back."""
        student = await self._require_student()

        async def do(work: UnitOfWork, card: UUID) -> str:
            return await deeds.suspend(
                work,
                student=student,
                card_id=card,
                siblings=siblings is True,
                now=clock.now(),
            )

        return await self._do(card_id, do)

    @rx.event
    async def bring_back(self, card_id: str) -> EventSpec:
        """Ask a leech again; it is none any more."""
        student = await self._require_student()

        async def do(work: UnitOfWork, card: UUID) -> str:
            return await deeds.bring_back(
                work, student=student, card_id=card, now=clock.now()
            )

        return await self._do(card_id, do)

    @rx.event
    async def flag(self, card_id: str, number: int) -> EventSpec:
        """Mark a card, or take its flag off."""
        student, chosen = await self._require_student(), parse_flag(number)

        async def do(work: UnitOfWork, card: UUID) -> str:
            return await deeds.flag(
                work, student=student, card_id=card, number=chosen, now=clock.now()
            )

        return await self._do(card_id, do)

    @rx.event
    async def set_due(self, card_id: str, days: str) -> EventSpec:
        """Let a card come in some days, or on a date."""
        student, now = await self._require_student(), clock.now()
        due_on = parse_due(days, today=student.day_of(now))

        async def do(work: UnitOfWork, card: UUID) -> str:
            return await deeds.set_due(
                work, student=student, card_id=card, due_on=due_on, now=now
            )

        return await self._do(card_id, do)

    @rx.event
    async def reset_card(self, card_id: str) -> EventSpec:
        """Start a card anew."""
        student = await self._require_student()

        async def do(work: UnitOfWork, card: UUID) -> str:
            return await deeds.reset(work, student=student, card_id=card, now=clock.now())

        return await self._do(card_id, do)

    @rx.event
    async def delete(self, card_id: str) -> EventSpec:
        """Delete a card with all of its note."""
        student = await self._require_student()

        async def do(work: UnitOfWork, card: UUID) -> str:
            return await deeds.delete(
                work, student=student, card_id=card, siblings=True, now=clock.now()
            )

        return await self._do(card_id, do)

    @rx.event
    async def undo(self) -> EventSpec:
        """Take back what was done last, an answer or another deed."""
        student = await self._require_student()
        async with unit_of_work() as work:
            said = await undoing.undo_last(work, student=student, now=clock.now())
        # An answer that is gone may be given again under its old key.
        self.settled = []
        await self._show(student)
        return notify(said or NOTHING, "success" if said else "info")

    @rx.event
    async def choose_timebox(self, minutes: str) -> None:
        """Pause after so many minutes from now on, in every review."""
        student, chosen = await self._require_student(), parse_timebox(minutes)
        async with unit_of_work() as work:
            await accounts.save_timebox(work, account_id=student.account_id, minutes=chosen)
        self.timebox_minutes = chosen

    @rx.event
    async def dismiss_leech(self) -> None:
        """Leave a leech as it is."""
        await self._require_student()
        self.leech = LeechView()

    @rx.event
    async def suggest(self, card_id: str) -> AsyncGenerator[EventSpec | None]:
        """Ask the student's model for other words, made from the page that a card cites."""
        student, card = await self._require_student(), parse_id(card_id, missing=NO_CARD)
        account_id = student.account_id
        await limits.take("rewrite", str(account_id))
        async with unit_of_work() as work:
            page = await leeches.get_page(work, account_id=account_id, card_id=card)
            access = await accounts.find_model(work, account_id=account_id)
        if access is None:
            raise NotFoundError(NO_MODEL)
        self.is_asking, self.suggestions, self.suggested_for = True, [], str(card)
        yield None
        try:
            async with open_model(
                base_url=access.address,
                model=access.model,
                api_key=access.key.get_secret_value(),
            ) as model:
                self.suggestions = await leeches.suggest(model, page=page)
        finally:
            self.is_asking = False
        if not self.suggestions:
            yield notify(NOTHING_SUGGESTED, "info")

    async def _do(
        self, card_id: str, deed: Callable[[UnitOfWork, UUID], Awaitable[str]]
    ) -> EventSpec:
        student, card = await self._require_student(), parse_id(card_id, missing=NO_CARD)
        async with unit_of_work() as work:
            said = await deed(work, card)
        await self._show(student)
        return notify(f"{said}.", "success")
