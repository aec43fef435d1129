"""Connecting, stopping and disconnecting in one tab, without a browser."""

import json
from dataclasses import asdict
from uuid import uuid4

import pytest

from studymaster.adapters import vault
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import (
    ConflictError,
    NotFoundError,
    SignInError,
    TooManyRequestsError,
)
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import SignInForm
from studymaster.features.sync.state import ConnectState, LiveSyncState
from studymaster.models import ConnectionState, MoodleConnection, RunState
from tests.conftest import NOON
from tests.factories.browsing import let_sign_in
from tests.factories.moodle import connect, make_run
from tests.tabs import open_tab, tab_of

PAGE = "/live-sync?tab=connections"


@pytest.fixture
def tab(student) -> ConnectState:
    return tab_of(student, ConnectState, PAGE)


@pytest.fixture
def live(student) -> LiveSyncState:
    return tab_of(student, LiveSyncState, PAGE)


async def look_up(tab, form):
    """Press "Go on"; return where the focus is led at last."""
    *_, last = [step async for step in ConnectState.look_up.fn(tab, form)]
    return last


class TestLookingUp:
    async def test_the_button_says_that_a_slow_site_is_being_asked(
        self, tab, demo_site
    ) -> None:
        steps = ConnectState.look_up.fn(tab, {"site": demo_site})
        await anext(steps)
        assert (tab.is_asking, tab.found.url) == (True, "")
        assert [step async for step in steps] != []
        assert (tab.is_asking, tab.found.url) == (False, demo_site)

    async def test_a_look_up_that_breaks_does_not_leave_the_button_waiting(
        self, tab, monkeypatch
    ) -> None:
        async def break_down(*_: object, **__: object) -> None:
            raise RuntimeError

        monkeypatch.setattr(accounts, "find_site", break_down)
        with pytest.raises(RuntimeError):
            await look_up(tab, {"site": "moodle.uni.edu"})
        assert not tab.is_asking

    async def test_a_site_shows_the_ways_that_it_offers(self, tab, demo_site) -> None:
        await ConnectState.load.fn(tab)
        await look_up(tab, {"site": f" {demo_site}/my/ "})
        assert (tab.found.url, tab.found.password) == (demo_site, True)
        await let_sign_in(demo_site, 2)
        await look_up(tab, {"site": demo_site})
        assert (tab.found.browser, tab.found.password) == (True, False)
        await ConnectState.look_elsewhere.fn(tab)
        assert (tab.found.url, tab.site) == ("", demo_site)

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({}, "Type the address"),
            ({"site": " \x00 "}, "Type the address"),
            ({"site": 7}, "Type the address"),
            ({"site": "10.0.0.1"}, "private network"),
            ({"site": "http://moodle.uni.edu"}, "https"),
            ({"site": "x" * 10_000}, "not a site address"),
        ],
    )
    async def test_what_is_no_site_is_told_beside_the_field(self, tab, form, words) -> None:
        await look_up(tab, form)
        assert words in tab.found.problem
        assert tab.found.url == ""

    async def test_ten_sites_a_minute_are_the_most(self, tab) -> None:
        for _ in range(10):
            await look_up(tab, {"site": "nowhere"})
        with pytest.raises(TooManyRequestsError):
            await look_up(tab, {"site": "nowhere"})

    async def test_a_visitor_looks_nothing_up(self, empty_database) -> None:
        visitor = open_tab(ConnectState)
        for attempt in (
            ConnectState.load.fn(visitor),
            look_up(visitor, {"site": "moodle.uni.edu"}),
            ConnectState.look_elsewhere.fn(visitor),
        ):
            with pytest.raises(SignInError):
                await attempt


