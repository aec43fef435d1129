"""The cards that were searched for and chosen, as one browser tab holds them."""

from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules.browse import (
    first_of_page,
    first_search,
    parse_search,
)
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
from studymaster.features.flashcards.service import browse, cards, decks
from studymaster.paging import Window
from studymaster.typed import clean
from studymaster.ui.notice import notify

ROWS = 50
MOST_CHOSEN = 500


class BrowseState(SessionState):
    """One page of the cards that meet the search, and which of all of them are chosen.

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
        self.text, self.stage = first_search(
            text=asked.get("search", ""), stage=asked.get("state", "")
        )
        self.first = first_of_page(asked.get("page", ""), rows=ROWS)
        self.chosen, self.is_asking, self.problem = [], False, SearchProblem()
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
        forward = ROWS if step == 1 else -ROWS
        self.first = max(0, self.first + forward)
        await self._show_table(student)

    @rx.event
    async def toggle(self, card_id: str) -> None:
        """Choose a card, or leave it out again."""
        await self._require_student()
        others = [one for one in self.chosen if one != card_id]
        is_new = len(others) == len(self.chosen)
        self.chosen = [*others, str(card_id)][-MOST_CHOSEN:] if is_new else others

    @rx.event
    async def choose_page(self) -> None:
        """Choose all cards of this page, or none when all are chosen."""
        await self._require_student()
        ids = [row.id for row in self.rows]
        others = [one for one in self.chosen if one not in ids]
        all_chosen = len(others) + len(ids) == len(self.chosen)
        self.chosen = others if all_chosen else [*others, *ids][-MOST_CHOSEN:]

    @rx.event
    async def choose_none(self) -> None:
        """Leave all cards out again."""
        await self._require_student()
        self.chosen = []

    @rx.event
    async def suspend(self, on: bool) -> EventSpec:  # noqa: FBT001  (what the button sends)
        """Leave the chosen cards out of reviews, or bring them back."""
        student = await self._require_student()
        async with unit_of_work() as work:
            count = await cards.suspend(
                work,
                account_id=student.account_id,
                card_ids=self._ids(),
                on=on is True,
                now=clock.now(),
            )
        await self._done(student)
        what = "suspended" if on is True else "back in review"
        return notify(f"{_counted(count)} {what}.", "success")

    @rx.event
    async def move(self, deck: str) -> EventSpec | None:
        """Put the chosen cards into another deck."""
        student = await self._require_student()
        if not deck:
            return None
        async with unit_of_work() as work:
            count = await cards.move(
                work,
                account_id=student.account_id,
                card_ids=self._ids(),
                pile=parse_pile_key(deck),
                now=clock.now(),
            )
        await self._done(student)
        return notify(f"{_counted(count)} moved.", "success")

    @rx.event
    async def flag(self, number: str) -> EventSpec | None:
        """Mark the chosen cards with a flag, or take theirs off."""
        student = await self._require_student()
        if not number:
            return None
        async with unit_of_work() as work:
            count = await cards.flag(
                work,
                account_id=student.account_id,
                card_ids=self._ids(),
                number=parse_flag(number),
            )
        await self._done(student)
        what = "without a flag" if number == "0" else "flagged"
        return notify(f"{_counted(count)} {what}.", "success")

    @rx.event
    async def ask_delete(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Ask whether the chosen cards shall be deleted, or stop asking."""
        await self._require_student()
        self.is_asking = is_open is True

    @rx.event
    async def delete(self) -> EventSpec | None:
        """Delete the chosen cards; pressed twice it is done once."""
        student = await self._require_student()
        if not self.is_asking:
            return None
        async with unit_of_work() as work:
            count = await cards.delete(
                work, account_id=student.account_id, card_ids=self._ids()
            )
        self.is_asking = False
        await self._done(student)
        return notify(f"{_counted(count)} deleted.", "success")

    async def _ask(self, student: Student, **asked: str) -> None:
        kept = {"text": self.text, "stage": self.stage, "tag": self.tag, "deck": self.deck}
        wanted = kept | {name: clean(value) for name, value in asked.items()}
        # What cannot be searched for is refused before anything changes.
        parse_search(text=wanted["text"], stage=wanted["stage"], tag=wanted["tag"])
        self.text, self.stage = wanted["text"], wanted["stage"]
        self.tag, self.deck = wanted["tag"], wanted["deck"]
        self.first = 0
        await self._show_table(student)

    async def _done(self, student: Student) -> None:
        self.chosen = []
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
                search=parse_search(text=self.text, stage=self.stage, tag=self.tag),
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

    def _ids(self) -> list[UUID]:
        return parse_card_ids(self.chosen)


def _counted(count: int) -> str:
    return "1 card is" if count == 1 else f"{count} cards are"
