"""Cards that a student goes through by choice, as one browser tab holds them."""

from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules import cram as rules
from studymaster.features.flashcards.rules.cram import Cram, Pass, What
from studymaster.features.flashcards.schemas import (
    NO_CARD,
    CardFace,
    DeckChoice,
    parse_turn,
)
from studymaster.features.flashcards.schemas.cram import parse_wish
from studymaster.features.flashcards.service import cram, decks

TABLE = "cram-table"
"""Where the focus goes when a session begins or ends."""


class CramState(SessionState):
    """What can be chosen; then the next cards of the session; then what was done.

    A session lives as long as the tab: a reload goes on with it.
    """

    piles: list[DeckChoice] = []
    what: str = What.FORGOTTEN.value
    cards: list[CardFace] = []
    left: int = 0
    known: int = 0
    again: int = 0
    is_going: bool = False
    is_over: bool = False
    loaded: bool = False
    _cram: Cram = Cram()
    _chosen: list[UUID] = []
    _quiz: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the session that was left, the mistakes of a quiz (`?quiz=`), or the choice."""
        student = await self._require_student()
        self._watch(Topic.CARDS, CramState.refresh)
        if self.is_over:
            self._end()
        quiz = self.router.url.query_parameters.get("quiz", "")
        if quiz and quiz != self._quiz:
            await self._begin_wrong(student, quiz)
        await self.refresh()
        async with unit_of_work() as work:
            self.piles = await decks.list_choices(work, student=student, now=clock.now())
        self.loaded = True

    @rx.event
    async def refresh(self) -> None:
        """Bring the cards on the table up to date: they may have been edited or deleted."""
        student = await self._require_student()
        if self.is_going:
            await self._show(student)

    @rx.event
    async def choose_what(self, what: str) -> None:
        """Say which cards; some need a number of days, or words."""
        await self._require_student()
        self.what = What(what).value if what in set(What) else self.what

    @rx.event
    async def start(self, form: dict[str, object]) -> EventSpec:
        """Choose the cards and lay the first ones out."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self._chosen = await cram.choose(
                work, student=student, wish=parse_wish(form), now=clock.now()
            )
        return await self._begin(student)

    @rx.event
    async def once_more(self) -> EventSpec:
        """Go through the same cards again."""
        return await self._begin(await self._require_student())

    @rx.event
    async def answer(self, card_id: str, turn: int, knows: bool) -> None:  # noqa: FBT001  (what the browser sends)
        """Count one answer and lay out what comes next; a repeated one changes nothing."""
        student = await self._require_student()
        asked = Pass(parse_id(card_id, missing=NO_CARD), parse_turn(turn))
        if asked.card_id not in self._chosen:
            raise NotFoundError(NO_CARD)
        if type(knows) is not bool:
            msg = "A card is known or not."
            raise InvalidInputError(msg)
        self._cram = rules.answer(self._cram, asked, knows=knows)
        await self._show(student)

    @rx.event
    async def stop(self) -> EventSpec:
        """Leave the session; what was answered in it is told."""
        await self._require_student()
        self._cram = Cram(known=self._cram.known, again=self._cram.again)
        self.cards, self.left = [], 0
        self.is_going, self.is_over = False, self.known + self.again > 0
        return rx.set_focus(TABLE)

    @rx.event
    async def choose_others(self) -> None:
        """Go back to the choice."""
        await self._require_student()
        self._end()

    async def _begin_wrong(self, student: Student, quiz: str) -> None:
        """Lay out what was wrong in a quiz, once; a reload goes on in it."""
        async with unit_of_work() as work:
            found = await cram.choose_wrong(work, account_id=student.account_id, quiz=quiz)
        if found:
            self._chosen, self._quiz = found, quiz
            await self._begin(student)

    async def _begin(self, student: Student) -> EventSpec:
        self._cram = rules.begin(self._chosen)
        self.is_going, self.is_over = True, False
        await self._show(student)
        return rx.set_focus(TABLE)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            table = await cram.lay_out(work, student=student, cram=self._cram)
        self._cram, self.cards = table.cram, table.cards
        self.left = len(self._cram.waiting)
        self.known, self.again = self._cram.known, self._cram.again
        if self.is_going and not self.left:
            self.is_going, self.is_over = False, True

    def _end(self) -> None:
        self._cram, self._chosen, self.cards = Cram(), [], []
        self.left = self.known = self.again = 0
        self.is_going = self.is_over = False
