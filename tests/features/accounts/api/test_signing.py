"""Programs sign in with JSON, keep their tokens themselves, and are slowed when they guess."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import httpx
import pytest

from studymaster.adapters import clock
from studymaster.api import create_api
from studymaster.config import get_settings
from studymaster.features.accounts.api import signing
from studymaster.passage import behind_proxies
from tests.conftest import NOON
from tests.factories.browsing import bring_link, let_sign_in

LOGIN = "/api/v1/auth/login"
JSON = {"accept": "application/json"}
BROWSER = {"accept": "text/html,application/xhtml+xml"}
addresses = count(1)


def program_at(host: str) -> httpx.AsyncClient:
    """Return a program that asks from an address."""
    transport = httpx.ASGITransport(app=behind_proxies(create_api()), client=(host, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://testserver")


@pytest.fixture
async def program(empty_database):
    # Each test comes from a client of its own: attempts of the last minute count.
    async with program_at(f"10.0.0.{next(addresses)}") as program:
        yield program


@pytest.fixture
def trusted(monkeypatch):
    """Say which proxies are trusted."""

    def trust(networks: str) -> None:
        monkeypatch.setenv("TRUSTED_PROXIES", networks)
        get_settings.cache_clear()

    return trust


REGISTER = {
    "way": "register",
    "email": "mina@uni.edu",
    "password": "correct horse",
    "display_name": "Mina",
}
GUESS = {"way": "moodle", "site": "nowhere", "username": "mina", "password": "x"}
"""Nobody has to be asked to refuse it, so it is quick."""

LOCAL = {"way": "local", "email": "mina@uni.edu", "password": "correct horse"}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


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


class TestBadInput:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'"x"',
            b'{"way": 7}',
            b'{"way": "local", "email": null}',
            b'{"way": "local", "email": "a\\u0000@b.edu", "password": "x"}',
            b'{"way": "local", "email": "a\\ud800@b.edu", "password": "x"}',
            b'{"way": "register", "email": "a@b.edu", "password": "\\ud800234567890"}',
            b"\xff\xfe",
        ],
    )
    async def test_a_body_that_cannot_be_read_gets_a_sentence(self, program, body) -> None:
        answer = await program.post(
            LOGIN, content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 422
        assert answer.json()["detail"].endswith(".")

    async def test_what_was_typed_is_not_repeated(self, program) -> None:
        body = {"way": "local", "email": 7, "password": ["my secret password"]}
        answer = await program.post(LOGIN, json=body)
        assert answer.status_code == 422
        assert "my secret password" not in answer.text

    async def test_a_file_is_no_password(self, program) -> None:
        answer = await program.post(
            LOGIN, data={"way": "local"}, files={"password": ("x.txt", b"secret")}
        )
        assert answer.status_code == 422
        assert "without files" in answer.json()["detail"]

    @pytest.mark.parametrize(
        ("path", "status"), [(LOGIN, 422), ("/api/v1/auth/moodle", 401)]
    )
    async def test_no_byte_of_a_strangers_upload_is_taken(
        self, program, path, status
    ) -> None:
        taken = list[int]()

        async def endless() -> AsyncIterator[bytes]:
            for number in range(100):
                taken.append(number)
                yield b"x" * 1_000_000

        kind = {"content-type": "multipart/form-data; boundary=b"}
        answer = await program.post(path, content=endless(), headers=kind)
        assert answer.status_code == status
        assert taken == []

    @pytest.mark.parametrize("body", [b"[]", b"{", b'{"refresh_token": 7}'])
    async def test_nor_is_nonsense_a_refresh_token(self, program, body) -> None:
        answer = await program.post(
            "/api/v1/auth/refresh",
            content=body,
            headers={"content-type": "application/json"},
        )
        assert answer.status_code == 422


class TestGuessing:
    async def test_the_eleventh_guess_in_a_minute_has_to_wait(self, program) -> None:
        await program.post(LOGIN, json=REGISTER)
        wrong = LOCAL | {"password": "wrong horse"}
        for _ in range(10):
            assert (await program.post(LOGIN, json=wrong)).status_code == 401
        refused = await program.post(LOGIN, json=LOCAL)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["content-type"] == "application/problem+json"

    async def test_who_knows_the_password_may_sign_in_as_often_as_they_like(
        self, program
    ) -> None:
        await program.post(LOGIN, json=REGISTER)
        for _ in range(12):
            assert (await program.post(LOGIN, json=LOCAL)).status_code == 200

    async def test_another_way_of_writing_the_address_does_not_help(self, program) -> None:
        spellings = ("mina@uni.edu", "MINA@uni.edu", " mina@uni.edu ")
        for number in range(10):
            wrong = {"way": "local", "email": spellings[number % 3], "password": "x"}
            assert (await program.post(LOGIN, json=wrong)).status_code == 401
        assert (await program.post(LOGIN, json=LOCAL)).status_code == 429

    async def test_other_accounts_of_the_same_client_go_on(self, program) -> None:
        wrong = LOCAL | {"password": "wrong horse"}
        for _ in range(11):
            await program.post(LOGIN, json=wrong)
        other = REGISTER | {"email": "jonas@uni.edu"}
        assert (await program.post(LOGIN, json=other)).status_code == 200

    async def test_a_browser_gets_its_form_back_with_the_sentence(self, program) -> None:
        wrong = LOCAL | {"password": "wrong horse"}
        for _ in range(11):
            answer = await program.post(LOGIN, data=wrong, headers=BROWSER)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
        assert "sm_problem" in answer.headers["set-cookie"]

    async def test_another_spelling_of_the_site_does_not_help(
        self, program, demo_site
    ) -> None:
        spellings = ("{}?{}", "{}/#{}", "{}/login/index.php?{}", "{}/lib/{}", "{}//?{}")
        statuses = list[int]()
        for number in range(11):
            site = spellings[number % len(spellings)].format(demo_site, number)
            wrong = {"way": "moodle", "site": site, "username": "mina", "password": "x"}
            statuses.append((await program.post(LOGIN, json=wrong)).status_code)
        assert 429 not in statuses[:10]
        assert statuses[10] == 429

    async def test_addresses_that_lead_nowhere_count_together(self, program) -> None:
        statuses = [
            (await program.post(LOGIN, json=GUESS | {"site": site})).status_code
            for site in [*(f"nowhere{number}" for number in range(10)), "10.1.2.3"]
        ]
        assert statuses == [422] * 10 + [429]

    async def test_one_password_at_many_accounts_is_slowed_too(self, program) -> None:
        statuses = list[int]()
        for number in range(31):
            wrong = GUESS | {"username": f"student{number}"}
            statuses.append((await program.post(LOGIN, json=wrong)).status_code)
        assert statuses == [422] * 30 + [429]

    async def test_a_client_makes_ten_accounts_a_minute(self, program) -> None:
        statuses = list[int]()
        for number in range(11):
            new = REGISTER | {"email": f"s{number}@uni.edu"}
            statuses.append((await program.post(LOGIN, json=new)).status_code)
            program.cookies.clear()
        assert statuses == [200] * 10 + [429]

    async def test_a_lecture_hall_behind_one_address_signs_in(
        self, program, monkeypatch
    ) -> None:
        monkeypatch.setattr(signing, "CLIENT_TRIES_A_MINUTE", 2)
        await program.post(LOGIN, json=REGISTER)
        for _ in range(4):
            program.cookies.clear()
            assert (await program.post(LOGIN, json=LOCAL)).status_code == 200
        statuses = [(await program.post(LOGIN, json=GUESS)).status_code for _ in range(3)]
        assert statuses == [422, 422, 429]


class TestProxies:
    async def guess(self, program: httpx.AsyncClient, *, forwarded: str) -> int:
        headers = {"x-forwarded-for": forwarded}
        return (await program.post(LOGIN, json=GUESS, headers=headers)).status_code

    async def test_students_behind_a_trusted_proxy_are_told_apart(
        self, empty_database, trusted
    ) -> None:
        trusted("10.9.0.0/16, 192.0.2.1")
        async with program_at("10.9.3.4") as proxied:
            for _ in range(10):
                assert await self.guess(proxied, forwarded="198.51.100.7") == 422
            assert await self.guess(proxied, forwarded="198.51.100.7") == 429
            assert await self.guess(proxied, forwarded="198.51.100.7, 192.0.2.1") == 429
            assert await self.guess(proxied, forwarded="198.51.100.8") == 422

    async def test_nobody_else_can_say_who_they_are(self, empty_database, trusted) -> None:
        trusted("10.9.0.0/16")
        async with program_at("10.8.3.4") as stranger:
            for number in range(10):
                assert await self.guess(stranger, forwarded=f"198.51.100.{number}") == 422
            assert await self.guess(stranger, forwarded="198.51.100.99") == 429

    async def test_nor_can_they_through_the_proxy(self, empty_database, trusted) -> None:
        trusted("10.9.0.0/16")
        async with program_at("10.9.3.4") as proxied:
            for number in range(10):
                made_up = f"203.0.113.{number}, 198.51.100.7"
                assert await self.guess(proxied, forwarded=made_up) == 422
            assert await self.guess(proxied, forwarded="198.51.100.7") == 429

    async def test_a_home_network_is_one_client(self, empty_database, trusted) -> None:
        trusted("10.9.0.0/16")
        async with program_at("10.9.3.4") as proxied:
            for number in range(10):
                assert await self.guess(proxied, forwarded=f"2001:db8::{number}") == 422
            assert await self.guess(proxied, forwarded="2001:db8::ff:1") == 429
            assert await self.guess(proxied, forwarded="2001:db8:0:1::1") == 422


MOODLE = "/api/v1/auth/moodle"


def by_browser(site: str, **fields: str) -> dict[str, str]:
    return {"way": "browser", "site": site, **fields}


class TestThroughTheBrowser:
    @pytest.fixture
    async def site(self, demo_site) -> str:
        await let_sign_in(demo_site, 2)
        return demo_site

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

    async def test_a_student_connects_another_moodle(self, program, site) -> None:
        await program.post(LOGIN, json=REGISTER)
        begun = await program.post(MOODLE, data=by_browser(site), headers=BROWSER)
        assert begun.headers["location"] == "/live-sync?tab=connections&way=browser"
        told = (await program.post(MOODLE, json=by_browser(site))).json()
        link = await bring_link(told["address"])
        answer = await program.post(MOODLE, data=by_browser(site, link=link))
        assert (answer.status_code, bool(answer.json()["site"])) == (201, True)

    async def test_an_attempt_of_a_visitor_connects_nobodys_account(
        self, program, site
    ) -> None:
        told = (await program.post(LOGIN, json=by_browser(site), headers=JSON)).json()
        link = await bring_link(told["address"])
        await program.post(LOGIN, json=REGISTER)
        answer = await program.post(
            MOODLE, json=by_browser(site, link=link, attempt=told["attempt"])
        )
        assert answer.status_code == 422
        assert "Start the sign-in again" in answer.json()["detail"]

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

    async def test_a_signed_in_student_looks_up_ten_sites_a_minute(
        self, program, site
    ) -> None:
        await program.post(LOGIN, json=REGISTER)
        statuses = [
            (await program.post(MOODLE, json=by_browser(site))).status_code
            for _ in range(11)
        ]
        assert statuses == [200] * 10 + [429]

    async def test_a_lecture_hall_begins_behind_one_address(self, program, site) -> None:
        statuses = {
            (await program.post(LOGIN, json=by_browser(site))).status_code
            for _ in range(12)
        }
        assert statuses == {200}
