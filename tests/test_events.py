"""Events over a real Socket.IO connection: who may listen, what is asked for, what is heard."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
import socketio
from granian.constants import Interfaces
from granian.server.embed import Server
from socketio.exceptions import ConnectionError as RefusedError
from sqlmodel import update

from operate.embedded import free_port
from studymaster.adapters.bus import News, Topic, news_for
from studymaster.adapters.database import unit_of_work
from studymaster.events import NAMESPACE, Events
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import SessionTokens, Student
from studymaster.models import Account, RunState, SyncRun
from tests.conftest import NOON
from tests.factories.moodle import connect

OURS = "http://testserver"
HEARD = ("sync:progress", "sync:complete", "leaderboard:update")


@dataclass
class Place:
    """A server with its events, and the programs that talk to it."""

    events: Events
    address: str
    programs: list[socketio.AsyncClient] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    async def open(self, *, token: str = "", cookie: str = "", origin: str = "") -> "Ear":
        """Connect as a program with a token, or as a browser with a cookie."""
        client = socketio.AsyncClient(reconnection=False)
        self.programs.append(client)
        ear = Ear(client)
        for name in HEARD:
            client.on(name, ear.listen(name), namespace=NAMESPACE)
        client.on("disconnect", ear.end, namespace=NAMESPACE)
        client.on("connect_error", self.refuse, namespace=NAMESPACE)
        headers = {"Cookie": cookie, "Origin": origin}
        await client.connect(
            self.address,
            headers={name: value for name, value in headers.items() if value},
            auth={"token": token} if token else None,
            socketio_path="/_event",
            namespaces=[NAMESPACE],
            transports=["websocket"],
            wait_timeout=10,
        )
        return ear

    async def refuse(self, reason: dict | str) -> None:
        """Note why a program may not listen; without a connection nobody says why."""
        self.refusals.append(reason["message"] if isinstance(reason, dict) else "")


@dataclass
class Ear:
    """A connected program, and what it has heard so far."""

    client: socketio.AsyncClient
    heard: asyncio.Queue[tuple[str, dict]] = field(default_factory=asyncio.Queue)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def listen(self, name: str):
        async def hear(payload: dict) -> None:
            await self.heard.put((name, payload))

        return hear

    async def end(self, *_: object) -> None:
        self.ended.set()

    async def next(self) -> tuple[str, dict]:
        return await asyncio.wait_for(self.heard.get(), timeout=10)

    async def ask(self, wish: object = None) -> dict:
        return await self.client.call("sync:start", wish, namespace=NAMESPACE, timeout=10)


@dataclass
class Door:
    """Lets connections through to the server, and knows which have not ended yet."""

    app: socketio.ASGIApp
    open: set[asyncio.Future[None]] = field(default_factory=set)

    async def __call__(self, scope, receive, send) -> None:
        end = asyncio.get_running_loop().create_future()
        self.open.add(end)
        try:
            await self.app(scope, receive, send)
        finally:
            self.open.discard(end)
            end.set_result(None)

    async def wait_closed(self) -> None:
        """Wait for the last one: one that outlives its server can never be ended."""
        async with asyncio.timeout(10):
            await asyncio.gather(*self.open)


@pytest.fixture
async def place(empty_database) -> AsyncGenerator[Place]:
    sio = socketio.AsyncServer(
        async_mode="asgi",
        cors_allowed_origins=[OURS],
        transports=["websocket"],
        async_handlers=False,
    )
    events, port = Events(sio), free_port()
    door = Door(socketio.ASGIApp(sio, socketio_path="/_event"))
    server = Server(
        door,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        log_enabled=False,
    )
    tasks = [asyncio.create_task(server.serve()), asyncio.create_task(events.relay())]
    await _until_open(port)
    place = Place(events, f"http://127.0.0.1:{port}")
    yield place
    await asyncio.wait_for(_hang_up(place.programs), timeout=10)
    await door.wait_closed()
    server.stop()
    tasks[1].cancel()
    _, left = await asyncio.wait(tasks, timeout=10)
    assert not left


async def _hang_up(programs: list[socketio.AsyncClient]) -> None:
    for program in programs:
        if program.connected:
            await program.disconnect()
        elif program.eio.http is not None:
            await program.eio.http.close()


async def _until_open(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0)
            else:
                writer.close()
                return


async def sign_in(student: Student) -> SessionTokens:
    async with unit_of_work() as work:
        account = await work.session.get_one(Account, student.account_id)
        return await accounts.start_session(
            work, account=account, user_agent="a program", now=NOON
        )


@pytest.fixture
async def tokens(student) -> SessionTokens:
    return await sign_in(student)


@pytest.fixture
async def ear(place, tokens) -> Ear:
    return await place.open(token=tokens.access)


async def set_run(**columns: object) -> None:
    async with unit_of_work() as work:
        await work.session.exec(update(SyncRun).values(**columns))


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "\x00"])
async def test_who_is_not_signed_in_hears_nothing(place, token) -> None:
    with pytest.raises(RefusedError):
        await place.open(token=token)
    assert place.refusals == ["You are signed out. Sign in to go on."]


async def test_a_page_of_another_site_is_refused_whatever_its_cookies(
    place, tokens
) -> None:
    cookie = f"sm_access={tokens.access}"
    with pytest.raises(RefusedError):
        await place.open(cookie=cookie, origin="https://elsewhere.example")
    assert (await place.open(cookie=cookie, origin=OURS)).client.connected


async def test_the_cookie_of_a_session_is_proof_enough(place, tokens) -> None:
    ear = await place.open(cookie=f"sm_access={tokens.access}")
    assert ear.client.connected


async def test_a_refresh_cookie_is_proof_too_as_it_is_for_the_pages(place, tokens) -> None:
    ear = await place.open(cookie=f"sm_refresh={tokens.refresh}")
    assert ear.client.connected


async def test_a_sync_is_promised_and_told_from_beginning_to_end(
    place, student, ear
) -> None:
    await connect(student)
    answer = await ear.ask()
    run = {"runId": answer["runId"], "courseId": None}
    queued = {**run, "status": "queued", "progress": 0.0}
    assert await ear.next() == ("sync:progress", queued)
    await set_run(state=RunState.RUNNING, courses_done=2, courses_total=2, files_total=4)
    place.events.hear(news_for(student.account_id, Topic.SYNC))
    running = {**run, "status": "running", "progress": 0.2}
    assert await ear.next() == ("sync:progress", running)
    await set_run(state=RunState.DONE, new_count=3, changed_count=1, finished_at=NOON)
    place.events.hear(news_for(student.account_id, Topic.SYNC))
    name, told = await ear.next()
    assert (name, told["status"], told["newItems"], told["changedItems"]) == (
        "sync:complete",
        "done",
        3,
        1,
    )


async def test_each_thing_is_told_once_and_what_was_over_before_never(
    place, student, tokens, ear
) -> None:
    await connect(student)
    await ear.ask()
    await ear.next()
    await set_run(state=RunState.FAILED, failure="Moodle said no.", finished_at=NOON)
    for _ in range(2):
        place.events.hear(news_for(student.account_id, Topic.SYNC))
    late = await place.open(token=tokens.access)
    place.events.catch_up()
    assert (await ear.next())[1]["failure"] == "Moodle said no."
    for one in (ear, late):
        assert (await one.next())[0] == "leaderboard:update"
        assert one.heard.empty()


async def test_two_who_ask_at_once_get_the_same_run(place, student, tokens, ear) -> None:
    await connect(student)
    second = await place.open(token=tokens.access)
    first_answer, second_answer = await asyncio.gather(ear.ask(), second.ask())
    assert first_answer == second_answer


async def test_without_a_moodle_the_answer_is_a_problem(ear) -> None:
    problem = (await ear.ask())["problem"]
    assert (problem["status"], problem["type"]) == (409, "ConflictError")
    assert "Moodle" in problem["detail"]


@pytest.mark.parametrize(
    ("course", "status"),
    [("7", 422), (True, 422), ([], 422), (1.5, 422), (7, 404), (2**80, 404), (-1, 404)],
)
async def test_a_course_that_is_none_is_a_problem_with_a_sentence(
    student, ear, course, status
) -> None:
    await connect(student)
    problem = (await ear.ask({"courseId": course}))["problem"]
    assert problem["status"] == status
    assert problem["detail"].endswith(".")


@pytest.mark.parametrize("wish", ["all", 7, [], {"courseId": None}, {"other": "\x00"}])
async def test_any_other_wish_is_a_wish_for_everything(student, ear, wish) -> None:
    await connect(student)
    assert "runId" in await ear.ask(wish)


async def test_the_eleventh_wish_in_a_minute_has_to_wait(student, ear) -> None:
    await connect(student)
    answers = [await ear.ask() for _ in range(11)]
    assert {*answers[0]} == {"runId"}
    assert answers[10]["problem"]["status"] == 429


async def test_nobody_hears_of_anothers_sync(place, student, other_student, ear) -> None:
    theirs = await place.open(token=(await sign_in(other_student)).access)
    await connect(student)
    await ear.ask()
    await ear.next()
    place.events.hear(News(Topic.LEADERBOARD, account_id=""))
    assert (await theirs.next())[0] == "leaderboard:update"


async def test_the_leaderboard_reaches_everybody_who_listens(
    place, other_student, ear
) -> None:
    theirs = await place.open(token=(await sign_in(other_student)).access)
    place.events.hear(News(Topic.LEADERBOARD, account_id=""))
    for one in (ear, theirs):
        name, board = await one.next()
        assert name == "leaderboard:update"
        assert board == {"week": "2030-01-14", "rankings": []}


async def test_a_session_that_is_ended_ends_its_sockets(place, student, tokens) -> None:
    ear = await place.open(token=tokens.access)
    other_device = await place.open(token=(await sign_in(student)).access)
    async with unit_of_work() as work:
        found = await accounts.student_of_tokens(
            work, access_token=tokens.access, refresh_token="", now=NOON
        )
        await accounts.end_session(
            work, account_id=found.account_id, session_id=found.session_id, now=NOON
        )
    ended = news_for(student.account_id, Topic.SESSION_ENDED, subject=str(found.session_id))
    place.events.hear(ended)
    await asyncio.wait_for(ear.ended.wait(), timeout=10)
    assert other_device.client.connected


async def test_a_session_whose_end_went_unheard_gets_no_further(
    place, student, tokens, ear
) -> None:
    async with unit_of_work() as work:
        found = await accounts.student_of_tokens(
            work, access_token=tokens.access, refresh_token="", now=NOON
        )
        await accounts.end_session(
            work, account_id=found.account_id, session_id=found.session_id, now=NOON
        )
    assert (await ear.ask())["problem"]["status"] == 401
    await asyncio.wait_for(ear.ended.wait(), timeout=10)


async def test_news_of_somebody_who_does_not_listen_trouble_nobody(
    place, student, ear
) -> None:
    await connect(student)
    place.events.hear(news_for(uuid4(), Topic.SYNC))
    place.events.hear(News(Topic.SYNC, account_id="nobody"))
    assert "runId" in await ear.ask()
    assert (await ear.next())[0] == "sync:progress"
