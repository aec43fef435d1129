"""What is sent to sign in is read with care, and who guesses is slowed."""

from collections.abc import AsyncIterator

import httpx
import pytest

from studymaster.features.accounts.api import forms
from tests.features.accounts.api.programs import (
    BROWSER,
    GUESS,
    LOCAL,
    LOGIN,
    REGISTER,
    program_at,
)


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
        monkeypatch.setattr(forms, "CLIENT_TRIES_A_MINUTE", 2)
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
