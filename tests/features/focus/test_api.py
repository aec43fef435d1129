import asyncio
from uuid import uuid4

import httpx
import pytest

from studymaster.adapters import clock
from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from tests.features.focus.desk import after, finished
from tests.features.library.shelf import make_course


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1")


async def started(client: httpx.AsyncClient, **body) -> dict:
    answer = await client.post("/focus/sessions", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_session_is_started_and_described(student) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        session = await started(
            client,
            duration_minutes=50,
            rounds=2,
            break_minutes=10,
            course_id=course.moodle_id,
            task="Problem set 6",
            sounds={"waves": 20, "rain": 60},
        )
        again = (await client.get(f"/focus/sessions/{session['id']}")).json()
    assert session == again
    assert session["user_id"] == str(student.account_id)
    assert (session["duration_minutes"], session["course_id"]) == (50, course.moodle_id)
    assert (session["started_at"], session["completed"]) == ("2030-01-16T12:00:00Z", False)
    assert session["ends_at"] == "2030-01-16T13:50:00Z"
    assert session["ambient_sound"] == "Rain, Waves"


async def test_it_is_paused_resumed_and_finished(student, monkeypatch) -> None:
    async with client_of(student) as client:
        address = f"/focus/sessions/{(await started(client))['id']}"
        states = []
        for minutes, step in ((10, "pause"), (60, "resume"), (65, "finish")):
            monkeypatch.setattr(clock, "now", lambda minutes=minutes: after(minutes))
            answer = await client.post(f"{address}/{step}")
            states.append((answer.status_code, answer.json()["state"]))
        ended = (await client.get(address)).json()
    assert states == [(200, "paused"), (200, "running"), (200, "finished")]
    assert (ended["focused_seconds"], ended["points"]) == (900, 3)
    assert ended["completed"]


async def test_what_ends_within_a_minute_is_not_completed(student, monkeypatch) -> None:
    async with client_of(student) as client:
        address = f"/focus/sessions/{(await started(client))['id']}"
        monkeypatch.setattr(clock, "now", lambda: after(seconds=3))
        ended = (await client.post(f"{address}/finish")).json()
        stats = (await client.get("/focus/stats")).json()
    assert (ended["state"], ended["completed"]) == ("finished", False)
    assert (ended["focused_seconds"], ended["points"]) == (0, 0)
    assert stats["today"] == {"minutes": 0, "sessions": 0, "points": 0}


async def test_it_ends_by_itself_at_any_look(student, monkeypatch) -> None:
    async with client_of(student) as client:
        await started(client, duration_minutes=15)
        monkeypatch.setattr(clock, "now", lambda: after(20))
        (ended,) = (await client.get("/focus/sessions")).json()["items"]
        stats = (await client.get("/focus/stats")).json()
    assert (ended["completed"], ended["ended_at"]) == (True, "2030-01-16T12:15:00Z")
    assert stats["today"] == {"minutes": 15, "sessions": 1, "points": 3}
    assert len(stats["by_day"]["bars"]) == 14


async def test_sessions_are_listed_in_stretches(student) -> None:
    for minutes in (10, 20, 30):
        await finished(student, minutes=minutes, at=after(minutes))
    async with client_of(student) as client:
        first = (await client.get("/focus/sessions", params={"limit": 2})).json()
        rest = (await client.get("/focus/sessions", params={"offset": 2})).json()
    assert [one["duration_minutes"] for one in first["items"] + rest["items"]] == [
        30,
        20,
        10,
    ]
    assert (first["next_offset"], rest["next_offset"]) == (2, None)


async def test_two_starts_at_once_make_one_session(student) -> None:
    async with client_of(student) as client:
        answers = await asyncio.gather(
            *[client.post("/focus/sessions", json={}) for _ in range(2)]
        )
        listed = (await client.get("/focus/sessions")).json()["items"]
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(listed) == 1


async def test_an_abandoned_session_stays_so(student) -> None:
    async with client_of(student) as client:
        address = f"/focus/sessions/{(await started(client))['id']}"
        gone = (await client.post(f"{address}/abandon")).json()
        refused = await client.post(f"{address}/finish")
    assert (gone["state"], gone["completed"]) == ("abandoned", False)
    assert refused.status_code == 409
    assert refused.json()["detail"] == "That focus session is over. Start a new one."


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"duration_minutes": 0}, 422),
        ({"duration_minutes": 181}, 422),
        ({"duration_minutes": 10**30}, 422),
        ({"duration_minutes": "long"}, 422),
        ({"break_minutes": 61}, 422),
        ({"rounds": 13}, 422),
        ({"task": "x" * 201}, 422),
        ({"sounds": {"drums": 5}}, 422),
        ({"sounds": {"rain": 101}}, 422),
        ({"course_id": 4}, 404),
        ({"course_id": -1}, 404),
        ({"course_id": 2**70}, 404),
        ({"task": "<script>\x00"}, 201),
    ],
)
async def test_what_cannot_be_used_is_refused(student, body: dict, status: int) -> None:
    async with client_of(student) as client:
        answer = await client.post("/focus/sessions", json=body)
    assert answer.status_code == status, answer.text
    if status == 201:
        assert answer.json()["task"] == "<script>"


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": -1}])
async def test_impossible_stretches_are_refused(student, query: dict) -> None:
    async with client_of(student) as client:
        assert (await client.get("/focus/sessions", params=query)).status_code == 422


async def test_another_students_session_looks_like_not_there(
    student, other_student
) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        session = await started(client)
    async with client_of(other_student) as client:
        for session_id in (session["id"], uuid4(), "nonsense"):
            address = f"/focus/sessions/{session_id}"
            steps = [
                f"{address}/{step}" for step in ("pause", "resume", "finish", "abandon")
            ]
            answers = [
                await client.get(address),
                *[await client.post(one) for one in steps],
            ]
            assert {answer.status_code for answer in answers} == {404}
        foreign = await client.post("/focus/sessions", json={"course_id": course.moodle_id})
        assert foreign.status_code == 404
        assert (await client.get("/focus/sessions")).json()["items"] == []
        assert (await client.get("/focus/stats")).json()["today"]["sessions"] == 0


async def test_starting_over_and_over_is_slowed_down(student) -> None:
    async with client_of(student) as client:
        statuses = [
            (await client.post("/focus/sessions", json={})).status_code for _ in range(11)
        ]
    assert statuses == [201, *[409] * 9, 429]


async def test_a_visitor_gets_nothing(student) -> None:
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://t/api/v1") as client:
        for path in ("/focus/sessions", "/focus/stats", f"/focus/sessions/{uuid4()}"):
            assert (await client.get(path)).status_code == 401
        assert (await client.post("/focus/sessions", json={})).status_code == 401
