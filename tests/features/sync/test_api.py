"""Live Sync over HTTP."""

import asyncio

import httpx
import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.jobs import JobName
from studymaster.models import RunState
from tests.conftest import NOON
from tests.factories.moodle import make_run
from tests.features.sync.past import Past, make_past

SYNC = "/courses/sync"


@pytest.fixture
async def past(student) -> Past:
    return await make_past(student)


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1")


async def test_asking_promises_a_run_that_can_be_looked_at(past, sent) -> None:
    async with client_of(past.student) as client:
        answer = await client.post(SYNC)
        run = answer.json()
        looked = (await client.get(f"{SYNC}/{run['id']}")).json()
        listed = (await client.get(SYNC)).json()
    assert answer.status_code == 202
    assert (run["state"], run["course_id"]) == ("queued", None)
    assert looked == run
    assert listed == {"items": [run], "next_offset": None}
    assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]


async def test_asking_again_gives_the_run_that_is_under_way(past, sent) -> None:
    async with client_of(past.student) as client:
        answers = await asyncio.gather(*(client.post(SYNC) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(sent) == 1


async def test_one_course_can_be_asked_for_by_its_number(past) -> None:
    async with client_of(past.student) as client:
        answer = await client.post(SYNC, json={"course_id": 2})
        other = await client.post(SYNC, json={"course_id": 3})
    assert (answer.status_code, answer.json()["course_id"]) == (202, 2)
    assert (other.status_code, "under way" in other.json()["detail"]) == (409, True)


@pytest.mark.parametrize("number", [4, 0, -1, 2**63, 2**90])
async def test_a_course_that_is_not_there_is_not_found(past, number, sent) -> None:
    async with client_of(past.student) as client:
        answer = await client.post(SYNC, json={"course_id": number})
    assert (answer.status_code, sent) == (404, [])


async def test_another_students_course_and_runs_are_not_there(past, other_student) -> None:
    run = await make_run(past.connection)
    other = await make_past(other_student)
    async with unit_of_work() as work:
        await work.session.delete(await work.session.merge(other.biology))
    async with client_of(other_student) as client:
        assert (await client.post(SYNC, json={"course_id": 2})).status_code == 404
        assert (await client.get(f"{SYNC}/{run.id}")).status_code == 404
        assert (await client.get(f"{SYNC}/no-id")).status_code == 404
        assert (await client.get(SYNC)).json()["items"] == []


async def test_without_a_moodle_or_with_the_course_off_nothing_can_be_asked(
    past, other_student
) -> None:
    async with unit_of_work() as work:
        await courses.switch_sync(
            work,
            account_id=past.student.account_id,
            course_id=past.biology.id,
            on=False,
            now=NOON,
        )
    async with client_of(past.student) as client:
        off = await client.post(SYNC, json={"course_id": 2})
    async with client_of(other_student) as client:
        nowhere = await client.post(SYNC)
    assert (off.status_code, "switched off" in off.json()["detail"]) == (409, True)
    assert (nowhere.status_code, "Connect" in nowhere.json()["detail"]) == (409, True)


async def test_a_wish_that_makes_no_sense_is_refused(past) -> None:
    async with client_of(past.student) as client:
        for body in ({"course_id": "biology"}, {"course_id": 1.5}, [], "all"):
            assert (await client.post(SYNC, json=body)).status_code == 422
        endless = '{"course_id": ' + "9" * 5_000 + "}"
        answer = await client.post(
            SYNC, content=endless, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code in {400, 422}


async def test_the_list_of_runs_comes_in_stretches(past) -> None:
    for minutes in (10, 20, 30):
        await make_run(past.connection, minutes_ago=minutes, new_count=minutes)
    await make_run(past.connection, state=RunState.RUNNING, course=past.biology)
    async with client_of(past.student) as client:
        first = (await client.get(SYNC, params={"limit": 2})).json()
        rest = (await client.get(SYNC, params={"limit": 2, "offset": 2})).json()
    assert [run["course_id"] for run in first["items"]] == [2, None]
    assert first["next_offset"] == 2
    assert [run["new_count"] for run in rest["items"]] == [20, 30]
    assert rest["next_offset"] is None


async def test_nobody_can_ask_without_end(past) -> None:
    async with client_of(past.student) as client:
        codes = [(await client.post(SYNC)).status_code for _ in range(11)]
    assert codes == [202] * 10 + [429]


async def test_a_run_that_waits_is_stopped_and_comes_back_so(past) -> None:
    async with client_of(past.student) as client:
        run = (await client.post(SYNC)).json()
        answer = await client.delete(f"{SYNC}/{run['id']}")
        again = await client.delete(f"{SYNC}/{run['id']}")
    stopped = answer.json()
    assert (answer.status_code, stopped["id"], stopped["state"]) == (
        200,
        run["id"],
        "failed",
    )
    assert stopped["failure"] == "You stopped this sync. What had arrived is kept."
    assert stopped["cancelled_at"]
    assert (again.status_code, "over already" in again.json()["detail"]) == (409, True)


async def test_a_run_that_goes_on_is_told_to_stop(past) -> None:
    run = await make_run(past.connection, state=RunState.RUNNING)
    async with client_of(past.student) as client:
        answers = await asyncio.gather(
            *(client.delete(f"{SYNC}/{run.id}") for _ in range(3))
        )
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["state"] for answer in answers} == {"running"}
    assert len({answer.json()["cancelled_at"] for answer in answers}) == 1


async def test_nobody_stops_or_disconnects_what_is_anothers(past, other_student) -> None:
    run = await make_run(past.connection, state=RunState.QUEUED)
    async with client_of(other_student) as client:
        for path in (
            f"{SYNC}/{run.id}",
            f"{SYNC}/no-id",
            f"{SYNC}/connections/{past.connection.id}",
            f"{SYNC}/connections/no-id",
        ):
            assert (await client.delete(path)).status_code == 404, path


async def test_a_moodle_is_disconnected_and_asked_no_more(past) -> None:
    async with client_of(past.student) as client:
        gone = await client.delete(f"{SYNC}/connections/{past.connection.id}")
        asked = await client.post(SYNC)
    assert (gone.status_code, asked.status_code) == (204, 409)
