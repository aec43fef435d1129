"""Making, naming and deleting a student's own decks, as one browser tab holds it."""

from uuid import UUID, uuid4

import reflex as rx
from reflex.event import IndividualEventType

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules.typed import LEVELS, lies_in
from studymaster.features.flashcards.schemas import (
    NO_DECK,
    DeckChoice,
    DeckView,
    parse_pile_key,
)
from studymaster.features.flashcards.schemas.trees import last_part, whole_name
from studymaster.features.flashcards.service import decks
from studymaster.features.flashcards.state.decks import DecksState
from studymaster.ui.notice import notify

WITH_IT = "delete"
"""What the form says when the cards shall go with their deck."""


class ShelfState(SessionState):
    """The deck that is being made, named or deleted, and which of the windows is open.

    `visit` differs each time a window opens, so that its fields begin afresh; `problem` is
    what is wrong with the name. `above` is the id of the deck that it lies in (empty: none),
    `places` are those it may lie in; `inner` decks lie in it, and go when it goes.
    """

    is_naming: bool = False
    is_deleting: bool = False
    deck_id: str = ""
    name: str = ""
    above: str = ""
    places: list[DeckChoice] = []
    inner: int = 0
    cards: int = 0
    others: list[DeckChoice] = []
    visit: str = ""
    problem: str = ""

    @rx.event
    async def ask_new(self) -> None:
        """Open the window in which a new deck gets its name."""
        await self._open_new(await self._require_student(), "")

    @rx.event
    async def ask_new_within(self, deck_id: str) -> None:
        """Open the window in which a new deck that lies in another gets its name."""
        student = await self._require_student()
        await self._choose(student, deck_id)
        await self._open_new(student, deck_id)

    @rx.event
    async def ask_name(self, deck_id: str) -> None:
        """Open the window in which a deck gets another name."""
        await self._choose(await self._require_student(), deck_id)
        outer, self.name = last_part(self.name)
        known = {place.name.casefold(): place.key for place in self.places}
        self.above = known.get(outer.casefold(), "")
        if not self.above and outer:
            self.name = f"{outer}{LEVELS}{self.name}"
        self.is_naming, self.problem = True, ""

    @rx.event
    async def ask_delete(self, deck_id: str) -> None:
        """Open the window that asks what becomes of a deck's cards."""
        await self._choose(await self._require_student(), deck_id)
        self.is_deleting = True

    @rx.event
    async def close(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Close the windows; opening is done by asking."""
        await self._require_student()
        if not is_open:
            self.is_naming = self.is_deleting = False

    @rx.event
    async def save(self, form: dict[str, object]) -> list[IndividualEventType[()]]:
        """Make the deck, or give it its new name; pressed twice it is done once."""
        student = await self._require_student()
        if not self.is_naming:
            return []
        account_id, name = student.account_id, self._whole_name(form)
        known = self._deck() if self.deck_id else None
        async with unit_of_work() as work:
            self.problem = await decks.find_name_problem(
                work, account_id=account_id, name=name, but=known
            )
            if self.problem:
                return []
            if known is not None:
                await decks.rename_deck(
                    work, account_id=account_id, deck_id=known, name=name
                )
            else:
                await decks.create_deck(
                    work, account_id=account_id, name=name, now=clock.now()
                )
        self.is_naming = False
        return [DecksState.refresh]

    @rx.event
    async def delete(self, form: dict[str, object]) -> list[IndividualEventType[()]]:
        """Delete the deck; its cards go where the form says. Pressed twice it is done once."""
        student = await self._require_student()
        if not self.is_deleting:
            return []
        choice = form.get("cards") if self.cards else WITH_IT
        target = None if choice == WITH_IT else parse_pile_key(choice)
        async with unit_of_work() as work:
            await decks.delete_deck(
                work,
                account_id=student.account_id,
                deck_id=self._deck(),
                move_to=target,
                now=clock.now(),
            )
        self.is_deleting = False
        return [notify(f"{self.name} is deleted.", "success"), DecksState.refresh]

    async def _open_new(self, student: Student, above: str) -> None:
        async with unit_of_work() as work:
            shelves = await decks.list_shelves(work, student=student, now=clock.now())
        self.places = [DeckChoice(one.id, one.fullname) for one in shelves.own]
        self.deck_id, self.name, self.above = "", "", above
        self.visit = str(uuid4())
        self.is_naming, self.problem = True, ""

    async def _choose(self, student: Student, deck_id: object) -> None:
        async with unit_of_work() as work:
            shelves = await decks.list_shelves(work, student=student, now=clock.now())
        deck = _find(shelves.own, deck_id)
        within = [one for one in shelves.own if lies_in(one.fullname, deck.fullname)]
        keys = {one.key for one in within}
        others = [one for one in shelves.own if one.key not in keys]
        self.deck_id, self.name = deck.id, deck.fullname
        self.inner, self.cards = len(within) - 1, sum(one.total for one in within)
        self.places = [DeckChoice(one.id, one.fullname) for one in others]
        every = [*others, *shelves.courses]
        self.others = [DeckChoice(one.key, one.shortname) for one in every]
        self.visit = str(uuid4())

    def _whole_name(self, form: dict[str, object]) -> object:
        chosen = form.get("above") or ""
        above = {"": ""} | {place.key: place.name for place in self.places}
        if not isinstance(chosen, str) or chosen not in above:
            raise NotFoundError(NO_DECK)
        return whole_name(form.get("name"), above=above[chosen])

    def _deck(self) -> UUID:
        return parse_id(self.deck_id, missing=NO_DECK)


def _find(own: list[DeckView], deck_id: object) -> DeckView:
    found = next((deck for deck in own if deck.id == deck_id), None)
    if found is None:
        raise NotFoundError(NO_DECK)
    return found
