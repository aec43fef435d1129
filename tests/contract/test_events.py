"""The events of the contract, between real Socket.IO clients and a real server."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from sqlmodel import select, update

from studymaster import live
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.queue import Job
from studymaster.features.accounts import service as accounts
from studymaster.features.points import service as points
from studymaster.jobs import JobName
from studymaster.models import RunState, SyncRun
from tests.conftest import NOON
from tests.contract.lines import contract
from tests.contract.people import Person, work_off
from tests.factories.moodle import connect
from tests.features.library.shelf import make_course
from tests.test_events import Ear, Place


@pytest.fixture
async def relayed(place: Place) -> AsyncGenerator[Place]:
    """The server, with the news that come over Redis from workers."""
    from studymaster.studymaster import app

    heard = asyncio.Event()
    catch_up = place.events.catch_up

    def subscribed() -> None:
        heard.set()
        catch_up()

    place.events.catch_up = subscribed
    task = asyncio.create_task(live.relay(app, closing={}, ears=[place.events]))
    await asyncio.wait_for(heard.wait(), timeout=10)
    yield place
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def listen(place: Place, person: Person) -> Ear:
    return await place.open(token=person.tokens["access_token"])


@contract("sync:start {courseId} from the client")
async def test_a_client_starts_the_sync_of_a_course(place, mina: Person, sent) -> None:
    course = await make_course(mina.student)
    ear = await listen(place, mina)
    answer = await ear.ask({"courseId": course.moodle_id})
    async with unit_of_work() as work:
        run = (await work.session.exec(select(SyncRun))).one()
    assert (answer, run.course_id) == ({"runId": str(run.id)}, course.id)
    assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]


@contract("sync:progress {progress, status} from the server")
@contract("sync:complete {newItems} from the server")
async def test_a_sync_is_told_as_a_worker_does_it(
    relayed: Place, mina: Person, demo_site: str, sent: list[Job]
) -> None:
    form = {"site": demo_site, "username": "jonas", "password": "campus"}
    assert (await mina.http.post("/auth/moodle", data=form)).status_code == 201
    ear = await listen(relayed, mina)
    run_id = (await ear.ask())["runId"]
    # The first is heard before a worker begins: what is told is the state at that moment.
    first = await ear.next()
    worker = asyncio.create_task(work_off(sent))
    told = [first, *[one async for one in until_complete(ear)]]
    await worker
    progress = [payload for name, payload in told if name == "sync:progress"]
    (complete,) = [payload for name, payload in told if name == "sync:complete"]
    assert {payload["runId"] for _, payload in told} == {run_id}
    assert progress[0]["status"] == "queued"
    shares = [payload["progress"] for payload in progress]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    run = await mina.get(f"/courses/sync/{run_id}")
    assert complete["newItems"] == run["new_count"] > 10
    assert complete["status"] == "done"


@contract("sync:progress {progress, status} from the server")
async def test_a_sync_does_not_look_done_before_its_files_are_known(
    place: Place, mina: Person, sent: list[Job]
) -> None:
    await connect(mina.student)
    ear = await listen(place, mina)
    await ear.ask()
    assert (await ear.next())[1]["progress"] == 0
    async with unit_of_work() as work:
        listed = {"courses_total": 2, "courses_done": 2, "files_total": 0}
        await work.session.exec(update(SyncRun).values(state=RunState.RUNNING, **listed))
    place.events.hear(news_for(mina.student.account_id, Topic.SYNC))
    name, told = await ear.next()
    assert (name, told["status"]) == ("sync:progress", "running")
    assert told["progress"] <= 0.2


async def until_complete(ear: Ear):
    while True:
        name, payload = await ear.next()
        if name.startswith("sync:"):
            yield name, payload
        if name == "sync:complete":
            return


@contract("leaderboard:update {rankings} to everybody")
async def test_points_of_one_student_move_the_leaderboard_of_all(
    relayed: Place, mina: Person, jonas: Person, sent: list[Job]
) -> None:
    ears = [await listen(relayed, person) for person in (mina, jonas)]
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=mina.student.account_id, name="on_leaderboard", on=True
        )
        await points.award(
            work, student=mina.student, amount=7, cause="x", sentence="For x.", now=NOON
        )
    await work_off(sent)
    ranking = {"rank": 1, "name": "Mina", "points": 7}
    for ear in ears:
        assert ranking in (await rankings(ear, until=ranking))


async def rankings(ear: Ear, *, until: dict) -> list[dict]:
    while True:
        name, payload = await ear.next()
        if name == "leaderboard:update" and until in payload["rankings"]:
            return payload["rankings"]