class TestFocus:
    async def test_it_goes_to_what_was_found_and_back_to_the_address(
        self, tab, demo_site
    ) -> None:
        found = await look_up(tab, {"site": demo_site})
        assert "connect_found" in str(found)
        for wrong in ({"site": "nowhere"}, {}):
            assert "connect_site" in str(await look_up(tab, wrong))
        assert "connect_site" in str(await ConnectState.look_elsewhere.fn(tab))

    @pytest.mark.parametrize(
        ("begun", "problem", "place"),
        [
            (False, "", None),
            (False, "No.", "connect_problem"),
            (True, "", "browser_steps"),
            (True, "No.", "browser_link"),
        ],
    )
    async def test_after_the_page_was_loaded_anew_it_is_where_the_student_goes_on(
        self, student, demo_site, begun, problem, place
    ) -> None:
        attempt = ""
        if begun:
            await let_sign_in(demo_site, 2)
            attempt = await accounts.begin_browser_sign_in(
                demo_site, provider="", account_id=student.account_id, now=NOON
            )
            attempt = f"sm_attempt={accounts.seal_attempt(attempt)}"
        tab = open_tab(
            ConnectState,
            access=tab_of(student, ConnectState)._cookies()["sm_access"],
            problem=vault.seal(json.dumps(asdict(SignInForm(problem=problem)))),
            foreign=attempt,
            path=f"{PAGE}&way=browser&failed=1",
        )
        moved = await ConnectState.load.fn(tab)
        assert moved is None if place is None else place in str(moved)

    async def test_after_disconnecting_it_is_at_what_is_disconnected(
        self, student, live
    ) -> None:
        connection = await connect(student)
        moved = await LiveSyncState.disconnect.fn(live, str(connection.id))
        assert "disconnected_moodles" in str(moved)


class TestLoading:
    async def test_the_demo_is_filled_in(self, tab, monkeypatch) -> None:
        monkeypatch.setenv("DEMO_MOODLE_URL", "http://127.0.0.1:9")
        get_settings.cache_clear()
        await ConnectState.load.fn(tab)
        assert tab.site == tab.offered == "http://127.0.0.1:9"

    async def test_a_site_that_is_connected_is_not_offered_again(
        self, student, tab, monkeypatch, demo_site
    ) -> None:
        monkeypatch.setenv("DEMO_MOODLE_URL", demo_site)
        get_settings.cache_clear()
        await look_up(tab, {"site": demo_site})
        assert (tab.found.url, tab.known_as) == (demo_site, "")
        await connect(student, site_url=demo_site)
        await ConnectState.load.fn(tab)
        assert (tab.found.url, tab.offered, tab.site) == ("", "", "")
        await look_up(tab, {"site": demo_site})
        assert tab.known_as == "mina"

    async def test_what_a_site_offered_is_asked_anew_on_the_next_visit(
        self, tab, demo_site
    ) -> None:
        await look_up(tab, {"site": demo_site})
        await ConnectState.load.fn(tab)
        assert tab.found.url == ""

    async def test_after_a_wrong_password_the_form_is_still_there(
        self, student, demo_site
    ) -> None:
        form = SignInForm(site=demo_site, username="mina", problem="No.")
        tab = tab_of(student, ConnectState, PAGE)
        await look_up(tab, {"site": demo_site})
        access = tab._cookies()["sm_access"]
        sealed = vault.seal(json.dumps(asdict(form)))
        open_tab(
            ConnectState, access=access, problem=sealed, path=f"{PAGE}&failed=1", state=tab
        )
        await ConnectState.load.fn(tab)
        assert (tab.found.url, tab.username) == (demo_site, "mina")

    async def test_a_failure_says_where_and_how_it_was_tried(self, student) -> None:
        form = SignInForm(way="token", site="https://moodle.uni.edu", problem="No.")
        sealed = vault.seal(json.dumps(asdict(form)))
        failed = f"{PAGE}&failed=1"
        tab = tab_of(student, ConnectState, failed)
        access = tab._cookies()["sm_access"]
        open_tab(ConnectState, access=access, problem=sealed, path=failed, state=tab)
        await ConnectState.load.fn(tab)
        assert (tab.problem, tab.failed_way) == ("No.", "token")
        assert tab.failed_site == "https://moodle.uni.edu"
        open_tab(ConnectState, access=access, problem=sealed, path=PAGE, state=tab)
        await ConnectState.load.fn(tab)
        assert (tab.problem, tab.failed_site, tab.failed_way) == ("", "", "")

    @pytest.mark.parametrize("whose", ["mine", "a visitor's", "another's"])
    async def test_a_begun_sign_in_goes_on_for_who_began_it(
        self, student, other_student, demo_site, whose
    ) -> None:
        await let_sign_in(demo_site, 2)
        owner = {"mine": student.account_id, "another's": other_student.account_id}
        attempt = await accounts.begin_browser_sign_in(
            demo_site, provider="", account_id=owner.get(whose), now=NOON
        )
        cookie = f"sm_attempt={accounts.seal_attempt(attempt)}"
        access = tab_of(student, ConnectState)._cookies()["sm_access"]
        path = f"{PAGE}&way=browser"
        tab = open_tab(ConnectState, access=access, foreign=cookie, path=path)
        for _ in range(2):  # again after a reload
            await ConnectState.load.fn(tab)
            goes_on = tab.browser.address == attempt.address
            assert goes_on is (whose == "mine")
        await ConnectState.look_elsewhere.fn(tab)
        assert tab.browser.address == ""

    async def test_the_page_loads_both(self, live) -> None:
        assert await LiveSyncState.load.fn(live) == ConnectState.load


