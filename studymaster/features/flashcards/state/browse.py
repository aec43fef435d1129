"""The cards that were searched for, as one browser tab holds a window of them."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules import browse as rules
from studymaster.features.flashcards.rules.columns import parse_order
from studymaster.features.flashcards.rules.search import Node
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    CardRow,
    DeckChoice,
    Pile,
    SearchProblem,
    find_search_problem,
    parse_pile_key,
)
from studymaster.features.flashcards.service import browse, decks
from studymaster.paging import LONGEST_STRETCH, Window
from studymaster.typed import clean

ROWS = LONGEST_STRETCH


class BrowseState(SessionState):
    """A window of the cards that meet the search, and which of all of them are chosen.

    `rows` stand in the table from the place `first` on; `stamp` changes when rows that the
    browser keeps from before may be others by now. `chosen` counts; `picked` are the ids of
    those chosen, or with `all_found` of those left out of all that the search finds, as
    they were when `pick` last changed: in between the browser knows better.

    `visit` changes when the search field has to be drawn anew with `text`. What cannot be
    read as a search is a `problem`, and the cards stay those of the last one that could.
    """

    rows: list[CardRow] = []
    total: int = 0
    first: int = 0
    stamp: int = 0
    order: str = ""
    text: str = ""
    problem: SearchProblem = SearchProblem()
    stage: str = ""
    tag: str = ""
    deck: str = ""
    tags: list[str] = []
    choices: list[DeckChoice] = []
    chosen: int = 0
    all_found: bool = False
    picked: list[str] = []
    pick: int = 0
    can_undo: bool = False
    visit: int = 0
    loaded: bool = False
    _marked: list[str] = []

    @rx.event
    async def load(self) -> None:
        """Show the cards; the address may name every filter, and the order."""
        student = await self._require_student()
        self._watch(Topic.CARDS, BrowseState.refresh)
        asked = self.router.url.query_parameters
        self.deck, self.tag = asked.get("deck", ""), asked.get("tag", "")
        self.text, self.stage = rules.first_search(
            text=asked.get("search", ""), stage=asked.get("state", "")
        )
        self.order = rules.first_order(asked.get("order", ""))
        self.first, self.problem, self.can_undo = 0, SearchProblem(), False
        self._pick([], everything=False)
        self.visit += 1
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the table up to date."""
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
    async def sort(self, order: str) -> None:
        """Sort by a column, `-` before it from the highest down."""
        student = await self._require_student()
        self.order, self.first = str(parse_order(order)), 0
        await self._show_table(student)

    @rx.event
    async def show_window(self, first: int) -> None:
        """Bring the rows from a place of the table on."""
        student = await self._require_student()
        self.first = rules.place_of(first) // ROWS * ROWS
        await self._read(student)

    async def _ask(self, student: Student, **asked: str) -> None:
        kept = {"text": self.text, "stage": self.stage, "tag": self.tag, "deck": self.deck}
        wanted = kept | {name: clean(value) for name, value in asked.items()}
        # What cannot be searched for is refused before anything changes.
        rules.parse_search(text=wanted["text"], stage=wanted["stage"], tag=wanted["tag"])
        self.text, self.stage = wanted["text"], wanted["stage"]
        self.tag, self.deck = wanted["tag"], wanted["deck"]
        self.first = 0
        if self.all_found:
            self._pick([], everything=False)
        await self._show_table(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            self.choices = await decks.list_choices(work, student=student, now=clock.now())
            self.tags = await browse.list_tags(work, account_id=student.account_id)
        await self._show_table(student)

    async def _show_table(self, student: Student) -> None:
        """Show rows anew: what the browser keeps of before counts no longer."""
        if self.deck not in {choice.key for choice in self.choices}:
            self.deck = ""
        self.stamp += 1
        await self._read(student)

    async def _read(self, student: Student) -> None:
        async with unit_of_work() as work:
            table = await browse.get_table(
                work,
                student=student,
                search=self._tree(),
                pile=self._pile(),
                order=parse_order(self.order),
                window=Window(self.first, ROWS),
                now=clock.now(),
            )
        self.rows, self.total, self.loaded = table.rows, table.total, True
        if self.all_found:
            self.chosen = max(0, self.total - len(self._marked))
        if self.first and not self.rows:
            # The last rows are gone: they were moved or deleted.
            self.first = max(0, (self.total - 1) // ROWS * ROWS)
            await self._read(student)

    def _pick(self, ids: list[str], *, everything: bool) -> None:
        """Choose cards, or all without them, and have the browser show it so."""
        self._choose(ids, everything=everything)
        self.picked, self.pick = ids, self.pick + 1

    def _choose(self, ids: list[str], *, everything: bool) -> None:
        self._marked, self.all_found = ids, everything
        self.chosen = max(0, self.total - len(ids)) if everything else len(ids)

    def _tree(self) -> Node:
        return rules.parse_search(text=self.text, stage=self.stage, tag=self.tag)

    def _pile(self) -> Pile:
        return parse_pile_key(self.deck) if self.deck else EVERYTHING
