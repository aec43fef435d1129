"""An invitation, as one browser tab holds it."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.schemas.groups import Invitation
from studymaster.features.campus.service import groups, membership, places


class JoinState(SessionState):
    """What the link of the address invites to, or that it leads nowhere."""

    invitation: Invitation = Invitation()
    missing: bool = False
    loaded: bool = False

    @rx.event
    async def load(self) -> EventSpec | None:
        """Show the invitation; whoever has joined already goes straight in."""
        student = await self._require_student()
        self.invitation, self.missing, self.loaded = Invitation(), False, False
        await membership.take_try(account_id=student.account_id)
        async with unit_of_work() as work:
            found = await groups.find_invitation(work, student=student, code=self._named())
        self.missing, self.loaded = found is None, True
        self.invitation = found or Invitation()
        if self.invitation.is_member:
            return rx.redirect(f"/campus/group/{self.invitation.group_id}", replace=True)
        return None

    @rx.event
    async def join(self) -> EventSpec:
        """Join the group and go there."""
        student = await self._require_student()
        await membership.take_try(account_id=student.account_id)
        async with unit_of_work() as work:
            group_id = await membership.join_by_code(
                work, student=student, code=self._named(), now=clock.now()
            )
        return rx.redirect(places.group_path(group_id), replace=True)
