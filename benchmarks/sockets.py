"""Websockets: a hundred browser tabs on a web server with two processes and Redis.

Each tab speaks the wire format of Reflex over a websocket of its own and belongs to a
student of its own. All tabs live in this one process, beside the server, on the same cores.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from time import perf_counter
from uuid import uuid4

import reflex as rx
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from reflex.constants import Reflex
from sqlalchemy import text

from benchmarks import filling
from benchmarks.filling import Known, Pen
from benchmarks.measure import MS, Timing, timing
from benchmarks.report import Report
from benchmarks.scene import Scene
from benchmarks.serving import WORKERS, serving
from studymaster.adapters import clock
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.features.accountability.state import OverviewState
from studymaster.features.accountability.state.board import BoardState
from studymaster.features.accountability.state.entries import LedgerState
from studymaster.features.accountability.state.pledges import PledgesState
from studymaster.features.campus.state.groups import GroupsState
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.state import ReviewState
from studymaster.features.points import service as points

CLIENTS = 100
TITLE = f"Websocket: {CLIENTS} tabs, {WORKERS} web processes, Redis"
LIGHT_EACH = 10
CALM_ROUNDS = 4
CALM_SECONDS = 2.0
GRADES_EACH = 5
NEWS = 8
AHEAD = 1_000
PATIENCE_SECONDS = 120.0

SPACE = "/_event"
MESSAGE = f"42{SPACE},"
ASKED = '"events":[{'


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and the states that have loaded once it shows what it has to show."""

    path: str
    states: tuple[type[rx.State], ...]


REVIEWING = Page("/smart-study/review", (ReviewState,))
WATCHING = Page("/accountability", (OverviewState, BoardState, PledgesState, LedgerState))


@dataclass(slots=True)
class Wait:
    """Something a tab waits for: words that a message has to hold."""

    words: Sequence[str]
    came: asyncio.Future[float]


@dataclass(slots=True)
class Client:
    """An open tab: sends events, carries out the ones the server asks it to send."""

    known: Known
    socket: ClientWebSocketResponse
    page: Page
    is_making: bool = False
    waits: list[Wait] = field(default_factory=list[Wait])

    async def listen(self) -> None:
        """Take in messages until the connection ends."""
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            if message.data == "2":
                await self.socket.send_str("3")
            elif message.data.startswith(MESSAGE):
                await self._take_in(message.data)

    async def _take_in(self, data: str) -> None:
        now = perf_counter()
        for wait in [one for one in self.waits if all(map(data.__contains__, one.words))]:
            self.waits.remove(wait)
            wait.came.set_result(now)
        if ASKED in data:
            _name, update = json.loads(data[len(MESSAGE) :])
            for event in update["events"]:
                if not event["name"].startswith("_"):
                    await self.send(event["name"], event.get("payload") or {})

    def expect(self, *words: str) -> Awaitable[float]:
        """Return when (`perf_counter`) the first message comes that holds all the words."""
        came = asyncio.get_running_loop().create_future()
        self.waits.append(Wait(words, came))
        return asyncio.wait_for(came, PATIENCE_SECONDS)

    async def send(self, name: str, payload: Mapping[str, object]) -> None:
        """Send an event as the browser's part of Reflex does."""
        body = json.dumps(["event", _event(name, payload, path=self.page.path)])
        await self.socket.send_str(f"{MESSAGE}{body}")

    async def ask(self, name: str, payload: Mapping[str, object], *words: str) -> float:
        """Send an event; return how long (ms) its answer takes, known by its words."""
        began, came = perf_counter(), self.expect(*words)
        await self.send(name, payload)
        return (await came - began) * MS


Step = Callable[[Client, int], Awaitable[float]]


def _event(name: str, payload: Mapping[str, object], *, path: str) -> dict[str, object]:
    where = {"pathname": path, "asPath": path}
    return {"name": name, "payload": payload, "router_data": where}


def _name(kind: type[rx.State], handler: str) -> str:
    """Return the full name of an event."""
    return f"{kind.get_full_name()}.{handler}"


def _is(name: str, *, value: object) -> str:
    """Return how a message says that a var has a value."""
    return f'"{name}_rx_state_":{json.dumps(value)}'


async def measure(scene: Scene, now: datetime) -> Report:
    """Measure opening the tabs, a light event, an answer to a card, and news for all."""
    report = Report(TITLE)
    students = _fill(scene, now)
    with serving(scene) as address:
        async with _opened(address, students, REVIEWING) as (clients, opening):
            report.add("open the review page, all at once", opening.figures())
            for name, timed in (
                ("light event, one a tab in 2 s", _calm(clients)),
                ("light event, all at once", _rush(clients, _light, LIGHT_EACH)),
                ("answer a card, all at once", _rush(clients, _grade, GRADES_EACH)),
            ):
                report.add(name, (await timed).figures())
        async with _opened(address, students, WATCHING) as (clients, opening):
            report.add("open the accountability page, all at once", opening.figures())
            heard, shown = await _news(scene, clients)
            report.add("leaderboard moves, until a tab hears of it", _latency(heard))
            report.add("leaderboard moves, until a tab shows it", _latency(shown))
    report.remark("An answer brings its own tab news, for which it asks three times more.")
    await get_engine().dispose()
    return report


