"""Connecting a Moodle, as one browser tab holds it."""

from typing import Any

import reflex as rx

from studymaster.adapters import limits
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import BrowserView, SignInForm, SiteView
from studymaster.features.accounts.state import SessionState
from studymaster.typed import clean

NOTHING_FOUND = SiteView()
NOTHING_BEGUN = BrowserView()
LOOK_UPS = "look-up-site"
LONGEST_SITE = 300
NO_SITE = "Type the address of your Moodle, for example moodle.university.edu."


class ConnectState(SessionState):
    """Which site is being connected, what it offers, and why the last try failed.

    `problem` is why connecting failed just now, `failed_site` the address of the site that it
    failed at, and `failed_way` how it was tried. `browser` is where a sign-in through the
    browser goes on that was begun in this browser.
    """

    site: str = ""
    username: str = ""
    found: SiteView = NOTHING_FOUND
    browser: BrowserView = NOTHING_BEGUN
    problem: str = ""
    failed_site: str = ""
    failed_way: str = ""
    demo_url: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the form, or where a try that failed or was begun goes on."""
        student = await self._require_student()
        # The reason of a failure is for the page that it led to, and for no later one.
        failed = "failed" in self.router.url.query_parameters
        form = self._last_form() if failed else SignInForm()
        self.problem, self.username = form.problem, form.username
        self.failed_site = form.site if form.problem else ""
        self.failed_way = form.way if form.problem else ""
        self.demo_url = get_settings().demo_moodle_url
        self.site = form.site or self.site or self.demo_url
        self.browser = self._begun_in_browser(student)

    @rx.event
    async def look_up(self, form: dict[str, Any]) -> None:
        """Ask a site what it is, and show the ways in that it offers."""
        student = await self._require_student()
        self.site = clean(form.get("site"))[:LONGEST_SITE]
        self.found, self.problem, self.failed_site = NOTHING_FOUND, "", ""
        if not self.site:
            self.found = SiteView(problem=NO_SITE)
            return
        await limits.take(LOOK_UPS, str(student.account_id))
        self.found = await accounts.find_site(self.site)

    @rx.event
    async def look_elsewhere(self) -> None:
        """Go back to the address: it was another site, or another way."""
        await self._require_student()
        self.found, self.browser = NOTHING_FOUND, NOTHING_BEGUN
        self.problem = self.failed_site = self.failed_way = ""
