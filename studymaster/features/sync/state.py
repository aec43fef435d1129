"""The Live Sync page, as one browser tab holds it."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts.state import SessionState
from studymaster.features.sync import service
from studymaster.features.sync.schemas import (
    ConnectionView,
    CourseStatus,
    IssueView,
    RunView,
)

NO_RUN = RunView(
    id="",
    state="",
    headline="",
    detail="",
    percent=0,
    courses_done=0,
    courses_total=0,
    files_done=0,
    files_total=0,
    megabytes="0.0",
    new_count=0,
    changed_count=0,
    failed_count=0,
    started="",
)


class LiveSyncState(SessionState):
    """The connected sites, the newest run, and what is here of each course.

    `problem` is why connecting failed just now, `problem_at` the id of the connection that
    was to be mended.
    """

    loaded: bool = False
    connections: list[ConnectionView] = []
    run: RunView = NO_RUN
    issues: list[IssueView] = []
    courses: list[CourseStatus] = []
    problem: str = ""
    problem_at: str = ""
    site: str = ""
    username: str = ""
    demo_url: str = ""

    @rx.event
    async def load(self) -> None:
        """Show how things stand, and keep showing it."""
        await self._fetch()
        self._watch(Topic.SYNC, LiveSyncState.refresh)
        form = self._last_form()
        self.problem, self.site, self.username = form.problem, form.site, form.username
        self.problem_at = self._belongs_to(form.site) if form.problem else ""
        self.demo_url = get_settings().demo_moodle_url

    @rx.event
    async def refresh(self) -> None:
        """Show how things stand now."""
        await self._fetch()

    @rx.event
    async def sync_now(self) -> None:
        """Ask for a run; when one is under way, that is the one."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.request_sync(work, account_id=student.account_id, now=clock.now())
        await self._fetch()

    def _belongs_to(self, site: str) -> str:
        broken = [one for one in self.connections if one.broken]
        broken.sort(key=lambda one: one.site_url.rstrip("/") != site.rstrip("/"))
        return broken[0].id if broken else ""

    async def _fetch(self) -> None:
        student = await self._require_student()
        async with unit_of_work() as work:
            view = await service.overview(work, student=student, now=clock.now())
        self.connections, self.courses = list(view.connections), list(view.courses)
        self.run, self.issues = view.run or NO_RUN, list(view.issues)
        self.loaded = True
