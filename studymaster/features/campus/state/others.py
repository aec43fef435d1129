"""What a student sees of others, with a way to meet one of them nowhere any more."""

from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.campus.service import buddies
from studymaster.features.campus.state.changes import LiveState
from studymaster.ui import notice


class OthersState(LiveState, mixin=True):
    """What others did, with their names; `_blocked` is said when one of them is blocked."""

    _blocked: ClassVar[str] = "Blocked. You can lift it under Buddies."

    @rx.event
    async def block(self, account_id: str) -> EventSpec:
        """Meet somebody nowhere any more."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await buddies.block(
                work,
                account_id=student.account_id,
                other_id=parse_id(account_id, missing=buddies.NOBODY),
                now=clock.now(),
            )
        await self._show(student)
        return notice.notify(self._blocked, "success")
