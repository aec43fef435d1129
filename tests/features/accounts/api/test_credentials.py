"""Changing name, e-mail address and password over HTTP."""

import httpx
import pytest

from tests.api.world import client_of
from tests.features.accounts.test_state import signed_in

ME = "/api/v1/auth/me"
PASSWORD = "correct horse"


@pytest.fixture
async def mina(empty_database):
    _, student = await signed_in("mina")
    async with client_of(student) as client:
        yield client


async def change(client: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await client.patch(ME, json=fields)


async def test_what_is_sent_changes_and_the_rest_stays(mina) -> None:
    answer = await change(mina, display_name="Mina Laine")
    assert answer.status_code == 200
    assert answer.json()["display_name"] == "Mina Laine"
    answer = await change(mina, email="laine@uni.edu", current_password=PASSWORD)
    assert (answer.json()["display_name"], answer.json()["email"]) == (
        "Mina Laine",
        "laine@uni.edu",
    )
    me = (await mina.get(ME)).json()
    assert (me["display_name"], me["email"]) == ("Mina Laine", "laine@uni.edu")


async def test_nothing_sent_changes_nothing(mina) -> None:
    before = (await mina.get(ME)).json()
    assert (await change(mina)).status_code == 200
    assert (await mina.get(ME)).json() == before


async def test_a_new_password_ends_the_sessions_elsewhere(mina) -> None:
    login = {"way": "local", "email": "mina@uni.edu", "password": PASSWORD}
    async with client_of(None) as elsewhere:
        await elsewhere.post("/api/v1/auth/login", json=login)
        assert (await elsewhere.get(ME)).status_code == 200
        fields = {"new_password": "battery staple", "current_password": PASSWORD}
        answer = await change(mina, **fields)
        assert answer.status_code == 200
        assert "battery" not in answer.text
        assert (await elsewhere.get(ME)).status_code == 401
        renewed = await elsewhere.post("/api/v1/auth/login", json=login)
        assert renewed.status_code == 401
    assert (await mina.get(ME)).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"display_name": ""}, 422),
        ({"display_name": "\x00"}, 422),
        ({"display_name": 7}, 422),
        ({"email": "a@b.edu"}, 422),
        ({"email": "a@b.edu", "current_password": "wrong"}, 422),
        ({"email": "nowhere", "current_password": PASSWORD}, 422),
        ({"email": "jonas@uni.edu", "current_password": PASSWORD}, 409),
        ({"new_password": "short", "current_password": PASSWORD}, 422),
        ({"new_password": "battery staple"}, 422),
        (
            {"display_name": "", "email": "a@b.edu", "current_password": PASSWORD},
            422,
        ),
    ],
)
async def test_what_cannot_be_used_changes_nothing_at_all(mina, fields, status) -> None:
    await signed_in("jonas")
    before = (await mina.get(ME)).json()
    answer = await mina.patch(ME, json=fields)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await mina.get(ME)).json() == before


async def test_who_signs_in_with_moodle_has_no_password_here(student) -> None:
    async with client_of(student) as client:
        fields = {"new_password": "battery staple", "current_password": ""}
        answer = await change(client, **fields)
        assert answer.status_code == 422
        assert "Moodle" in answer.json()["detail"]


async def test_guessing_the_password_is_slowed_down(mina) -> None:
    for _ in range(10):
        await change(mina, email="a@b.edu", current_password="a wrong guess")
    answer = await change(mina, email="a@b.edu", current_password=PASSWORD)
    assert answer.status_code == 429


async def test_a_visitor_is_told_to_sign_in(empty_database) -> None:
    async with client_of(None) as client:
        assert (await change(client, display_name="Nobody")).status_code == 401
