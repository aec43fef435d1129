"""The cards that were searched for and chosen, as one browser tab holds them."""

from collections.abc import Awaitable, Callable

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules import browse as rules
from studymaster.features.flashcards.rules.typed import parse_tags
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    CardRow,
    DeckChoice,
    Pile,
    SearchProblem,
    find_search_problem,
    parse_card_ids,
    parse_flag,
    parse_pile_key,
)
from studymaster.features.flashcards.service import browse, bulk, decks, undoing
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.paging import Window
from studymaster.typed import clean
from studymaster.ui.notice import notify

ROWS = 50
MOST_CHOSEN = 500


class BrowseState(SessionState):
    """One page of the cards that meet the search, and which of all of them are chosen.

    `all_found`: everything that the search finds is chosen, on other pages too.

    `visit` changes when the search field has to be drawn anew with `text`. What cannot be
    read as a search is a `problem`, and the cards stay those of the last one that could.
    """

    rows: list[CardRow] = []
    total: int = 0
    first: int = 0
    text: str = ""
    problem: SearchProblem = SearchProblem()
    stage: str = ""
    tag: str = ""
    deck: str = ""
    tags: list[str] = []
    choices: list[DeckChoice] = []
    chosen: list[str] = []
    all_found: bool = False
    can_undo: bool = False
    is_asking: bool = False
    visit: int = 0
    loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the cards; the address may name every filter, and the page (from 1)."""
        student = await self._require_student()
        self._watch(Topic.CARDS, BrowseState.refresh)
        asked = self.router.url.query_parameters
        self.deck, self.tag = asked.get("deck", ""), asked.get("tag", "")
        self.text, self.stage = rules.first_search(
            text=asked.get("search", ""), stage=asked.get("state", "")
        )
        self.first = rules.first_of_page(asked.get("page", ""), rows=ROWS)
        self.chosen, self.is_asking, self.problem = [], False, SearchProblem()
        self.all_found = self.can_undo = False
        self.visit += 1
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the page up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def search(self, text: str) -> None:
        """Show the cards that a search in its language asks for, or why it cannot be read."""
        student = await self._require_student()
        self.problem = find_search_problem(text)
        if not self.problem.sentence:
            await self._ask(student, text=text)

    @rx.event
    async def choose_stage(self, stage: str) -> None:
        """Show the cards that stand so in the schedule."""
        await self._ask(await self._require_student(), stage=stage)

    @rx.event
    async def choose_tag(self, tag: str) -> None:
        """Show the cards with a tag."""
        await self._ask(await self._require_student(), tag=tag)

    @rx.event
    async def choose_deck(self, deck: str) -> None:
        """Show the cards of one deck."""
        await self._ask(await self._require_student(), deck=deck)

    @rx.event
    async def show_all(self) -> None:
        """Drop every filter."""
        student = await self._require_student()
        self.problem = SearchProblem()
        await self._ask(student, text="", stage="", tag="", deck="")
        self.visit += 1

    @rx.event
    async def turn_page(self, step: int) -> None:
        """Show the next page (1) or the one before (-1)."""
        student = await self._require_student()
        self.first = max(0, self.first + (ROWS if step == 1 else -ROWS))
        await self._show_table(student)

    @rx.event
    async def toggle(self, card_id: str) -> None:
        """Choose a card, or leave it out again."""
        await self._require_student()
        self.chosen = rules.toggled(self.chosen, [str(card_id)])[-MOST_CHOSEN:]
        self.all_found = False

    @rx.event
    async def choose_page(self) -> None:
        """Choose all cards of this page, or none when all are chosen."""
        await self._require_student()
        ids = [row.id for row in self.rows]
        self.chosen = rules.toggled(self.chosen, ids)[-MOST_CHOSEN:]
        self.all_found = False

    @rx.event
    async def choose_none(self) -> None:
        """Leave all cards out again."""
        await self._require_student()
        self.chosen, self.all_found = [], False

    @rx.event
    async def choose_found(self) -> None:
        """Choose every card that the search finds."""
        await self._require_student()
        self.chosen, self.all_found = [], True

    @rx.event
    async def suspend(self, on: bool) -> EventSpec:  # noqa: FBT001  (what the button sends)
        """Leave the chosen cards out of reviews, or bring them back."""
        return await self._do(bulk.suspend, on=on is True)

    @rx.event
    async def bury(self) -> EventSpec:
        """Leave the chosen cards out of reviews until tomorrow."""
        return await self._do(bulk.bury)

    @rx.event
    async def move(self, deck: str) -> EventSpec | None:
        """Put the chosen cards into another deck."""
        await self._require_student()
        return await self._do(bulk.move, pile=parse_pile_key(deck)) if deck else None

    @rx.event
    async def flag(self, number: str) -> EventSpec | None:
        """Mark the chosen cards with a flag, or take theirs off."""
        await self._require_student()
        return await self._do(bulk.flag, number=parse_flag(number)) if number else None

    @rx.event
    async def add_tag(self, form: dict[str, object]) -> EventSpec | None:
        """Add what was typed to the tags of the chosen cards."""
        await self._require_student()
        tags = parse_tags([form.get("tag")])
        return await self._do(bulk.tag, name=tags[0]) if tags else None

    @rx.event
    async def remove_tag(self, tag: str) -> EventSpec | None:
        """Take a tag off the chosen cards."""
        await self._require_student()
        return await self._do(bulk.untag, name=clean(tag)) if tag else None

    @rx.event
    async def undo(self) -> EventSpec:
        """Take back the last step of today."""
        student = await self._require_student()
        async with unit_of_work() as work:
            said = await undoing.undo_last(work, student=student, now=clock.now())
        self.can_undo = said is not None
        await self._done(student)
        return notify(said or "Nothing is left to take back today.", "success")

    @rx.event
    async def ask_delete(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Ask whether the chosen cards shall be deleted, or stop asking."""
        await self._require_student()
        self.is_asking = is_open is True

    @rx.event
    async def delete(self) -> EventSpec | None:
        """Delete the chosen cards; pressed twice it is done once."""
        await self._require_student()
        return await self._do(bulk.delete) if self.is_asking else None

    async def _do(self, deed: Callable[..., Awaitable[str]], **how: object) -> EventSpec:
        student = await self._require_student()
        async with unit_of_work() as work:
            said = await deed(
                work, student=student, chosen=self._meant(), now=clock.now(), **how
            )
        self.can_undo = True
        await self._done(student)
        return notify(said, "success")

    def _meant(self) -> Chosen:
        if not self.all_found:
            return Chosen(parse_card_ids(self.chosen))
        search = rules.parse_search(text=self.text, stage=self.stage, tag=self.tag)
        return Chosen(search=search, pile=self._pile())

    async def _ask(self, student: Student, **asked: str) -> None:
        kept = {"text": self.text, "stage": self.stage, "tag": self.tag, "deck": self.deck}
        wanted = kept | {name: clean(value) for name, value in asked.items()}
        # What cannot be searched for is refused before anything changes.
        rules.parse_search(text=wanted["text"], stage=wanted["stage"], tag=wanted["tag"])
        self.text, self.stage = wanted["text"], wanted["stage"]
        self.tag, self.deck = wanted["tag"], wanted["deck"]
        self.first, self.all_found = 0, False
        await self._show_table(student)

    async def _done(self, student: Student) -> None:
        self.chosen, self.all_found, self.is_asking = [], False, False
        await self._show(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            self.choices = await decks.list_choices(work, student=student, now=clock.now())
            self.tags = await browse.list_tags(work, account_id=student.account_id)
        await self._show_table(student)

    async def _show_table(self, student: Student) -> None:
        if self.deck not in {choice.key for choice in self.choices}:
            self.deck = ""
        async with unit_of_work() as work:
            table = await browse.get_table(
                work,
                student=student,
                search=rules.parse_search(text=self.text, stage=self.stage, tag=self.tag),
                pile=self._pile(),
                window=Window(self.first, ROWS),
                now=clock.now(),
            )
        self.rows, self.total, self.loaded = table.rows, table.total, True
        if self.first and not self.rows:
            # The last page is gone: its cards were moved or deleted.
            self.first = max(0, (self.total - 1) // ROWS * ROWS)
            await self._show_table(student)

    def _pile(self) -> Pile:
        return parse_pile_key(self.deck) if self.deck else EVERYTHING
