"""The inbox over HTTP."""

import httpx
import pytest

from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
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