class TestStopping:
    async def test_a_run_is_stopped_and_seen_to_be(self, student, live) -> None:
        await make_run(await connect(student), state=RunState.QUEUED)
        await LiveSyncState.load.fn(live)
        (run,) = live.runs
        assert run.stoppable
        moved = await LiveSyncState.cancel.fn(live, run.id)
        (stopped,) = live.runs
        assert (stopped.cancelled, live.under_way) == (True, False)
        assert live.panel.headline == "You stopped the sync"
        # The button is gone, and with it the focus would be.
        assert "sync_status" in str(moved)
        with pytest.raises(ConflictError):
            await LiveSyncState.cancel.fn(live, run.id)

    async def test_where_nothing_runs_nothing_is_stopped(self, live) -> None:
        for nothing in ("", "x", str(uuid4())):
            with pytest.raises(NotFoundError):
                await LiveSyncState.cancel.fn(live, nothing)


class TestConnections:
    async def test_a_moodle_is_disconnected(self, student, live) -> None:
        connection = await connect(student)
        await LiveSyncState.load.fn(live)
        await LiveSyncState.disconnect.fn(live, str(connection.id))
        (view,) = live.connections
        assert (view.disconnected, view.broken) == (True, True)

    async def test_a_moodle_is_tried_again(self, student, live, sent) -> None:
        connection = await connect(student)
        async with unit_of_work() as work:
            row = await work.session.get(MoodleConnection, connection.id)
            row.state, row.failure_code = ConnectionState.BROKEN, "policy_not_agreed"
        await LiveSyncState.try_again.fn(live, str(connection.id))
        assert (live.connections[0].broken, live.panel.state) == (False, "queued")

    @pytest.mark.parametrize("event", ["disconnect", "try_again"])
    async def test_the_moodle_of_another_is_not_there(
        self, live, other_student, event
    ) -> None:
        foreign = await connect(other_student)
        for wrong in (str(foreign.id), str(uuid4()), "x", ""):
            with pytest.raises(NotFoundError):
                await getattr(LiveSyncState, event).fn(live, wrong)

    async def test_a_visitor_changes_nothing(self, empty_database) -> None:
        visitor = open_tab(LiveSyncState)
        for attempt in (
            LiveSyncState.cancel.fn(visitor, str(uuid4())),
            LiveSyncState.disconnect.fn(visitor, str(uuid4())),
            LiveSyncState.try_again.fn(visitor, str(uuid4())),
        ):
            with pytest.raises(SignInError):
                await attempt
