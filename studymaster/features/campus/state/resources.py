"""Shared resources, as one browser tab holds them."""

from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.config import get_settings
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.rules.resources import parse_audience, parse_order
from studymaster.features.campus.schemas.resources import (
    Audience,
    AudienceChoice,
    Order,
    ResourceView,
    Wanted,
)
from studymaster.features.campus.service import judging, resources
from studymaster.features.campus.service.pace import Act, take_turn
from studymaster.features.campus.state.changes import put
from studymaster.features.campus.state.lists import PIECE, ListState, first
from studymaster.features.campus.state.others import OthersState
from studymaster.ui import notice


class ResourcesState(SessionState, ListState, OthersState):
    """What is shared with the student: the newest or the most useful, of all or of one.

    `audience` is `course:<Moodle id>`, `group:<id>` or empty for all; `reading` is the note
    that is open with its words in `note`, `reporting` the resource whose report is written.
    """

    resources: list[ResourceView] = []
    audiences: list[AudienceChoice] = []
    audience: str = ""
    order: str = Order.NEWEST.value
    reading: str = ""
    note: str = ""
    reporting: str = ""
    limit_mb: int = 0
    loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Show what is shared, and keep it up to date."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, ResourcesState.refresh)
        self.audience, self.order, self._shown = "", Order.NEWEST.value, PIECE
        self.reading = self.note = self.reporting = ""
        self.limit_mb = get_settings().file_limit_mb
        await self._show(student)

    @rx.event
    async def choose_audience(self, value: str) -> None:
        """Show what is shared with one course or group, or with all of them."""
        student = await self._require_student()
        known = {one.value for one in self.audiences}
        self.audience, self._shown = value if value in known else "", PIECE
        await self._show(student)

    @rx.event
    async def choose_order(self, value: str) -> None:
        """Put the newest or the most useful first."""
        student = await self._require_student()
        self.order, self._shown = parse_order(value).value, PIECE
        await self._show(student)

    @rx.event
    async def shared(self) -> EventSpec:
        """Show what the form has just shared."""
        await self._show(await self._require_student())
        return notice.notify("Shared.", "success")

    @rx.event
    async def read(self, resource_id: str) -> None:
        """Open a note with all its words, or close it."""
        student = await self._require_student()
        if resource_id == self.reading:
            self.reading = self.note = ""
            return
        async with unit_of_work() as work:
            view = await resources.get_resource(
                work, account_id=student.account_id, resource_id=_id(resource_id)
            )
        self.reading, self.note = view.id, view.text

    @rx.event
    async def vote(self, resource_id: str, useful: bool) -> None:  # noqa: FBT001  (sent in place)
        """Say that it is useful, or take that back."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await judging.vote(
                work,
                account_id=student.account_id,
                resource_id=_id(resource_id),
                useful=bool(useful),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def toggle_report(self, resource_id: str) -> None:
        """Open the report of a resource, or close it."""
        await self._require_student()
        known = {one.id for one in self.resources if not one.reported} - {self.reporting}
        self.reporting = resource_id if resource_id in known else ""

    @rx.event
    async def report(self, form: dict[str, str]) -> EventSpec | None:
        """Send the report that is open: a second press finds none."""
        student = await self._require_student()
        if not self.reporting:
            return None
        await take_turn(Act.REPORT, account_id=student.account_id)
        async with unit_of_work() as work:
            await judging.report(
                work,
                account_id=student.account_id,
                resource_id=_id(self.reporting),
                reason=form.get("reason", ""),
                now=clock.now(),
            )
        self.reporting = ""
        await self._show(student)
        return notice.notify("Reported. Three reports hide it.", "success")

    @rx.event
    async def restore(self, resource_id: str) -> None:
        """Show a hidden resource of the group again."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await judging.restore(
                work,
                account_id=student.account_id,
                resource_id=_id(resource_id),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def remove(self, resource_id: str) -> None:
        """Remove a resource, and its bytes."""
        student = await self._require_student()
        async with unit_of_work() as work:
            key = await resources.remove(
                work, account_id=student.account_id, resource_id=_id(resource_id)
            )
        await resources.forget_file(get_storage(), key)
        await self._show(student)

    async def _show(self, student: Student) -> None:
        account_id = student.account_id
        async with unit_of_work() as work:
            choices = await resources.audience_choices(work, account_id=account_id)
            put(self, audiences=choices)
            if self.audience not in {one.value for one in self.audiences}:
                self.audience = ""
            wanted = Wanted(await self._audience(work, account_id), Order(self.order))
            found, more = await first(
                self._shown,
                lambda window: resources.list_resources(
                    work, account_id=account_id, wanted=wanted, window=window
                ),
            )
        put(self, resources=found, more=more, loaded=True)
        known = {one.id for one in found}
        if self.reading not in known:
            put(self, reading="", note="")
        if self.reporting not in known:
            put(self, reporting="")

    async def _audience(self, work: UnitOfWork, account_id: UUID) -> Audience | None:
        if not self.audience:
            return None
        course_id, group_id = parse_audience(self.audience)
        return await resources.get_audience(
            work, account_id=account_id, course_id=course_id, group_id=group_id
        )


def _id(resource_id: object) -> UUID:
    return parse_id(resource_id, missing=resources.NO_RESOURCE)
