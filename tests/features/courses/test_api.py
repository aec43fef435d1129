"""Courses over HTTP, by the numbers that Moodle gives them."""

import httpx
import pytest

from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service
from tests.conftest import NOON
from tests.factories.moodle import connect, make_run
from tests.features.courses.test_service import BIOLOGY, CHEMISTRY, keep


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1")


async def test_a_course_has_every_field_that_was_promised(student) -> None:
    connection = await connect(student)
    await keep(connection, BIOLOGY)
    await make_run(connection)
    async with client_of(student) as client:
        answer = await client.get("/courses/2")
    assert answer.json() == {
        "id": 2,
        "user_id": str(student.account_id),
        "fullname": "Biology",
        "shortname": "BIO 110",
        "last_synced": NOON.isoformat().replace("+00:00", "Z"),
        "sync_enabled": True,
        "listed": True,
        "line": 0,
        "site_url": "https://moodle.uni.edu",
    }


async def test_the_list_comes_in_stretches(student) -> None:
    await keep(await connect(student), CHEMISTRY, BIOLOGY)
    async with client_of(student) as client:
        first = (await client.get("/courses", params={"limit": 1})).json()
        second = (await client.get("/courses", params={"limit": 1, "offset": 1})).json()
        refused = await client.get("/courses", params={"limit": 101})
    assert ([one["id"] for one in first["items"]], first["next_offset"]) == ([2], 1)
    assert ([one["id"] for one in second["items"]], second["next_offset"]) == ([3], None)
    assert refused.status_code == 422


async def test_the_list_is_kept_and_never_wrong_after_a_write(student) -> None:
    connection = await connect(student)
    async with client_of(student) as client:
        assert (await client.get("/courses")).json()["items"] == []
        await keep(connection, BIOLOGY)
        (course,) = (await client.get("/courses")).json()["items"]
        assert course["sync_enabled"]
        changed = await client.patch("/courses/2", json={"sync_enabled": False})
        assert changed.json()["sync_enabled"] is False
        (course,) = (await client.get("/courses")).json()["items"]
        assert course["sync_enabled"] is False


async def test_the_list_is_asked_of_the_database_once(student, monkeypatch) -> None:
    await keep(await connect(student), BIOLOGY)
    read, asked = service.stretch_of_courses, []

    async def count(work, **wish):
        asked.append(wish)
        return await read(work, **wish)

    monkeypatch.setattr(service, "stretch_of_courses", count)
    async with client_of(student) as client:
        answers = [(await client.get("/courses")).json() for _ in range(3)]
    assert len(asked) == 1
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("number", ["3", "0", str(2**63), str(2**80)])
async def test_a_course_that_is_not_there_is_not_found(student, number) -> None:
    await keep(await connect(student), BIOLOGY)
    async with client_of(student) as client:
        for answer in (
            await client.get(f"/courses/{number}"),
            await client.patch(f"/courses/{number}", json={"sync_enabled": True}),
        ):
            assert answer.status_code == 404
            assert answer.json()["detail"].endswith(".")


async def test_another_students_course_is_not_there(student, other_student) -> None:
    await keep(await connect(student), BIOLOGY)
    async with client_of(other_student) as client:
        assert (await client.get("/courses/2")).status_code == 404
        refused = await client.patch("/courses/2", json={"sync_enabled": False})
        assert (await client.get("/courses")).json()["items"] == []
    assert refused.status_code == 404
    async with client_of(student) as client:
        assert (await client.get("/courses/2")).json()["sync_enabled"] is True


@pytest.mark.parametrize(
    "body", [{}, {"sync_enabled": None}, {"sync_enabled": "maybe"}, []]
)
async def test_a_switch_without_a_position_is_refused(student, body) -> None:
    await keep(await connect(student), BIOLOGY)
    async with client_of(student) as client:
        assert (await client.patch("/courses/2", json=body)).status_code == 422


async def test_of_two_sites_with_one_number_the_named_one_is_meant(student) -> None:
    await keep(await connect(student), BIOLOGY)
    second = await connect(student, site_url="https://other.edu")
    await keep(second, CHEMISTRY, BIOLOGY)
    async with client_of(student) as client:
        first = (await client.get("/courses/2")).json()
        other = (
            await client.get("/courses/2", params={"site": "https://other.edu"})
        ).json()
        nowhere = await client.get("/courses/2", params={"site": "https://nowhere.edu"})
        broken = await client.get("/courses/2", params={"site": "\x00"})
    assert first["site_url"] == "https://moodle.uni.edu"
    assert other["site_url"] == "https://other.edu"
    assert (nowhere.status_code, broken.status_code) == (404, 404)


@pytest.mark.parametrize("number", ["biology", "1.5", "9" * 5_000, "%00"])
async def test_what_is_no_number_is_refused(student, number) -> None:
    async with client_of(student) as client:
        for answer in (
            await client.get(f"/courses/{number}"),
            await client.get(f"/courses/{number}/materials"),
            await client.patch(f"/courses/{number}", json={"sync_enabled": True}),
        ):
            assert answer.status_code == 422
