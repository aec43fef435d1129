"""What sets the days of the chosen cards, as one browser tab has it done."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.features.flashcards.schemas import parse_days
from studymaster.features.flashcards.service import bulk
from studymaster.features.flashcards.state.browse import BrowseState


class ChosenState(BrowseState):
    """The days of the cards that were chosen in the list."""

    @rx.event
    async def set_due(self, form: dict[str, object]) -> EventSpec:
        """Let the chosen cards come on other days: in `3` days, or spread over `3-7`."""
        await self._require_student()
        return await self._do(bulk.set_due, days=parse_days(form.get("days")))

    @rx.event
    async def start_anew(self) -> EventSpec:
        """Start the chosen cards anew."""
        await self._require_student()
        return await self._do(bulk.reset)
