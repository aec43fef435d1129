"""What a student's cards add up to, as one browser tab holds it."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules.spreads import Span
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    DeckChoice,
    StatisticsView,
    parse_pile_key,
)
from studymaster.features.flashcards.service import decks, statistics


class StatisticsState(SessionState):
    """The figures of the student's cards, of which (`deck`, empty: all), and how far back."""

    figures: StatisticsView = StatisticsView()
    piles: list[DeckChoice] = []
    span: str = Span.QUARTER.value
    deck: str = ""
    loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the figures that the address names, and keep them true."""
        student = await self._require_student()
        self._watch(Topic.CARDS, StatisticsState.refresh)
        asked = self.router.url.query_parameters
        self.span = _span(asked.get("span", ""))
        async with unit_of_work() as work:
            self.piles = await decks.list_choices(work, student=student, now=clock.now())
        self.deck = self._known(asked.get("deck", ""))
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the figures up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def choose_span(self, span: str) -> None:
        """Look so far back, and ahead."""
        student = await self._require_student()
        self.span = _span(span)
        await self._show(student)

    @rx.event
    async def choose_deck(self, deck: str) -> None:
        """Count the cards of one deck or course, or of all."""
        student = await self._require_student()
        self.deck = self._known(deck)
        await self._show(student)

    def _known(self, deck: str) -> str:
        return deck if any(one.key == deck for one in self.piles) else ""

    async def _show(self, student: Student) -> None:
        figures = await statistics.kept_statistics(
            student=student,
            now=clock.now(),
            span=Span(self.span),
            pile=parse_pile_key(self.deck) if self.deck else EVERYTHING,
        )
        if figures != self.figures:
            self.figures = figures
        self.loaded = True


def _span(value: object) -> str:
    return str(value) if value in set(Span) else Span.QUARTER.value
