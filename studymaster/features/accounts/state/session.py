"""Who is signed in, for every other state; and what the sign-in page holds."""

import json
from hashlib import sha256
from uuid import UUID

import reflex as rx
from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from starlette.requests import cookie_parser

from studymaster import live
from studymaster.adapters import clock, vault
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import SignInError, StudyMasterError
from studymaster.features.accounts import rules, service
from studymaster.features.accounts.rules import (
    ACCESS_COOKIE,
    ATTEMPT_COOKIE,
    PROBLEM_COOKIE,
    PROBLEM_LIFE,
    REFRESH_COOKIE,
)
from studymaster.features.accounts.schemas import BrowserView, SignInForm, Student

HYDRATING = (".hydrate", ".hydrate_and_load")
"""The events by which Reflex draws a whole tab."""

STEPS, LINK_FIELD, PROBLEM = "browser-steps", "browser-link", "sign-in-problem"
"""Where the focus goes on the sign-in page: the steps through the browser, the field for the
link that they lead to, and why the last try failed."""

SIGNED_OUT = "You are signed out. Sign in to go on."


class SessionState(rx.State):
    """The signed-in student of this tab, known by the cookie of its own connection.

    `ended` turns true when the session is over; the tab then leaves by itself.
    """

    ended: bool = False
    _account_id: str = ""
    _session_id: str = ""
    _proof: str = ""

    async def _find_student(self) -> Student | None:
        now, cookies = clock.now(), self._cookies()
        proof = sha256(repr(sorted(cookies.items())).encode()).hexdigest()
        async with unit_of_work() as work:
            if proof == self._proof:
                return await service.visiting_student(
                    work,
                    account_id=UUID(self._account_id),
                    session_id=UUID(self._session_id),
                    now=now,
                )
            student = await service.student_of_tokens(
                work,
                access_token=cookies.get(ACCESS_COOKIE, ""),
                refresh_token=cookies.get(REFRESH_COOKIE, ""),
                now=now,
            )
        if student is not None:
            self._proof, self._account_id = proof, str(student.account_id)
            self._session_id = str(student.session_id)
        return student

    async def _is_left_over(self) -> bool:
        """Tell whether this tab was filled by a session that is not the one here now."""
        filled_by = self._session_id
        if not filled_by:
            return False
        try:
            student = await self._find_student()
        except StudyMasterError:
            return True
        return student is None or str(student.session_id) != filled_by

    async def _require_student(self) -> Student:
        """Return who is signed in; refuse visitors and sessions that were ended."""
        student = await self._find_student()
        if student is None:
            self._proof = ""
            raise SignInError(SIGNED_OUT)
        live.tabs.keep(self._tab_token(), student.account_id, session_id=student.session_id)
        return student

    def _watch(self, topic: Topic, handler: rx.event.EventType[()]) -> None:
        """Run `handler` in this tab whenever there is news of `topic` for its account."""
        live.tabs.watch(self._tab_token(), topic, handler, path=self.router.url.path)

    def _named(self) -> str:
        """Return the last part of the path at which the tab is open: what it shows."""
        return self.router.url.path.rstrip("/").rpartition("/")[2]

    def _tab_token(self) -> str:
        return self.router.session.client_token

    def _cookies(self) -> dict[str, str]:
        # The parser of the API: both must agree on who is signed in.
        return cookie_parser(self.router.headers.cookie)

    def _last_form(self) -> SignInForm:
        sealed = self._cookies().get(PROBLEM_COOKIE, "")
        life = int(PROBLEM_LIFE.total_seconds())
        note = vault.unseal_note(sealed, max_age_seconds=life)
        return SignInForm(**json.loads(note)) if note else SignInForm()

    def _begun_in_browser(self, student: Student | None) -> BrowserView:
        """Return the sign-in through the browser that this page goes on with, if it does."""
        if self.router.url.query_parameters.get("way") != "browser":
            return BrowserView()
        attempt = service.find_attempt(
            self._cookies().get(ATTEMPT_COOKIE, ""),
            account_id=student and student.account_id,
            now=clock.now(),
        )
        return service.view_of(attempt)


class OneStudentPerTab(Middleware):
    """Empties a tab before it is drawn anew for anybody but the student who filled it.

    A tab's state outlives signing out, and Reflex sends all of it before any page's own
    guard runs.
    """

    async def preprocess(
        self,
        app: rx.App,  # noqa: ARG002
        state: BaseState,
        event: Event,
    ) -> StateUpdate | None:
        """Compare who filled the tab with who is there now."""
        if event.name.endswith(HYDRATING):
            session = await state.get_state(SessionState)
            # Private, because whatever is public on a State can be called by a browser.
            if await session._is_left_over():  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
                root = state._get_root_state()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
                root.reset()
        return None


class SignInState(SessionState):
    """What the sign-in form shows again after a failure, and where to go afterwards.

    `was_ended` tells that an open tab led here because its session was over. `by_browser`
    says that the way through the browser was tried or is needed; `browser` is where it goes
    on once it is begun.
    """

    way: str = "moodle"
    by_browser: bool = False
    browser: BrowserView = BrowserView()
    site: str = ""
    username: str = ""
    email: str = ""
    display_name: str = ""
    problem: str = ""
    next_path: str = "/"
    demo_url: str = ""
    was_ended: bool = False

    @rx.event
    async def load(self) -> rx.event.EventSpec | None:
        """Bring back what was typed; send a student who is signed in already on."""
        self.next_path = rules.local_path(self.router.url.query_parameters.get("next", "/"))
        self.demo_url = get_settings().demo_moodle_url
        # The reason of a failure is for the page that it led to, and for no later one.
        failed = "failed" in self.router.url.query_parameters
        self._show(self._last_form() if failed else SignInForm())
        self.was_ended = "ended" in self.router.url.query_parameters
        self.browser = self._begun_in_browser(None)
        if await self._find_student() is not None:
            return rx.redirect(self.next_path)
        return self._go_on_at()

    def _go_on_at(self) -> rx.event.EventSpec | None:
        """Lead the focus to where a try that failed or was begun goes on."""
        if self.browser.address:
            return rx.set_focus(LINK_FIELD if self.problem else STEPS)
        return rx.set_focus(PROBLEM) if self.problem else None

    def _show(self, form: SignInForm) -> None:
        self.by_browser = form.way == "browser"
        self.way = "moodle" if self.by_browser else form.way
        self.problem = form.problem
        self.site, self.username = form.site, form.username
        self.email, self.display_name = form.email, form.display_name
