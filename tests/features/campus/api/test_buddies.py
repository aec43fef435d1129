from uuid import uuid4

import pytest

from tests.conftest import make_student
from tests.features.campus.calls import client_of
from tests.features.campus.mates import open_up


@pytest.fixture
async def pair(pair):
    await open_up(*pair)
    return pair


async def test_two_students_become_buddies(pair) -> None:
    mina, jonas = pair
    async with client_of(mina) as client:
        (found,) = (await client.get("/buddies/suggestions")).json()["items"]
        assert found == {
            "account_id": str(jonas.account_id),
            "name": "Jonas Keller",
            "shared": ["BIO 101"],
        }
        asked = await client.post("/buddies", json={"account_id": found["account_id"]})
        assert (asked.status_code, asked.json()["standing"]) == (201, "outgoing")
        again = await client.post("/buddies", json={"account_id": found["account_id"]})
        assert again.status_code == 409
    async with client_of(jonas) as client:
        waiting = await client.get("/buddies", params={"state": "incoming"})
        (request,) = waiting.json()["items"]
        accepted = await client.post(f"/buddies/{request['id']}/accept")
        assert (accepted.status_code, accepted.json()["standing"]) == (200, "buddy")
        listed = (await client.get("/buddies")).json()
        assert ([one["name"] for one in listed["items"]], listed["next_offset"]) == (
            ["Mina Aalto"],
            None,
        )
        assert (await client.delete(f"/buddies/{request['id']}")).status_code == 204
        assert (await client.delete(f"/buddies/{request['id']}")).status_code == 404


async def test_a_block_over_http(pair) -> None:
    mina, jonas = pair
    body = {"account_id": str(jonas.account_id)}
    async with client_of(mina) as client:
        for _ in range(2):
            assert (await client.post("/blocks", json=body)).status_code == 204
        (blocked,) = (await client.get("/blocks")).json()["items"]
        assert blocked == {"account_id": str(jonas.account_id), "name": "Jonas Keller"}
        assert (await client.post("/buddies", json=body)).status_code == 404
        assert (await client.delete(f"/blocks/{jonas.account_id}")).status_code == 204
        assert (await client.delete(f"/blocks/{jonas.account_id}")).status_code == 404


async def test_what_is_not_ones_own_looks_like_not_there(pair) -> None:
    mina, jonas = pair
    stranger = await make_student("Ada")
    async with client_of(mina) as client:
        body = {"account_id": str(jonas.account_id)}
        link = (await client.post("/buddies", json=body)).json()["id"]
    async with client_of(stranger) as client:
        for wrong in (link, str(uuid4()), "nonsense"):
            assert (await client.post(f"/buddies/{wrong}/accept")).status_code == 404
            assert (await client.delete(f"/buddies/{wrong}")).status_code == 404
            body = {"account_id": wrong}
            assert (await client.post("/blocks", json=body)).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"account_id": 7}, {"account_id": "x", "note": None}, []]
)
async def test_a_body_that_cannot_be_is_refused(pair, body) -> None:
    async with client_of(pair[0]) as client:
        assert (await client.post("/buddies", json=body)).status_code == 422


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"state": "friend"}]
)
async def test_a_stretch_that_cannot_be_is_refused(student, params) -> None:
    async with client_of(student) as client:
        assert (await client.get("/buddies", params=params)).status_code == 422
