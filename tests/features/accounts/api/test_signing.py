"""Programs sign in with JSON, keep their tokens themselves, and sign in by the browser."""

from datetime import timedelta
from typing import Final

import httpx
import pytest

from studymaster.adapters import clock
from studymaster.config import get_settings
from tests.conftest import NOON
from tests.factories.browsing import bring_link, fail
from tests.features.accounts.api.programs import (
    BROWSER,
    JSON,
    LOGIN,
    MOODLE,
    REGISTER,
    bearer,
    by_browser,
)


class TestTokens:
    async def test_a_program_that_asks_for_json_gets_its_tokens(self, program) -> None:
        answer = await program.post(LOGIN, json=REGISTER, headers=JSON)
        body = answer.json()
        assert answer.status_code == 200
        assert set(body) == {
            "id",
            "access_token",
            "refresh_token",
            "token_type",
            "expires_in",
        }
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
        assert answer.headers["cache-control"] == "no-store"
        program.cookies.clear()
        me = await program.get("/api/v1/auth/me", headers=bearer(body["access_token"]))
        assert me.json()["id"] == body["id"]

    async def test_a_page_learns_no_token(self, program) -> None:
        answer = await program.post(LOGIN, data=REGISTER)
        assert set(answer.json()) == {"id"}
        for accept in ("*/*", "application/json"):
            renewed = await program.post("/api/v1/auth/refresh", headers={"accept": accept})
            assert set(renewed.json()) == {"id"}

    async def test_a_program_renews_with_the_token_it_keeps(
        self, program, monkeypatch
    ) -> None:
        first = (await program.post(LOGIN, json=REGISTER, headers=JSON)).json()
        program.cookies.clear()
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=16))
        stale = await program.get("/api/v1/auth/me", headers=bearer(first["access_token"]))
        assert stale.status_code == 401
        answer = await program.post(
            "/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}
        )
        second = answer.json()
        assert second["refresh_token"] != first["refresh_token"]
        program.cookies.clear()
        fresh = await program.get("/api/v1/auth/me", headers=bearer(second["access_token"]))
        assert fresh.status_code == 200

    async def test_a_stolen_refresh_token_ends_the_session(self, program) -> None:
        tokens = (await program.post(LOGIN, json=REGISTER, headers=JSON)).json()
        program.cookies.clear()

        async def renew(token: str) -> httpx.Response:
            answer = await program.post(
                "/api/v1/auth/refresh", json={"refresh_token": token}
            )
            program.cookies.clear()
            return answer

        second = (await renew(tokens["refresh_token"])).json()["refresh_token"]
        third = (await renew(second)).json()["refresh_token"]
        assert (await renew(tokens["refresh_token"])).status_code == 401
        assert (await renew(third)).status_code == 401

    async def test_an_access_token_does_not_renew(self, program) -> None:
        tokens = (await program.post(LOGIN, json=REGISTER, headers=JSON)).json()
        program.cookies.clear()
        answer = await program.post(
            "/api/v1/auth/refresh", json={"refresh_token": tokens["access_token"]}
        )
        assert answer.status_code == 401

    async def test_signing_out_by_bearer_ends_the_session(self, program) -> None:
        tokens = (await program.post(LOGIN, json=REGISTER, headers=JSON)).json()
        program.cookies.clear()
        proof = bearer(tokens["access_token"])
        assert (await program.get("/api/v1/auth/me", headers=proof)).status_code == 200
        await program.post("/api/v1/auth/logout", headers=proof)
        assert (await program.get("/api/v1/auth/me", headers=proof)).status_code == 401


