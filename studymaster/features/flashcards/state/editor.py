"""The card that is being typed or changed, as one browser tab holds it."""

from uuid import uuid4

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.schemas import (
    NO_CARD,
    CardDraft,
    DeckChoice,
    parse_new_card,
    parse_pile_key,
)
from studymaster.features.flashcards.service import cards, decks
from studymaster.features.flashcards.service.cards import CardChange
from studymaster.ui.notice import notify


class CardEditorState(SessionState):
    """One card in the window over the page; what is typed stays in the browser until saved.

    `visit` names the card to be made: the same form sent twice makes it once. It changes
    when a card is made, which empties the fields for the next one.
    """

    is_open: bool = False
    draft: CardDraft = CardDraft()
    kind: str = "basic"
    choices: list[DeckChoice] = []
    visit: str = ""
    made: int = 0

    @rx.event
    async def open_new(self, deck: str) -> None:
        """Open an empty card for a deck; without one, for the first there is."""
        student = await self._require_student()
        await self._list(student)
        keys = [choice.key for choice in self.choices]
        chosen = deck if deck in keys else next(iter(keys), "")
        self.draft, self.kind = CardDraft(deck=chosen), "basic"
        self.visit, self.made, self.is_open = str(uuid4()), 0, True

    @rx.event
    async def open_card(self, card_id: str) -> None:
        """Open one of the student's cards to change it."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.draft = await cards.get_draft(
                work,
                account_id=student.account_id,
                card_id=parse_id(card_id, missing=NO_CARD),
            )
        await self._list(student)
        self.kind, self.visit, self.is_open = self.draft.kind, str(uuid4()), True

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        """Show the fields of a kind of card."""
        await self._require_student()
        self.kind = kind

    @rx.event
    async def close(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Close the window; opening is done with a deck or a card."""
        await self._require_student()
        if not is_open:
            self.is_open = False

    @rx.event
    async def save(self, form: dict[str, object]) -> EventSpec:
        """Keep what was typed: a changed card, or a new one and room for the next."""
        student = await self._require_student()
        if self.draft.id:
            await self._change(student, form)
            self.is_open = False
            return notify("The card is changed.", "success")
        count = await self._make(student, form)
        self.made += count
        self.draft = CardDraft(deck=str(form.get("deck", "")))
        self.visit = str(uuid4())
        return notify("1 card added." if count == 1 else f"{count} cards added.", "success")

    async def _make(self, student: Student, form: dict[str, object]) -> int:
        new = parse_new_card(
            kind=form.get("kind"),
            front=form.get("front"),
            back=form.get("back"),
            tags=form.get("tags"),
        )
        async with unit_of_work() as work:
            made = await cards.add(
                work,
                student=student,
                pile=parse_pile_key(form.get("deck")),
                new=new,
                first_id=parse_id(form.get("visit"), missing=NO_CARD),
                now=clock.now(),
            )
        return len(made)

    async def _change(self, student: Student, form: dict[str, object]) -> None:
        change = CardChange(
            front=form.get("front"),
            back=form.get("back"),
            tags=form.get("tags", ""),
            pile=parse_pile_key(form.get("deck")),
        )
        async with unit_of_work() as work:
            await cards.edit(
                work,
                student=student,
                card_id=parse_id(self.draft.id, missing=NO_CARD),
                change=change,
                now=clock.now(),
            )

    async def _list(self, student: Student) -> None:
        async with unit_of_work() as work:
            self.choices = await decks.list_choices(work, student=student, now=clock.now())
