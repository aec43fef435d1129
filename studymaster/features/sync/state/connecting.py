"""Connecting a Moodle, as one browser tab holds it."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock, limits
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import (
    BrowserView,
    ConnectionView,
    SignInForm,
    SiteView,
    Student,
)
from studymaster.features.accounts.state import SessionState
from studymaster.features.accounts.state.session import LINK_FIELD, STEPS
from studymaster.typed import clean

NOTHING_FOUND = SiteView()
NOTHING_BEGUN = BrowserView()
LOOK_UPS = "look-up-site"
LONGEST_SITE = 300
NO_SITE = "Type the address of your Moodle, for example moodle.university.edu."

ADDRESS: Final = "connect-site"
FOUND: Final = "connect-found"
PROBLEM: Final = "connect-problem"
CONNECTED: Final = "connected-moodles"
DISCONNECTED: Final = "disconnected-moodles"
"""Where the focus goes: the field for the address, what was found there, why it failed, and
the headings of the Moodles that are connected and of those that were."""


class ConnectState(SessionState):
    """Which site is being connected, what it offers, and why the last try failed.

    While `is_asking`, a site has not answered yet. `offered` is the address that stood in the field at first, `site` the one typed last.
    `known_as` is the user as whom the site found is connected already; empty when it is not.
    `problem` is why connecting failed just now, `failed_site` the address of the site that it
    failed at, and `failed_way` how it was tried. `browser` is where a sign-in through the
    browser goes on that was begun in this browser.
    """

    offered: str = ""
    is_asking: bool = False
    site: str = ""
    username: str = ""
    found: SiteView = NOTHING_FOUND
    known_as: str = ""
    browser: BrowserView = NOTHING_BEGUN
    problem: str = ""
    failed_site: str = ""
    failed_way: str = ""

    @rx.event
    async def load(self) -> EventSpec | None:
        """Show the form, or where a try that failed or was begun goes on."""
        student = await self._require_student()
        self.is_asking = False
        connected = [one.site_url for one in await self._connected(student)]
        # The reason of a failure is for the page that it led to, and for no later one.
        failed = "failed" in self.router.url.query_parameters
        form = self._last_form() if failed else SignInForm()
        self.problem, self.username = form.problem, form.username
        self.failed_site = form.site if form.problem else ""
        self.failed_way = form.way if form.problem else ""
        if self.found.url not in {form.site, ""} or self.found.url in connected:
            # What a site offered the last time may be another matter by now.
            self.found, self.known_as = NOTHING_FOUND, ""
        self.offered = _site_to_offer(form.site, get_settings().demo_moodle_url, connected)
        self.site = self.offered
        self.browser = self._begun_in_browser(student)
        return self._go_on_at()

    def _go_on_at(self) -> EventSpec | None:
        """Lead the focus to where a try that failed or was begun goes on."""
        if self.browser.address:
            return rx.set_focus(LINK_FIELD if self.problem else STEPS)
        return rx.set_focus(PROBLEM) if self.problem else None

    @rx.event
    async def look_up(self, form: dict[str, Any]) -> AsyncGenerator[EventSpec | None]:
        """Ask a site what it is, and show the ways in that it offers."""
        student = await self._require_student()
        self.site = clean(form.get("site"))[:LONGEST_SITE]
        self.found, self.problem, self.failed_site = NOTHING_FOUND, "", ""
        if not self.site:
            self.found = SiteView(problem=NO_SITE)
            yield rx.set_focus(ADDRESS)
            return
        await limits.take(LOOK_UPS, str(student.account_id))
        self.is_asking = True
        yield None
        try:
            await self._find(student)
        finally:
            self.is_asking = False
        yield rx.set_focus(FOUND if self.found.url else ADDRESS)

    async def _find(self, student: Student) -> None:
        connected = await self._connected(student)
        self.found = await accounts.find_site(
            self.site,
            zone=student.time_zone,
            now=clock.now(),
            names={one.site_url: one.site_name for one in connected},
        )
        names = [one.username for one in connected if one.site_url == self.found.url]
        self.known_as = ", ".join(names)

    @rx.event
    async def look_elsewhere(self) -> EventSpec:
        """Go back to the address: it was another site, or another way."""
        await self._require_student()
        self.found, self.browser = NOTHING_FOUND, NOTHING_BEGUN
        self.problem = self.failed_site = self.failed_way = self.known_as = ""
        return rx.set_focus(ADDRESS)

    async def _connected(self, student: Student) -> Sequence[ConnectionView]:
        async with unit_of_work() as work:
            return await accounts.connected_sites(work, account_id=student.account_id)


def _site_to_offer(tried: str, demo: str, connected: Sequence[str]) -> str:
    """Return the address that stands in the field: what was tried, or the demo's."""
    return next((site for site in (tried, demo) if site and site not in connected), "")
