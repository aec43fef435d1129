"""The student's groups and those they could join, as one browser tab holds them."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.schemas.audience import CourseChoice
from studymaster.features.campus.schemas.groups import GroupForm, GroupView
from studymaster.features.campus.service import audience, groups, membership, places
from studymaster.features.campus.state.changes import put
from studymaster.features.campus.state.lists import PIECE, ListState, first
from studymaster.paging import Window

ALL_GROUPS = Window(limit=50)
"""A student is in at most so many."""


class GroupsState(SessionState, ListState):
    """Groups I am in, groups that my courses list, and the courses to make one for.

    `making` is whether the window for a new group is open.
    """

    groups: list[GroupView] = []
    found: list[GroupView] = []
    courses: list[CourseChoice] = []
    making: bool = False
    loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the groups, and keep them up to date."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, GroupsState.refresh)
        self.making, self._shown = False, PIECE
        await self._show(student)

    @rx.event
    async def make(self, is_open: bool) -> None:  # noqa: FBT001 - the window says so itself
        """Open the window for a new group, or close it."""
        await self._require_student()
        self.making = bool(is_open)

    @rx.event
    async def create(self, form: dict[str, str]) -> EventSpec | None:
        """Make a group and go there. The window has to be open: a second press is nothing."""
        student = await self._require_student()
        if not self.making:
            return None
        typed = GroupForm(
            name=form.get("name", ""),
            about=form.get("about", ""),
            course_id=form.get("course", ""),
            listed=form.get("listed") == "yes",
        )
        async with unit_of_work() as work:
            group = await groups.create_group(
                work, student=student, form=typed, now=clock.now()
            )
        self.making = False
        return rx.redirect(f"/campus/group/{group.id}")

    @rx.event
    async def join(self, group_id: str) -> EventSpec:
        """Join a listed group and go there."""
        student = await self._require_student()
        found = parse_id(group_id, missing=places.NO_GROUP)
        async with unit_of_work() as work:
            await membership.join_listed(
                work, student=student, group_id=found, now=clock.now()
            )
        return rx.redirect(places.group_path(found))

    async def _show(self, student: Student) -> None:
        now = clock.now()
        async with unit_of_work() as work:
            own = await groups.list_groups(
                work, student=student, window=ALL_GROUPS, now=now
            )
            found, more = await first(
                self._shown,
                lambda window: groups.list_discoverable(
                    work, student=student, window=window, now=now
                ),
            )
            courses = await audience.course_choices(work, account_id=student.account_id)
        put(
            self,
            groups=own.items,
            found=found,
            more=more,
            courses=courses,
            loaded=True,
        )
