"""The inbox over HTTP."""

import asyncio
from time import time

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlmodel import col, update

from studymaster.adapters import vault
from studymaster.adapters.database import unit_of_work
from studymaster.api import create_api
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from studymaster.features.notifications.service import mailing
from studymaster.models import Account
from tests.conftest import NOBODYS_ID
from tests.features.notifications.telling import inbox, tell


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1")


async def test_it_is_listed_in_stretches(student) -> None:
    for number in range(3):
        await tell(student, f"c:{number}")
    async with client_of(student) as client:
        first = (await client.get("/notifications", params={"limit": 2})).json()
        rest = (await client.get("/notifications", params={"offset": 2})).json()
    assert (len(first["items"]), first["next_offset"]) == (2, 2)
    assert (len(rest["items"]), rest["next_offset"]) == (1, None)


async def test_one_and_then_all_are_read(student) -> None:
    for number in range(2):
        await tell(student, f"c:{number}")
    async with client_of(student) as client:
        (one, _) = (await client.get("/notifications")).json()["items"]
        answer = await client.post(f"/notifications/{one['id']}/read")
        assert answer.json() == one | {"read": True}
        assert (await client.post("/notifications/read-all")).status_code == 204
        items = (await client.get("/notifications")).json()["items"]
    assert [item["read"] for item in items] == [True, True]


@pytest.mark.parametrize("wrong", ["x", "0", "\u2603"])
async def test_nonsense_is_not_there(student, wrong) -> None:
    async with client_of(student) as client:
        assert (await client.post(f"/notifications/{wrong}/read")).status_code == 404


async def test_anothers_is_not_there(student, other_student) -> None:
    await tell(student)
    (item,) = await inbox(student)
    async with client_of(other_student) as client:
        answer = await client.post(f"/notifications/{item.id}/read")
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("window", [{"limit": 0}, {"limit": 101}, {"offset": -1}])
async def test_a_stretch_has_limits(student, window) -> None:
    async with client_of(student) as client:
        assert (await client.get("/notifications", params=window)).status_code == 422


async def test_a_visitor_has_no_inbox(empty_database) -> None:
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        assert (await client.get("/api/v1/notifications")).status_code == 401


OFF = "/notifications/mail/off"


def visitor() -> httpx.AsyncClient:
    """Somebody who is not signed in."""
    transport = httpx.ASGITransport(app=create_api())
    return httpx.AsyncClient(transport=transport, base_url="http://testserver/api/v1")


async def want_mail(student: Student) -> None:
    async with unit_of_work() as work:
        statement = update(Account).where(col(Account.id) == student.account_id)
        await work.session.exec(statement.values(email=f"{student.account_id}@example.edu"))
        await accounts.choose_mail(work, account_id=student.account_id, on=True)


async def wants_mail(student: Student) -> bool:
    async with unit_of_work() as work:
        chosen = await accounts.preferences(work, account_id=student.account_id)
    return chosen.notify_by_email


@pytest.fixture
async def readers(student, other_student, monkeypatch) -> list[Student]:
    """Two students who want mail."""
    monkeypatch.setenv("SMTP_HOST", "localhost")
    get_settings.cache_clear()
    for one in (student, other_student):
        await want_mail(one)
    return [student, other_student]


class TestEndingMail:
    async def test_looking_at_the_link_asks_and_pressing_ends_it(self, readers) -> None:
        mina, jonas = readers
        async with visitor() as client:
            page = await client.get(mailing.link(mina.account_id))
            assert (page.status_code, await wants_mail(mina)) == (200, True)
            assert '<form method="post" action="?token=' in page.text
            done = await client.post(mailing.link(mina.account_id))
        assert "switched off" in done.text
        assert [await wants_mail(one) for one in (mina, jonas)] == [False, True]

    async def test_one_press_in_a_mail_program_is_enough_and_a_second_does_no_harm(
        self, readers
    ) -> None:
        one_click = {"List-Unsubscribe": "One-Click"}
        link = mailing.link(readers[0].account_id)
        async with visitor() as client:
            answers = await asyncio.gather(
                *(client.post(link, data=one_click) for _ in range(3))
            )
        assert [answer.status_code for answer in answers] == [200] * 3
        assert not await wants_mail(readers[0])

    async def test_an_older_link_ends_what_was_switched_on_again(self, readers) -> None:
        link = mailing.link(readers[0].account_id)
        async with visitor() as client:
            await client.post(link)
            await want_mail(readers[0])
            await client.post(link)
        assert not await wants_mail(readers[0])

    @pytest.mark.parametrize(
        "token", ["", "x", "é", "\x00", "<script>", "A" * 5000, "gAAAAAB" + "x" * 100]
    )
    async def test_a_link_that_is_not_ours_ends_nothing_and_says_what_to_do(
        self, readers, token: str
    ) -> None:
        async with visitor() as client:
            for ask in (client.get, client.post):
                answer = await ask(OFF, params={"token": token})
                assert answer.status_code == 404
                assert "This link does not work any more" in answer.text
                assert "<script" not in answer.text
        assert all([await wants_mail(one) for one in readers])

    async def test_what_we_sealed_for_something_else_is_no_link(self, readers) -> None:
        others = vault.seal(str(readers[0].account_id))
        async with visitor() as client:
            assert (await client.post(OFF, params={"token": others})).status_code == 404
        assert await wants_mail(readers[0])

    async def test_a_link_holds_for_a_year_and_not_for_ever(self, readers) -> None:
        key = Fernet(get_settings().fernet_keys[0].get_secret_value())
        note = f"{mailing.LINK_USE}{readers[0].account_id}".encode()
        answers = []
        async with visitor() as client:
            for days in (402, 366):
                then = int(time()) - days * 86_400
                token = key.encrypt_at_time(note, then).decode()
                answers.append(await client.post(OFF, params={"token": token}))
        assert [answer.status_code for answer in answers] == [404, 200]

    async def test_whoever_is_gone_gets_no_mail_either(self, empty_database) -> None:
        async with visitor() as client:
            answer = await client.post(mailing.link(NOBODYS_ID))
        assert answer.status_code == 200