class TestThroughTheBrowser:
    async def test_a_visitor_enters_in_two_forms(self, program, site, sent) -> None:
        begun = await program.post(
            LOGIN, data=by_browser(site, next="/focus"), headers=BROWSER
        )
        assert begun.status_code == 303
        assert begun.headers["location"] == "/sign-in?way=browser&next=/focus"
        cookie = begun.headers["set-cookie"]
        assert "sm_attempt=" in cookie
        assert "HttpOnly" in cookie
        told = await program.post(LOGIN, json=by_browser(site), headers=JSON)
        link = await bring_link(told.json()["address"])
        entered = await program.post(
            LOGIN, data=by_browser(site, link=link, next="/focus"), headers=BROWSER
        )
        assert (entered.status_code, entered.headers["location"]) == (303, "/focus")
        assert "sm_attempt" not in program.cookies
        me = await program.get("/api/v1/auth/me")
        assert me.json()["username"] == "mina"
        assert len(sent) == 1

    async def test_a_program_without_cookies_sends_the_attempt_back(
        self, program, site
    ) -> None:
        told = (await program.post(LOGIN, json=by_browser(site), headers=JSON)).json()
        assert told["expires_in"] == 1800
        program.cookies.clear()
        link = await bring_link(told["address"])
        answer = await program.post(
            LOGIN,
            json=by_browser(site, link=link, attempt=told["attempt"]),
            headers=JSON,
        )
        assert answer.status_code == 200
        assert answer.json()["access_token"]

    async def test_a_wrong_link_leads_back_to_the_steps_without_the_link(
        self, program, site
    ) -> None:
        await program.post(LOGIN, data=by_browser(site), headers=BROWSER)
        wrong = by_browser(site, link="moodlemobile://token=abc")
        answer = await program.post(LOGIN, data=wrong, headers=BROWSER)
        where = httpx.URL(answer.headers["location"])
        assert dict(where.params) == {"failed": "1", "way": "browser", "next": "/"}
        assert "sm_attempt" in program.cookies

    async def test_a_password_that_the_site_does_not_take_leads_to_the_browser(
        self, program, site
    ) -> None:
        form = {"way": "moodle", "site": site, "username": "mina", "password": "no"}
        answer = await program.post(LOGIN, json=form)
        assert answer.status_code == 401
        assert "through the browser instead" in answer.json()["detail"]
        back = await program.post(LOGIN, data=form, headers=BROWSER)
        assert back.headers["location"] == "/sign-in?failed=1&next=/"

    async def test_a_site_without_such_a_page_says_so(self, program, demo_site) -> None:
        answer = await program.post(LOGIN, json=by_browser(demo_site))
        assert answer.status_code == 422
        assert "no sign-in page for apps" in answer.json()["detail"]

    async def test_the_eleventh_address_in_a_minute_has_to_wait(self, program) -> None:
        statuses = [
            (await program.post(LOGIN, json=by_browser(f"nowhere{number}"))).status_code
            for number in range(11)
        ]
        assert statuses == [422] * 10 + [429]

    async def test_a_lecture_hall_begins_behind_one_address(self, program, site) -> None:
        statuses = {
            (await program.post(LOGIN, json=by_browser(site))).status_code
            for _ in range(12)
        }
        assert statuses == {200}


async def test_a_program_is_told_no_time_of_day_that_may_not_be_its_own(
    program, demo_site
) -> None:
    await fail(demo_site, "maintenance_cli")
    form = {"way": "moodle", "site": demo_site, "username": "mina", "password": "campus"}
    told = (await program.post(LOGIN, json=form)).json()["detail"]
    assert told.endswith("is closed for maintenance. Try again when it is back.")
    told = await program.post(LOGIN, json=form | {"time_zone": "Asia/Kolkata"})
    assert "asks for a pause until 17:35." in told.json()["detail"]


class TestTheDemo:
    ROBIN: Final = {"way": "moodle", "username": "robin", "password": "campus"}

    @pytest.fixture(autouse=True)
    def _is_offered(self, demo_site, monkeypatch) -> None:
        monkeypatch.setenv("DEMO_MOODLE_URL", demo_site)
        get_settings.cache_clear()

    async def account(self, program: httpx.AsyncClient, form: dict[str, str]) -> str:
        program.cookies.clear()
        return (await program.post(LOGIN, json=form)).json()["id"]

    async def test_whoever_tries_it_is_in_an_account_that_no_student_has(
        self, program, demo_site
    ) -> None:
        student = (await program.post(LOGIN, json=REGISTER)).json()["id"]
        for name in ("mina", "jonas", "noor"):
            form = {"site": demo_site, "username": name, "password": "campus"}
            assert (await program.post(MOODLE, json=form)).status_code == 201
        robin = self.ROBIN | {"site": demo_site}
        tried = {await self.account(program, robin) for _ in range(2)}
        assert len(tried) == 1
        assert student not in tried

    async def test_nothing_private_is_put_into_it(self, program, demo_site) -> None:
        await program.post(LOGIN, json=self.ROBIN | {"site": demo_site})
        mina = {"site": demo_site, "username": "mina", "password": "campus"}
        answer = await program.post(MOODLE, json=mina)
        assert answer.status_code == 409
        assert "Make an account of your own first" in answer.json()["detail"]
        again = self.ROBIN | {"site": demo_site}
        assert (await program.post(MOODLE, json=again)).status_code == 201
