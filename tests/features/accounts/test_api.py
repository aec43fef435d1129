"""Signing in and out over HTTP, against the demo Moodle on a real port."""

from datetime import timedelta

import httpx
import pytest
import structlog

from studymaster.adapters import clock
from studymaster.api import create_api
from tests.conftest import NOON

BROWSER = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
async def browser(empty_database):
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(
        transport=transport, base_url="http://testserver"
    ) as client:
        yield client


def moodle_form(site: str, **fields: str) -> dict[str, str]:
    return {
        "way": "moodle",
        "site": site,
        "username": "mina",
        "password": "campus",
    } | fields


REGISTER = {
    "way": "register",
    "email": "mina@uni.edu",
    "password": "correct horse",
    "display_name": "Mina",
    "time_zone": "Europe/Helsinki",
}


class TestSignInWithMoodle:
    async def test_a_browser_is_sent_where_it_wanted_to_go(
        self, browser, demo_site
    ) -> None:
        answer = await browser.post(
            "/api/v1/auth/login",
            data=moodle_form(demo_site, next="/live-sync"),
            headers=BROWSER,
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/live-sync")
        me = (await browser.get("/api/v1/auth/me")).json()
        assert me["display_name"] == "Mina Aalto"

    async def test_the_cookies_are_out_of_reach_of_scripts(
        self, browser, demo_site
    ) -> None:
        answer = await browser.post("/api/v1/auth/login", data=moodle_form(demo_site))
        cookies = [
            value
            for value in answer.headers.get_list("set-cookie")
            if value.startswith(("sm_access=", "sm_refresh="))
        ]
        assert len(cookies) == 2
        assert all("HttpOnly" in value and "SameSite=lax" in value for value in cookies)

    async def test_a_wrong_password_leads_back_to_the_form(
        self, browser, demo_site
    ) -> None:
        form = moodle_form(demo_site, password="wrong")
        answer = await browser.post("/api/v1/auth/login", data=form, headers=BROWSER)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
        assert "sm_access" not in browser.cookies
        assert "wrong" not in answer.headers["set-cookie"]

    async def test_a_program_gets_a_problem_document(self, browser, demo_site) -> None:
        form = moodle_form(demo_site, password="wrong")
        answer = await browser.post("/api/v1/auth/login", data=form)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].endswith(".")
        assert answer.status_code == answer.json()["status"] == 401

    async def test_the_password_is_never_logged(self, browser, demo_site) -> None:
        form = moodle_form(demo_site, password="a very secret word")
        with structlog.testing.capture_logs() as logs:
            await browser.post("/api/v1/auth/login", data=form)
        assert "a very secret word" not in str(logs)

    async def test_a_pasted_token_opens_the_same_account(self, browser, demo_site) -> None:
        first = await browser.post("/api/v1/auth/login", data=moodle_form(demo_site))
        async with httpx.AsyncClient() as client:
            answer = await client.post(
                f"{demo_site}/login/token.php",
                data={
                    "username": "mina",
                    "password": "campus",
                    "service": "moodle_mobile_app",
                },
            )
        form = {"way": "token", "site": demo_site, "token": answer.json()["token"]}
        second = await browser.post("/api/v1/auth/login", data=form)
        assert first.json() == second.json()

    async def test_a_pasted_token_that_is_none_is_refused_as_such(
        self, browser, demo_site
    ) -> None:
        form = {"way": "token", "site": demo_site, "token": "deadbeef" * 4}
        answer = await browser.post("/api/v1/auth/login", data=form)
        assert answer.status_code == 401
        assert "did not accept this token" in answer.json()["detail"]

    async def test_a_failure_is_told_on_the_page_that_it_leads_to(
        self, browser, demo_site
    ) -> None:
        form = moodle_form(demo_site, password="wrong", next="/focus?task=a")
        answer = await browser.post("/api/v1/auth/login", data=form, headers=BROWSER)
        address = httpx.URL(answer.headers["location"])
        assert dict(address.params) == {"next": "/focus?task=a", "failed": "1"}

    async def test_a_failure_to_connect_is_told_on_the_live_sync_page(
        self, browser, demo_site
    ) -> None:
        await browser.post("/api/v1/auth/login", data=REGISTER)
        form = moodle_form(demo_site, password="wrong")
        answer = await browser.post("/api/v1/auth/moodle", data=form, headers=BROWSER)
        assert answer.headers["location"] == "/live-sync?tab=connections&failed=1"


class TestLocalAccount:
    async def test_register_sign_out_and_in_again(self, browser) -> None:
        registered = await browser.post("/api/v1/auth/login", data=REGISTER)
        assert registered.status_code == 200
        await browser.post("/api/v1/auth/logout")
        assert (await browser.get("/api/v1/auth/me")).status_code == 401
        form = {"way": "local", "email": "mina@uni.edu", "password": "correct horse"}
        assert (await browser.post("/api/v1/auth/login", data=form)).status_code == 200

    async def test_it_can_connect_moodle_later(self, browser, demo_site, sent) -> None:
        await browser.post("/api/v1/auth/login", data=REGISTER)
        answer = await browser.post(
            "/api/v1/auth/moodle", data=moodle_form(demo_site), headers=BROWSER
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/live-sync")
        assert len(sent) == 1


class TestRefresh:
    async def test_it_rotates_both_cookies(self, browser, monkeypatch) -> None:
        await browser.post("/api/v1/auth/login", data=REGISTER)
        before = dict(browser.cookies)
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=10))
        assert (await browser.post("/api/v1/auth/refresh")).status_code == 200
        assert before["sm_refresh"] != browser.cookies["sm_refresh"]
        assert before["sm_access"] != browser.cookies["sm_access"]

    async def test_without_a_session_there_is_nothing_to_renew(self, browser) -> None:
        assert (await browser.post("/api/v1/auth/refresh")).status_code == 401

    async def test_a_bearer_token_serves_programs(self, browser) -> None:
        await browser.post("/api/v1/auth/login", data=REGISTER)
        token = browser.cookies["sm_access"]
        browser.cookies.clear()
        answer = await browser.get(
            "/api/v1/auth/me", headers={"authorization": f"Bearer {token}"}
        )
        assert answer.json()["display_name"] == "Mina"


async def test_another_site_cannot_act_with_our_cookies(browser) -> None:
    answer = await browser.post(
        "/api/v1/auth/login", data=REGISTER, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "sm_access" not in browser.cookies


@pytest.mark.parametrize("way", ["", "magic", "x" * 5000])
async def test_an_unknown_way_gets_one_sentence(browser, way) -> None:
    answer = await browser.post("/api/v1/auth/login", data={"way": way})
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")
