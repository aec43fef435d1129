"""What one deck has chosen for its days, as one browser tab holds it."""

from uuid import uuid4

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules.choices import (
    PARSERS,
    SWITCHES,
    find_choice_problems,
)
from studymaster.features.flashcards.rules.scheduling import (
    Scheduler,
    find_plan_problem,
)
from studymaster.features.flashcards.rules.steps import meaning, parse_steps, read_steps
from studymaster.features.flashcards.schemas import DeckSettings, parse_pile_key
from studymaster.features.flashcards.service import settings
from studymaster.features.flashcards.state.decks import DecksState
from studymaster.ui.notice import notify

NO_PROBLEMS = dict.fromkeys(["retention", *PARSERS], "")


class DeckSettingsState(SessionState):
    """The deck whose settings are open; what is chosen stays in the browser until saved.

    `visit` differs each time the window opens, so that its fields begin afresh; `problems`
    says what is wrong with each field; `learning` and `relearning` what the steps mean that
    are being typed.
    """

    is_open: bool = False
    deck: DeckSettings = DeckSettings("", "", "sm2", 90, 0)
    visit: str = ""
    problems: dict[str, str] = NO_PROBLEMS
    learning: str = ""
    relearning: str = ""

    @rx.event
    async def open(self, deck: str) -> None:
        """Open the settings of a deck, or of a course."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.deck = await settings.get_settings(
                work, student=student, key=deck, now=clock.now()
            )
        self.learning = meaning(read_steps(self.deck.steps), is_learning=True)
        self.relearning = meaning(read_steps(self.deck.relearning_steps), is_learning=False)
        self.visit, self.problems, self.is_open = str(uuid4()), NO_PROBLEMS, True

    @rx.event
    async def close(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Close the window; opening is done with a deck."""
        await self._require_student()
        if not is_open:
            self.is_open = False

    @rx.event
    async def explain_learning(self, typed: str) -> None:
        """Say what the steps of a new card mean while they are typed."""
        await self._require_student()
        self.learning = _explained(typed, is_learning=True)

    @rx.event
    async def explain_relearning(self, typed: str) -> None:
        """Say what the steps of a forgotten card mean while they are typed."""
        await self._require_student()
        self.relearning = _explained(typed, is_learning=False)

    @rx.event
    async def save(
        self, form: dict[str, object]
    ) -> list[EventSpec | rx.event.EventType[()]] | None:
        """Keep what was chosen; pressed twice it is done once."""
        student = await self._require_student()
        if not self.is_open:
            return None
        wanted = _wanted(form, self.deck)
        self.problems = find_choice_problems(wanted) | {
            "retention": find_plan_problem(
                scheduler=wanted["scheduler"], retention=wanted["retention"]
            )
        }
        if any(self.problems.values()):
            return None
        async with unit_of_work() as work:
            count = await settings.choose(
                work,
                student=student,
                pile=parse_pile_key(self.deck.key),
                wanted=wanted,
                now=clock.now(),
            )
        self.is_open = False
        return [notify(_kept(self.deck.name, count), "success"), DecksState.refresh]


def _wanted(form: dict[str, object], deck: DeckSettings) -> dict[str, object]:
    """Return what a form says; a switch that is off is not in it."""
    wanted: dict[str, object] = {name: form.get(name) for name in PARSERS}
    wanted |= {name: form.get(name) in {True, "on"} for name in SWITCHES}
    # What SM-2 does not ask for waits for the day on which FSRS is chosen again.
    is_asked = form.get("scheduler") == Scheduler.FSRS
    return wanted | {
        "scheduler": form.get("scheduler"),
        "retention": form.get("retention") if is_asked else deck.retention,
    }


def _explained(typed: str, *, is_learning: bool) -> str:
    try:
        return meaning(parse_steps(typed), is_learning=is_learning)
    except InvalidInputError as error:
        return error.message


def _kept(name: str, count: int) -> str:
    if count == 0:
        return f"The settings of {name} are saved."
    cards = "1 card is" if count == 1 else f"{count:,} cards are"
    return f"The settings of {name} are saved, and {cards} planned anew."
