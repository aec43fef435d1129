"""What one deck has chosen for its reviews, as one browser tab holds it."""

from uuid import uuid4

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules.scheduling import (
    Scheduler,
    find_plan_problem,
    parse_plan,
)
from studymaster.features.flashcards.schemas import DeckSettings, parse_pile_key
from studymaster.features.flashcards.service import decks
from studymaster.ui.notice import notify


class DeckSettingsState(SessionState):
    """The deck whose settings are open; what is chosen stays in the browser until saved.

    `visit` differs each time the window opens, so that its fields begin afresh; `problem` is
    what is wrong with the share of cards to be known.
    """

    is_open: bool = False
    deck: DeckSettings = DeckSettings("", "", "sm2", 90, 0)
    visit: str = ""
    problem: str = ""

    @rx.event
    async def open(self, deck: str) -> None:
        """Open the settings of a deck, or of a course."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.deck = await decks.get_settings(
                work, student=student, key=deck, now=clock.now()
            )
        self.visit, self.problem, self.is_open = str(uuid4()), "", True

    @rx.event
    async def close(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Close the window; opening is done with a deck."""
        await self._require_student()
        if not is_open:
            self.is_open = False

    @rx.event
    async def save(self, form: dict[str, object]) -> EventSpec | None:
        """Keep what was chosen; pressed twice it is done once."""
        student = await self._require_student()
        if not self.is_open:
            return None
        scheduler = form.get("scheduler")
        # What SM-2 does not ask for waits for the day on which FSRS is chosen again.
        is_asked = scheduler == Scheduler.FSRS
        retention = form.get("retention") if is_asked else self.deck.retention
        self.problem = find_plan_problem(scheduler=scheduler, retention=retention)
        if self.problem:
            return None
        async with unit_of_work() as work:
            count = await decks.choose_plan(
                work,
                account_id=student.account_id,
                pile=parse_pile_key(self.deck.key),
                plan=parse_plan(scheduler=scheduler, retention=retention),
                now=clock.now(),
            )
        self.is_open = False
        return notify(_kept(self.deck.name, count), "success")


def _kept(name: str, count: int) -> str:
    if count == 0:
        return f"The settings of {name} are saved."
    cards = "1 card is" if count == 1 else f"{count:,} cards are"
    return f"The settings of {name} are saved, and {cards} planned anew."
