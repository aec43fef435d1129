"""A group from the inside, as one browser tab holds it; its chat is in `state.chat`."""

from dataclasses import replace
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec, EventType

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.config import get_settings
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.rules.groups import moment_of, moment_problem
from studymaster.features.campus.schemas.groups import (
    GroupChanges,
    GroupView,
    MemberView,
    SessionPlan,
)
from studymaster.features.campus.service import groups, membership, resources
from studymaster.features.campus.service.places import NO_GROUP, NO_MEMBER
from studymaster.features.campus.state.changes import LiveState, put
from studymaster.features.campus.state.chat import ChatState
from studymaster.ui import notice

NOTHING_PLANNED = SessionPlan(None)


class RoomState(SessionState, LiveState):
    """The open group, its members, its invitation, and which window is open.

    `asking` is empty, or the window that is open: `session` or `group`; `problem` is what is
    wrong with the moment of the session that was typed there.
    """

    group: GroupView = GroupView()
    members: list[MemberView] = []
    invitation: str = ""
    asking: str = ""
    problem: str = ""
    missing: bool = False
    loaded: bool = False

    @rx.event
    async def load(self) -> EventType[()] | None:
        """Open the group that the address names, then its chat."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, RoomState.refresh)
        self.group, self.members = GroupView(), []
        self.asking = self.problem = ""
        self.missing = self.loaded = False
        await self._show(student)
        return None if self.missing else ChatState.load

    @rx.event
    async def ask(self, window: str, is_open: bool) -> None:  # noqa: FBT001 - it says so itself
        """Open a window, or close it."""
        await self._require_student()
        self.asking = window if is_open and window in {"session", "group"} else ""
        self.problem = ""

    @rx.event
    async def save_group(self, form: dict[str, str]) -> None:
        """Keep another name, other words, and whether course mates see the group."""
        student = await self._require_student()
        changes = GroupChanges(
            name=form.get("name", ""),
            about=form.get("about", ""),
            listed=form.get("listed") == "yes",
        )
        async with unit_of_work() as work:
            await groups.change_group(
                work,
                student=student,
                group_id=self._group_id(),
                changes=changes,
                now=clock.now(),
            )
        self.asking = ""
        await self._show(student)

    @rx.event
    async def save_session(self, form: dict[str, str]) -> None:
        """Plan the next session; its time is that of the student's own wall clock."""
        student = await self._require_student()
        wall, zone = form.get("moment", ""), student.time_zone
        self.problem = moment_problem(wall, time_zone=zone, now=clock.now())
        if not self.problem:
            moment = moment_of(wall, time_zone=zone)
            await self._plan(student, SessionPlan(moment, form.get("note", "")))

    @rx.event
    async def clear_session(self) -> None:
        """Say that nothing is planned."""
        await self._plan(await self._require_student(), NOTHING_PLANNED)

    @rx.event
    async def renew_invitation(self) -> EventSpec:
        """Replace the link."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await groups.renew_code(work, student=student, group_id=self._group_id())
        await self._show(student)
        return notice.notify("There is a new link. The old one leads nowhere.", "success")

    @rx.event
    async def set_role(self, account_id: str, role: str) -> None:
        """Give another member a role."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await membership.set_role(
                work,
                student=student,
                group_id=self._group_id(),
                other_id=parse_id(account_id, missing=NO_MEMBER),
                role=role,
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def remove(self, account_id: str) -> None:
        """Remove another member."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await membership.remove_member(
                work,
                student=student,
                group_id=self._group_id(),
                other_id=parse_id(account_id, missing=NO_MEMBER),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def leave(self) -> EventSpec:
        """Leave the group to the others."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await membership.leave(
                work, student=student, group_id=self._group_id(), now=clock.now()
            )
        return rx.redirect("/campus")

    @rx.event
    async def delete(self) -> EventSpec:
        """Delete the group in which the student is alone."""
        student = await self._require_student()
        async with unit_of_work() as work:
            keys = await groups.delete_group(
                work, student=student, group_id=self._group_id()
            )
        for key in keys:
            await resources.forget_file(get_storage(), key)
        return rx.redirect("/campus")

    async def _plan(self, student: Student, plan: SessionPlan) -> None:
        async with unit_of_work() as work:
            await groups.set_session(
                work,
                student=student,
                group_id=self._group_id(),
                plan=plan,
                now=clock.now(),
            )
        self.asking = ""
        await self._show(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            room = await groups.find_room(
                work, student=student, address=self._named(), now=clock.now()
            )
        put(self, missing=room is None, loaded=True)
        if room is None:
            put(self, group=GroupView(), members=[], invitation="")
            return
        put(
            self,
            # Who is in the room reads; a count that moves with every message says nothing.
            group=replace(room.group, unread=0),
            members=list(room.members),
            invitation=f"{get_settings().public_url}/campus/join/{room.invite_code}",
        )

    def _group_id(self) -> UUID:
        return parse_id(self._named(), missing=NO_GROUP)