def _fill(scene: Scene, now: datetime) -> list[Known]:
    """Put as many students as tabs into the database, each with cards that are due."""
    students = filling.fill_peers(scene, now=now, count=CLIENTS, entries=30)
    pen = Pen(Random(2), now)  # noqa: S311 - sample data, no secrets
    piles = [
        filling.add_pile(pen, one.student.account_id, count=GRADES_EACH) for one in students
    ]
    pen.write(scene.engine)
    _refresh(scene)
    scene.look_over()
    return [
        replace(one, cards=tuple(pile)) for one, pile in zip(students, piles, strict=True)
    ]


@asynccontextmanager
async def _opened(
    address: str, students: Sequence[Known], page: Page
) -> AsyncGenerator[tuple[list[Client], Timing]]:
    """Open a tab for each student at once; gives them and how long each took to show."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession(address))
        began = perf_counter()
        everybody = [_open(stack, session, student, page) for student in students]
        opened = await asyncio.gather(*everybody)
        seconds = perf_counter() - began
        clients = [client for client, _ in opened]
        yield clients, timing([ms for _, ms in opened], seconds=seconds)


async def _open(
    stack: AsyncExitStack, session: ClientSession, known: Known, page: Page
) -> tuple[Client, float]:
    began = perf_counter()
    socket = await session.ws_connect(
        f"{SPACE}/?EIO=4&transport=websocket&token={uuid4()}",
        protocols=(Reflex.VERSION,),
        headers={"Cookie": known.cookie},
        max_msg_size=0,
    )
    stack.push_async_callback(socket.close)
    client = Client(known, socket, page)
    listening = asyncio.create_task(client.listen())
    stack.callback(listening.cancel)
    loaded = _is("loaded", value=True)
    waits = [client.expect(kind.get_full_name(), loaded) for kind in page.states]
    boot = _event(_name(rx.State, "hydrate_and_load"), {}, path=page.path)
    await socket.send_str(f"40{SPACE},{json.dumps({'event': boot})}")
    shown = max(await asyncio.gather(*waits))
    return client, (shown - began) * MS


async def _light(client: Client, _number: int) -> float:
    """Open or close the window for a new group: it asks who is there, and no more."""
    client.is_making = not client.is_making
    payload = {"is_open": client.is_making}
    words = _is("making", value=client.is_making)
    return await client.ask(_name(GroupsState, "make"), payload, words)


async def _grade(client: Client, number: int) -> float:
    card = client.known.cards[number]
    payload = {
        "card_id": str(card),
        "turn": 0,
        "grade": int(Grade.EASY),
        "elapsed_ms": 6_000,
        "answer_id": str(uuid4()),
    }
    return await client.ask(_name(ReviewState, "grade"), payload, f"{card}:0")


async def _rush(clients: Sequence[Client], step: Step, each: int) -> Timing:
    """Have every tab send one event after the other, as fast as they are answered."""

    async def hurry(client: Client) -> list[float]:
        return [await step(client, number) for number in range(each)]

    began = perf_counter()
    taken = await asyncio.gather(*map(hurry, clients))
    seconds = perf_counter() - began
    return timing([ms for one in taken for ms in one], seconds=seconds)


async def _calm(clients: Sequence[Client]) -> Timing:
    """Have every tab send an event in two seconds, evenly spread, a few times."""

    async def stroll(client: Client, place: int) -> list[float]:
        taken: list[float] = []
        for number in range(CALM_ROUNDS):
            due = began + (number + place / len(clients)) * CALM_SECONDS
            await asyncio.sleep(due - perf_counter())
            taken.append(await _light(client, number))
        return taken

    began = perf_counter()
    everybody = [stroll(client, place) for place, client in enumerate(clients)]
    taken = await asyncio.gather(*everybody)
    seconds = perf_counter() - began
    return timing([ms for one in taken for ms in one], seconds=seconds)


async def _news(scene: Scene, clients: Sequence[Client]) -> tuple[Timing, Timing]:
    """Move the leaderboard; time until each tab hears of it, and until it shows it."""
    heard: list[float] = []
    shown: list[float] = []
    for number in range(NEWS):
        best = f'"points":{await _move_board(scene, clients[0].known, number)},'
        waits = [
            [client.expect(ASKED, _name(BoardState, "refresh")) for client in clients],
            [client.expect(BoardState.get_full_name(), best) for client in clients],
        ]
        began = perf_counter()
        async with unit_of_work() as work:
            points.announce_leaderboard(work)
        for taken, moments in zip((heard, shown), waits, strict=True):
            taken += [(one - began) * MS for one in await asyncio.gather(*moments)]
    return timing(heard), timing(shown)


def _latency(timed: Timing) -> dict[str, float]:
    figures = timed.figures()
    del figures["per second"]  # all tabs at once, one piece of news after the other
    return figures


async def _move_board(scene: Scene, first: Known, number: int) -> int:
    """Put a student further ahead; return the points of the first place."""
    async with unit_of_work() as work:
        await points.award(
            work,
            student=first.student,
            amount=AHEAD,
            cause=f"ahead:{number}",
            sentence="You are far ahead.",
            now=clock.now(),
        )
    return _refresh(scene)


def _refresh(scene: Scene) -> int:
    with scene.engine.begin() as connection:
        connection.execute(text("REFRESH MATERIALIZED VIEW week_leaderboard"))
        best = connection.scalar(text("SELECT max(points) FROM week_leaderboard"))
    return int(best or 0)
