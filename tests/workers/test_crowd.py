"""Forty students of one university at once: their Moodle sees a queue, not an attack."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from demo.app import create_app
from demo.term import Size, open_term
from studymaster.adapters import clock
from studymaster.adapters.clock import now as real_now
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.models import FetchState, Material, RunState, SyncRun
from tests.adapters.moodle.porter import is_open
from tests.conftest import make_student
from tests.demo.serving import serving
from tests.faults.workers import nursery

STUDENTS = 40
PROCESSES = 4
LIMIT = 6
SIZE = Size(courses=1, files=4, students=STUDENTS, heavy=False)
PAUSE_S = 1
ROUNDS = 3


@dataclass
class Doorkeeper:
    """Counts who is inside at the same time, and sends some away for a moment."""

    app: object
    every: int = 0
    arrived: int = 0
    inside: int = 0
    most: int = 0
    answered: Counter[int] = field(default_factory=Counter[int])
    guard: threading.Lock = field(default_factory=threading.Lock)

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        with self.guard:
            self.arrived += 1
            is_unlucky = bool(self.every) and self.arrived % self.every == 0
            self.inside += 1
            self.most = max(self.most, self.inside)
        left = False

        def leave() -> None:
            nonlocal left
            with self.guard:
                self.inside -= not left
            left = True

        async def see_out(message) -> None:
            if message["type"] == "http.response.start":
                self.answered[message["status"]] += 1
            elif not message.get("more_body"):
                # Before the last bytes go: whoever has them may ask again at once.
                leave()
            await send(message)

        try:
            if is_unlucky:
                return await self._send_away(see_out)
            return await self.app(scope, receive, see_out)
        finally:
            leave()

    async def _send_away(self, send) -> None:
        head = [(b"retry-after", str(PAUSE_S).encode()), (b"content-length", b"0")]
        status = HTTPStatus.TOO_MANY_REQUESTS
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": b""})


class Porch:
    """Every connection to a site goes through here, and is counted as long as it is open."""

    def __init__(self, site: str) -> None:
        self._site = site.removeprefix("http://").split(":")
        self._callers: set[asyncio.StreamWriter] = set()
        self.most = self.accepted = 0

    async def receive(self, heard, caller) -> None:
        self._callers.add(caller)
        self.accepted += 1
        opened = sum(is_open(writer.transport) for writer in self._callers)
        self.most = max(self.most, opened)
        answers, site = await asyncio.open_connection(*self._site)
        await asyncio.gather(self._hand_on(heard, site), self._hand_on(answers, caller))
        self._callers.discard(caller)

    async def _hand_on(self, said, to) -> None:
        with suppress(ConnectionError):
            while data := await said.read(65536):
                to.write(data)
                await to.drain()
        to.close()


@contextmanager
def porch_of(site: str) -> Iterator[tuple[Porch, str]]:
    """Let a site be reached through a porch; gives that and its address."""
    porch, loop = Porch(site), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(porch.receive, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield porch, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
            loop.run_until_complete(asyncio.wait([task]))
        loop.close()


@pytest.fixture
def door(
    campus_files: Path, monkeypatch, empty_database
) -> Iterator[tuple[Doorkeeper, Porch, str]]:
    opened = real_now()
    monkeypatch.setattr(clock, "now", real_now)
    monkeypatch.setenv("MOODLE_HOST_LIMIT", str(LIMIT))
    campus = open_term(campus_files, now=opened, size=SIZE)
    keeper = Doorkeeper(create_app(campus, now=lambda: opened))
    with serving(keeper) as behind, porch_of(behind) as (porch, site):
        monkeypatch.setenv("MOODLE_ALLOWED_HOSTS", site.removeprefix("http://"))
        get_settings.cache_clear()
        yield keeper, porch, site


async def connect(site: str, number: int) -> UUID:
    student = await make_student(f"Sam {number}")
    identity = await accounts.ask_moodle_by_password(
        site, username=f"student{number}", password="campus"
    )
    async with unit_of_work() as work:
        await accounts.connect_moodle(
            work, account_id=student.account_id, identity=identity, now=clock.now()
        )
    return student.account_id


def sync_at_once(account_ids: list[UUID]) -> None:
    """Let all of them be synced by a few processes, each with many at a time."""
    with nursery() as host:
        started = [host.sync(account_ids[place::PROCESSES]) for place in range(PROCESSES)]
        assert [host.wait(worker) for worker in started] == [0] * PROCESSES


async def unfinished(account_ids: list[UUID]) -> list[UUID]:
    """Return whose last run did not bring everything."""
    async with unit_of_work() as work:
        runs = (
            await work.session.exec(select(SyncRun).order_by(col(SyncRun.created_at)))
        ).all()
        asked = select(Material.account_id).where(
            col(Material.fetch_state) == FetchState.STORED
        )
        stored = Counter((await work.session.exec(asked)).all())
        asked = select(Material.account_id).where(
            col(Material.fetch_state).in_([FetchState.WAITING, FetchState.FAILED])
        )
        waiting = set((await work.session.exec(asked)).all())
    last = {run.account_id: run.state for run in runs}
    return [
        one
        for one in account_ids
        if last[one] is not RunState.DONE or one in waiting or stored[one] < SIZE.files
    ]


async def test_forty_accounts_never_have_more_connections_than_the_limit(door) -> None:
    keeper, porch, site = door
    account_ids = [await connect(site, number + 1) for number in range(STUDENTS)]
    keeper.most = porch.most = 0
    await asyncio.to_thread(sync_at_once, account_ids)
    assert await unfinished(account_ids) == []
    assert 1 < keeper.most <= LIMIT
    assert 1 < porch.most <= LIMIT
    assert set(keeper.answered) <= {200, 304}


async def test_a_site_that_asks_for_pauses_is_read_to_the_end_all_the_same(door) -> None:
    keeper, porch, site = door
    account_ids = [await connect(site, number + 1) for number in range(STUDENTS)]
    keeper.most, porch.most, keeper.every = 0, 0, 90
    left = account_ids
    for _ in range(ROUNDS):
        await asyncio.to_thread(sync_at_once, left)
        left = await unfinished(account_ids)
        if not left:
            break
    assert left == []
    assert porch.most <= LIMIT
    assert keeper.answered[HTTPStatus.TOO_MANY_REQUESTS] >= 3
