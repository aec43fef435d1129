"""A thought that is caught on any page."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.state import SessionState
from studymaster.features.braindump.schemas import Caught
from studymaster.features.braindump.service import notes
from studymaster.ui.notice import notify

KEPT = "Kept in Brain Dump."


class ThoughtState(SessionState):
    """The box over the page; `caught` is the id of the note that was kept last."""

    caught: str = ""

    @rx.event
    async def catch(self, note_id: str, text: str, kind: str) -> EventSpec:
        """Keep what was typed into the box."""
        student = await self._require_student()
        caught = Caught(parse_id(note_id, missing=notes.NO_NOTE), text, str(kind))
        async with unit_of_work() as work:
            await notes.catch(
                work, account_id=student.account_id, caught=caught, now=clock.now()
            )
        self.caught = note_id
        return notify(KEPT, "success")
