"""The runs and courses of the Live Sync page, as one browser tab holds them."""

from collections.abc import Sequence
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.state import SessionState
from studymaster.features.courses import service as courses
from studymaster.features.sync import service
from studymaster.features.sync.schemas import (
    ConnectionView,
    CourseChanges,
    CourseStatus,
    IssueView,
    PanelView,
    PastRunView,
    RunDetails,
    RunView,
)
from studymaster.features.sync.state.connecting import CONNECTED, DISCONNECTED, ConnectState
from studymaster.paging import Window

NO_PANEL = PanelView()
NO_DETAILS = RunDetails()
UNDER_WAY = ("queued", "running")
RUNS_AT_ONCE = 20
STATUS = "sync-status"
"""The headline of the panel: it has the focus once the button to stop a run is gone."""


class LiveSyncState(SessionState):
    """The connected sites, their newest runs, what is here of each course, and past runs.

    `opened` is the past run whose details show, `past_page` how many stretches of past runs
    were turned over, from 0.
    """

    loaded: bool = False
    connections: list[ConnectionView] = []
    panel: PanelView = NO_PANEL
    runs: list[RunView] = []
    issues: list[IssueView] = []
    courses: list[CourseStatus] = []
    automatic: bool = True
    changes: list[CourseChanges] = []
    past: list[PastRunView] = []
    more_past: bool = False
    past_page: int = 0
    opened: RunDetails = NO_DETAILS

    @rx.var
    def under_way(self) -> bool:
        """Whether a run waits or goes on."""
        return any(run.waits or run.state in UNDER_WAY for run in self.runs)

    @rx.var
    def several(self) -> bool:
        """Whether there is more than one Moodle."""
        return len(self.runs) > 1

    @rx.event
    async def load(self) -> rx.event.EventType[()]:
        """Show how things stand, and keep showing it."""
        await self._require_student()
        self._watch(Topic.SYNC, LiveSyncState.refresh)
        self.past_page, self.opened = 0, NO_DETAILS
        self.loaded = False
        await self._fetch()
        return ConnectState.load

    @rx.event
    async def refresh(self) -> None:
        """Show how things stand now."""
        await self._fetch()

    @rx.event
    async def sync_now(self) -> None:
        """Ask for a run; when one is under way, that is the one."""
        student = await self._require_student()
        await limits.take("sync", str(student.account_id))
        async with unit_of_work() as work:
            await service.request_sync(work, account_id=student.account_id, now=clock.now())
        await self._fetch()

    @rx.event
    async def cancel(self, run: str) -> EventSpec:
        """Stop a run that waits or goes on."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.cancel_run(
                work,
                account_id=student.account_id,
                run_id=parse_id(run, missing=service.NO_RUN),
                now=clock.now(),
            )
        await self._fetch()
        return rx.set_focus(STATUS)

    @rx.event
    async def disconnect(self, connection: str) -> EventSpec:
        """Forget the key of a Moodle and read it no more."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.disconnect(
                work,
                account_id=student.account_id,
                connection_id=parse_id(connection, missing=service.NO_CONNECTION),
                now=clock.now(),
            )
        await self._fetch()
        return rx.set_focus(DISCONNECTED)

    @rx.event
    async def try_again(self, connection: str) -> EventSpec:
        """Read a Moodle again after something was put right there."""
        student = await self._require_student()
        connection_id = parse_id(connection, missing=service.NO_CONNECTION)
        await limits.take("sync", str(student.account_id))
        async with unit_of_work() as work:
            await service.try_again(
                work,
                account_id=student.account_id,
                connection_id=connection_id,
                now=clock.now(),
            )
        await self._fetch()
        return rx.set_focus(CONNECTED)

    @rx.event
    async def sync_course(self, course: str) -> None:
        """Ask for a run over one course only."""
        student = await self._require_student()
        course_id = parse_id(course, missing=courses.NO_COURSE)
        await limits.take("sync", str(student.account_id))
        async with unit_of_work() as work:
            await service.request_sync(
                work, account_id=student.account_id, course_id=course_id, now=clock.now()
            )
        await self._fetch()

    @rx.event
    async def switch_course(self, course: str, on: bool) -> None:  # noqa: FBT001 - a switch sends its position
        """Have a course read by coming runs, or keep it as it is."""
        student = await self._require_student()
        course_id = parse_id(course, missing=courses.NO_COURSE)
        async with unit_of_work() as work:
            await courses.switch_sync(
                work,
                account_id=student.account_id,
                course_id=course_id,
                on=on is True,
                now=clock.now(),
            )
        await self._fetch()

    @rx.event
    async def switch_automatic(self, on: bool) -> None:  # noqa: FBT001 - a switch sends its position
        """Have runs come by themselves every half hour, or only when asked for."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await accounts.save_preference(
                work, account_id=student.account_id, name="sync_enabled", on=on is True
            )
        await self._fetch()

    @rx.event
    async def show_older(self) -> None:
        """Turn to the runs before those that show."""
        student = await self._require_student()
        if self.more_past:
            await self._turn_to(self.past_page + 1, student.account_id)

    @rx.event
    async def show_newer(self) -> None:
        """Turn back to the runs after those that show."""
        student = await self._require_student()
        await self._turn_to(max(0, self.past_page - 1), student.account_id)

    @rx.event
    async def open_run(self, run: str) -> None:
        """Show what a past run found and what did not come."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.opened = await service.details(
                work,
                account_id=student.account_id,
                run_id=parse_id(run, missing=service.NO_RUN),
            )

    @rx.event
    async def close_run(self) -> None:
        """Put the details of a past run away."""
        await self._require_student()
        self.opened = NO_DETAILS

    async def _fetch(self) -> None:
        student = await self._require_student()
        async with unit_of_work() as work:
            view = await service.overview(work, student=student, now=clock.now())
        # The past is read anew only when a run begins or ends, not at each of its steps.
        if not self.loaded or _ends(view.runs) != _ends(self.runs):
            await self._fetch_past(student.account_id)
        self.connections, self.courses = list(view.connections), list(view.courses)
        self.panel, self.runs = view.panel, list(view.runs)
        self.issues, self.automatic = list(view.issues), view.automatic
        self.loaded = True

    async def _turn_to(self, page: int, account_id: UUID) -> None:
        self.past_page, self.opened = page, NO_DETAILS
        await self._fetch_past(account_id)

    async def _fetch_past(self, account_id: UUID) -> None:
        async with unit_of_work() as work:
            past = await service.history(
                work,
                account_id=account_id,
                window=Window(self.past_page * RUNS_AT_ONCE, RUNS_AT_ONCE),
            )
            self.changes = await service.recent_changes(work, account_id=account_id)
        self.past, self.more_past = list(past.runs), past.more


def _ends(runs: Sequence[RunView]) -> list[tuple[str, str]]:
    """Return what tells whether a run has begun or ended since."""
    return [(run.id, run.state) for run in runs]
