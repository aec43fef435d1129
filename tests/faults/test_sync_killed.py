"""A worker that is killed in the middle of a sync, again and again, leaves no trace in the end."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from redis import Redis
from sqlalchemy import text
from sqlmodel import SQLModel, col, func, select

from demo.app import create_app
from demo.term import Size, open_term
from studymaster.adapters import clock
from studymaster.adapters.clock import now as real_now
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.adapters.moodle import gate
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.sync import service
from studymaster.models import FetchState, Material, RunState, SyncRun
from tests.conftest import NOON, make_student
from tests.demo.serving import serving
from tests.faults.workers import Nursery, nursery
from tests.workers.holdings import (
    Holdings,
    blobs_of,
    differences,
    holdings,
    stored_files,
)

KILLS = 20
TERM = Size(courses=3, files=72, heavy=False)
BEFORE_FILES = 10
"""About so many questions come before the first file of a run."""
FILES_A_RUN = 3
LONGEST_WAIT_S = 0.06
PATIENCE_S = 60.0


@dataclass
class Watched:
    """The demo Moodle, with a bell that rings when a certain request comes.

    The answer to that request stops half way: whoever waits for it waits until it is over.
    """

    app: object
    ring_at: int = 0
    hold: bool = False
    asked: int = 0
    inside: int = 0
    rung: threading.Event = field(default_factory=threading.Event)

    def await_quiet(self) -> None:
        """Wait until nothing that a dead worker asked is left."""
        while self.inside:
            threading.Event().wait(0.01)

    def expect(self, number: int, *, hold: bool) -> None:
        """Ring at the so-manyth request from now on."""
        self.asked, self.ring_at, self.hold = 0, number, hold
        self.rung.clear()

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http" or scope["path"] == "/":
            return await self.app(scope, receive, send)
        self.inside += 1
        try:
            return await self.answer(scope, receive, send)
        finally:
            self.inside -= 1

    async def answer(self, scope, receive, send) -> None:
        self.asked += 1
        if self.asked != self.ring_at:
            return await self.app(scope, receive, send)
        if not self.hold:
            await self.app(scope, receive, send)
            self.rung.set()
            return None

        async def send_half(message) -> None:
            body = message.get("body", b"")
            if message["type"] != "http.response.body":
                await send(message)
            elif not body:  # nothing to halve: it was whole, and has come
                await send(message)
                self.rung.set()
            else:
                half = body[: len(body) // 2]
                await send({"type": "http.response.body", "body": half, "more_body": True})
                self.rung.set()
                while (await receive())["type"] != "http.disconnect":
                    pass

        return await self.app(scope, receive, send_half)


@pytest.fixture
def moodle(campus_files: Path, monkeypatch) -> Iterator[tuple[Watched, str]]:
    opened = real_now()
    campus = open_term(campus_files, now=opened, size=TERM)
    watched = Watched(create_app(campus, now=lambda: opened))
    with serving(watched) as site:
        monkeypatch.setenv("MOODLE_ALLOWED_HOSTS", site.removeprefix("http://"))
        get_settings.cache_clear()
        yield watched, site


@pytest.fixture
async def student(empty_database: None) -> Student:
    return await make_student("Sam")


async def connect(student: Student, site: str) -> None:
    identity = await accounts.ask_moodle_by_password(
        site, username="student1", password="campus"
    )
    async with unit_of_work() as work:
        await accounts.connect_moodle(
            work, account_id=student.account_id, identity=identity, now=NOON
        )


async def forget_everything() -> None:
    names = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    async with get_engine().begin() as connection:
        await connection.execute(text(f"TRUNCATE {names} CASCADE"))
    with Redis.from_url(get_settings().redis_url) as client:
        client.flushdb()


async def pass_ten_minutes() -> None:
    """The turns of a dead worker run out at the site, and beat finds its run silent."""
    with Redis.from_url(get_settings().redis_url) as client:
        for leases in client.scan_iter(f"{gate.PREFIX}:*:leases"):
            client.delete(leases)
    async with unit_of_work() as work:
        await service.sweep(work, now=clock.now() + timedelta(minutes=10))


def kill_in_the_middle(
    student: Student, workers: Nursery, *, watched: Watched, random: Random
) -> None:
    """Kill a worker at a random moment: while it waits for bytes, or works on them."""
    watched.await_quiet()
    number = random.randrange(1, BEFORE_FILES + FILES_A_RUN)
    watched.expect(number, hold=random.random() < 0.5)
    worker = workers.sync([student.account_id])
    assert watched.rung.wait(PATIENCE_S)
    if not watched.hold:
        threading.Event().wait(random.uniform(0, LONGEST_WAIT_S))
    os.kill(worker, signal.SIGKILL)
    assert workers.wait(worker) == -signal.SIGKILL


async def undisturbed(
    student: Student, workers: Nursery, *, watched: Watched
) -> tuple[Holdings, dict[str, str]]:
    watched.expect(0, hold=False)
    assert workers.wait(workers.sync([student.account_id])) == 0
    return await holdings(student.account_id), stored_files()


async def count_waiting() -> int:
    async with unit_of_work() as work:
        asked = select(func.count()).where(col(Material.fetch_state) == FetchState.WAITING)
        return (await work.session.exec(asked)).one()


async def test_a_worker_killed_twenty_times_in_one_sync_leaves_what_an_undisturbed_one_does(
    student, moodle, tmp_path, monkeypatch
) -> None:
    watched, site = moodle
    monkeypatch.setattr(clock, "now", real_now)
    await connect(student, site)
    with nursery() as workers:
        whole, whole_files = await undisturbed(student, workers, watched=watched)
    assert len(blobs_of(whole)) >= TERM.files

    await forget_everything()
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "second"))
    get_settings.cache_clear()
    again, random = await make_student("Sam"), Random(20)
    await connect(again, site)
    with nursery() as workers:
        for _ in range(KILLS):
            kill_in_the_middle(again, workers, watched=watched, random=random)
            await pass_ten_minutes()
        assert await count_waiting() > 0, "The kills came after the end of the sync."
        survived, survived_files = await undisturbed(again, workers, watched=watched)

    assert differences(whole, survived) == []
    assert survived_files == whole_files
    assert all(name == digest for name, digest in survived_files.items())
    async with unit_of_work() as work:
        states = (await work.session.exec(select(SyncRun.state))).all()
    assert sorted(states) == [RunState.DONE, *[RunState.FAILED] * KILLS]
