"""The signed-in student of a tab, without a browser."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest

from studymaster import live
from studymaster.adapters import bus, clock, vault
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.accounts import service
from studymaster.features.accounts.schemas import (
    BrowserAttempt,
    SessionTokens,
    SignInForm,
    Student,
)
from studymaster.features.accounts.state import SessionState, SettingsState, SignInState
from studymaster.features.dashboard.state import ShellState
from tests.conftest import NOON
from tests.tabs import open_tab


async def signed_in(name: str = "mina") -> tuple[SessionTokens, Student]:
    async with unit_of_work() as work:
        account = await service.register(
            work,
            email=f"{name}@uni.edu",
            password_hash=await service.hash_new_password("correct horse"),
            display_name=name,
            time_zone="UTC",
            now=NOON,
        )
        tokens = await service.start_session(work, account=account, user_agent="", now=NOON)
    async with unit_of_work() as work:
        student = await service.student_of_tokens(
            work, access_token=tokens.access, refresh_token="", now=NOON
        )
    assert student is not None
    return tokens, student


async def end(student: Student) -> None:
    async with unit_of_work() as work:
        await service.end_session(
            work, account_id=student.account_id, session_id=student.session_id, now=NOON
        )


class TestSession:
    async def test_the_cookie_of_the_connection_says_who_it_is(
        self, empty_database
    ) -> None:
        tokens, student = await signed_in()
        tab = open_tab(SessionState, access=tokens.access)
        assert await tab._require_student() == student

    async def test_a_visitor_is_refused(self, empty_database) -> None:
        with pytest.raises(SignInError):
            await open_tab(SessionState)._require_student()

    async def test_an_open_tab_outlives_its_access_token(
        self, empty_database, monkeypatch
    ) -> None:
        tokens, student = await signed_in()
        tab = open_tab(SessionState, access=tokens.access)
        await tab._require_student()
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=5))
        assert await tab._require_student() == student

    async def test_a_new_connection_with_a_stale_token_is_refused(
        self, empty_database, monkeypatch
    ) -> None:
        tokens, _ = await signed_in()
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=20))
        with pytest.raises(SignInError):
            await open_tab(SessionState, access=tokens.access)._require_student()

    async def test_an_ended_session_is_refused_at_the_next_event(
        self, empty_database
    ) -> None:
        tokens, student = await signed_in()
        tab = open_tab(SessionState, access=tokens.access)
        await tab._require_student()
        await end(student)
        with pytest.raises(SignInError):
            await tab._require_student()

    async def test_another_cookie_in_the_same_tab_is_another_student(
        self, empty_database
    ) -> None:
        mina, _ = await signed_in("mina")
        jonas, jonas_himself = await signed_in("jonas")
        tab = open_tab(SessionState, access=mina.access)
        await tab._require_student()
        open_tab(SessionState, access=jonas.access, state=tab)
        assert await tab._require_student() == jonas_himself

    async def test_nothing_about_the_session_is_sent_to_the_browser(
        self, empty_database
    ) -> None:
        tokens, student = await signed_in()
        tab = open_tab(SessionState, access=tokens.access)
        await tab._require_student()
        assert str(student.account_id) not in str(tab.dict())
        assert tokens.access not in str(tab.dict())

    async def test_ending_a_session_closes_its_tabs_and_no_others(
        self, empty_database
    ) -> None:
        mina, student = await signed_in("mina")
        jonas, _ = await signed_in("jonas")
        for name, tokens in (("tab-1", mina), ("tab-2", mina), ("tab-3", jonas)):
            tab = open_tab(SessionState, access=tokens.access, token=name)
            await tab._require_student()
        news = News(Topic.SESSION_ENDED, str(student.account_id), str(student.session_id))
        updates = live.tabs.updates_for(news, closing={"session": {"ended": True}})
        assert set(updates) == {"tab-1", "tab-2"}
        assert all(
            update.delta == {"session": {"ended": True}} for update in updates.values()
        )


FOREIGN_COOKIES = ['foo={"a": 1}', "a b=c", "name=Müller", "=x", "lonely"]


@pytest.mark.parametrize("foreign", FOREIGN_COOKIES)
async def test_a_cookie_of_somebody_else_does_not_sign_out(empty_database, foreign) -> None:
    tokens, student = await signed_in()
    tab = open_tab(SessionState, access=tokens.access, foreign=foreign)
    assert await tab._require_student() == student


class TestTabChangesHands:
    async def test_a_tab_is_left_over_once_its_session_is_not_the_one_here(
        self, empty_database
    ) -> None:
        mina, herself = await signed_in("mina")
        jonas, _ = await signed_in("jonas")
        tab = open_tab(SessionState, access=mina.access)
        assert await tab._is_left_over() is False
        await tab._require_student()
        assert await tab._is_left_over() is False
        assert await open_tab(SessionState, state=tab)._is_left_over() is True
        open_tab(SessionState, access=mina.access, state=tab)
        await tab._require_student()
        assert await open_tab(SessionState, access=jonas.access, state=tab)._is_left_over()
        open_tab(SessionState, access=mina.access, state=tab)
        await tab._require_student()
        await end(herself)
        assert await tab._is_left_over() is True


class TestSignIn:
    async def test_what_was_typed_comes_back_with_the_reason(self, empty_database) -> None:
        form = SignInForm(
            way="moodle", site="moodle.uni.edu", username="mina", problem="Not right."
        )
        sealed = vault.seal(json.dumps(asdict(form)))
        tab = open_tab(SignInState, problem=sealed, path="/sign-in?next=/&failed=1")
        await SignInState.load.fn(tab)
        assert (tab.site, tab.username, tab.problem) == (
            "moodle.uni.edu",
            "mina",
            "Not right.",
        )

    async def test_a_later_visit_begins_with_an_empty_form(self, empty_database) -> None:
        form = SignInForm(way="token", site="moodle.uni.edu", problem="Not right.")
        sealed = vault.seal(json.dumps(asdict(form)))
        tab = open_tab(SignInState, problem=sealed, path="/sign-in?next=/&failed=1")
        await SignInState.load.fn(tab)
        assert (tab.way, tab.problem) == ("token", "Not right.")
        open_tab(SignInState, problem=sealed, path="/sign-in?next=/", state=tab)
        await SignInState.load.fn(tab)
        assert (tab.way, tab.site, tab.problem) == ("moodle", "", "")

    async def test_a_tab_whose_session_is_over_says_so(self, empty_database) -> None:
        tab = open_tab(SignInState, path="/sign-in?next=/focus&ended=1")
        await SignInState.load.fn(tab)
        assert (tab.was_ended, tab.next_path) == (True, "/focus")

    async def test_a_forged_reason_is_not_shown(self, empty_database) -> None:
        forged = "Send your password to evil.example"
        tab = open_tab(SignInState, problem=forged, path="/sign-in?failed=1")
        await SignInState.load.fn(tab)
        assert tab.problem == ""

    async def test_who_is_signed_in_goes_on(self, empty_database) -> None:
        tokens, _ = await signed_in()
        tab = open_tab(SignInState, access=tokens.access, path="/sign-in?next=/live-sync")
        assert "/live-sync" in str(await SignInState.load.fn(tab))

    ATTEMPT = BrowserAttempt(
        site_url="https://moodle.uni.edu",
        site_name="Uni",
        sites=("https://moodle.uni.edu",),
        passport="p",
        address="https://moodle.uni.edu/admin/tool/mobile/launch.php",
        account_id="",
        began_at=NOON,
    )

    @pytest.mark.parametrize(
        ("path", "goes_on"),
        [("/sign-in?way=browser", True), ("/sign-in", False), ("/sign-in?failed=1", False)],
    )
    async def test_a_sign_in_through_the_browser_goes_on_after_a_reload(
        self, empty_database, path, goes_on
    ) -> None:
        cookie = f"sm_attempt={service.seal_attempt(self.ATTEMPT)}"
        tab = open_tab(SignInState, foreign=cookie, path=path)
        for _ in range(2):
            await SignInState.load.fn(tab)
            assert (tab.browser.address == self.ATTEMPT.address) is goes_on
        assert "passport" not in str(tab.browser)

    async def test_a_site_that_takes_no_password_opens_the_other_way(
        self, empty_database
    ) -> None:
        form = SignInForm(way="browser", site="moodle.uni.edu", problem="Not here.")
        sealed = vault.seal(json.dumps(asdict(form)))
        tab = open_tab(SignInState, problem=sealed, path="/sign-in?failed=1")
        await SignInState.load.fn(tab)
        assert (tab.way, tab.by_browser, tab.site) == ("moodle", True, "moodle.uni.edu")


class TestSettings:
    async def test_ending_another_session_takes_it_off_the_list(
        self, empty_database
    ) -> None:
        tokens, _ = await signed_in()
        async with unit_of_work() as work:
            account = await service.find_local_account(work, email="mina@uni.edu")
            assert account is not None
            await service.start_session(work, account=account, user_agent="", now=NOON)
        tab = open_tab(SettingsState, access=tokens.access)
        await SettingsState.load.fn(tab)
        (mine, other) = tab.devices
        assert (mine.current, other.current) == (True, False)
        await SettingsState.end_session.fn(tab, other.sessions[0].id)
        assert [one.current for one in tab.devices] == [True]

    async def test_all_others_are_ended_at_once(self, empty_database) -> None:
        tokens, _ = await signed_in()
        async with unit_of_work() as work:
            account = await service.find_local_account(work, email="mina@uni.edu")
            assert account is not None
            for _ in range(3):
                await service.start_session(work, account=account, user_agent="", now=NOON)
        tab = open_tab(SettingsState, access=tokens.access)
        await SettingsState.end_others.fn(tab)
        assert [one.current for one in tab.devices] == [True]

    async def test_another_tab_puts_the_look_on_too(
        self, empty_database, monkeypatch
    ) -> None:
        tokens, _ = await signed_in()
        heard: list[News] = []

        async def hear(*news: News) -> None:
            heard.extend(news)

        monkeypatch.setattr(bus, "publish", hear)
        beside = open_tab(ShellState, access=tokens.access, token="beside")
        await ShellState.load.fn(beside)
        tab = open_tab(SettingsState, access=tokens.access)
        await SettingsState.save_theme.fn(tab, "light")
        (event,) = live.tabs.updates_for(*heard, closing={})["beside"].events
        assert event.name.endswith("shell_state.load")
        await ShellState.load.fn(beside)
        assert beside.theme == "light"

    @pytest.mark.parametrize("text", ["", "x", "1", None, 7])
    async def test_nonsense_is_not_a_session(self, empty_database, text) -> None:
        tokens, _ = await signed_in()
        tab = open_tab(SettingsState, access=tokens.access)
        with pytest.raises(NotFoundError):
            await SettingsState.end_session.fn(tab, text)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/campus/join/owls-2030", "owls-2030"),
        ("/campus/join/owls-2030/", "owls-2030"),
        ("/", ""),
    ],
)
def test_the_last_part_of_an_address_names_what_is_open(path: str, name: str) -> None:
    assert open_tab(SessionState, path=path)._named() == name
