"""What is kept is served for a while, never after the write that made it wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from redis import Redis
from sqlalchemy import text

from operate import embedded
from studymaster.adapters import cache, shortcut
from studymaster.adapters.cache import LIFETIMES, Kept
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings


@dataclass(frozen=True, slots=True)
class Figures:
    """An answer as a service keeps it."""

    owner: UUID
    until: datetime
    minutes: tuple[int, ...]


@dataclass
class Desk:
    """One owner's answer: what the database holds, and how often it was asked."""

    truth: int = 1
    made: int = 0
    owner: str = field(default_factory=lambda: str(uuid4()))

    async def look(self) -> int:
        self.made += 1
        return self.truth

    async def ask(self, *, make: Callable[[], Awaitable[int]] | None = None) -> int:
        return await cache.kept(
            Kept.STATISTICS, self.owner, "week", shape=int, make=make or self.look
        )

    async def write(self, truth: int) -> None:
        """Change the truth as a unit of work does: stored first, outdated after."""
        self.truth = truth
        await cache.outdate([(Kept.STATISTICS, self.owner)])


@pytest.fixture
def desk(services) -> Desk:
    return Desk()


def reads(result: str) -> float:
    labels = {"kind": "statistics", "result": result}
    return REGISTRY.get_sample_value("studymaster_cache_reads_total", labels) or 0


async def test_an_answer_is_made_once_and_then_kept(desk) -> None:
    hits, misses = reads("hit"), reads("miss")
    assert [await desk.ask() for _ in range(3)] == [1, 1, 1]
    assert desk.made == 1
    assert (reads("hit") - hits, reads("miss") - misses) == (2, 1)


async def test_it_comes_back_in_the_shape_in_which_it_went(services) -> None:
    figures = Figures(uuid4(), datetime(2030, 1, 16, 12, tzinfo=UTC), (25, 0, 50))

    async def make() -> Figures:
        return figures

    async def never() -> Figures:
        raise AssertionError

    for way in (make, never):
        answer = await cache.kept(Kept.RESPONSES, "o", "k", shape=Figures, make=way)
        assert answer == figures


async def test_a_write_ends_what_was_kept_for_its_owner_only(desk) -> None:
    other = Desk()
    await desk.ask()
    await other.ask()
    await desk.write(2)
    assert (await desk.ask(), await other.ask()) == (2, 1)
    assert (desk.made, other.made) == (2, 1)


async def test_what_was_read_before_a_write_and_stored_after_it_is_not_served(desk) -> None:
    read, written = asyncio.Event(), asyncio.Event()

    async def slow() -> int:
        seen = desk.truth
        read.set()
        await written.wait()
        return seen

    asking = asyncio.create_task(desk.ask(make=slow))
    await read.wait()
    await desk.write(2)
    written.set()
    assert await asking == 1  # it was asked before the write
    assert await desk.ask() == 2


async def test_many_askers_of_one_process_wait_for_the_first(desk) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> int:
        begun.set()
        await may_end.wait()
        return await desk.look()

    asking = [asyncio.create_task(desk.ask(make=slow)) for _ in range(20)]
    await begun.wait()
    may_end.set()
    assert await asyncio.gather(*asking) == [1] * 20
    assert desk.made == 1


async def test_when_the_first_one_fails_the_next_one_makes_it(desk) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def fails() -> int:
        begun.set()
        await may_end.wait()
        raise ZeroDivisionError

    first = asyncio.create_task(desk.ask(make=fails))
    await begun.wait()
    second = asyncio.create_task(desk.ask())
    may_end.set()
    assert await second == 1
    with pytest.raises(ZeroDivisionError):
        await first


async def test_what_cannot_be_read_is_made_anew(desk) -> None:
    async def words() -> str:
        return "a sentence"

    await cache.kept(Kept.STATISTICS, desk.owner, "week", shape=str, make=words)
    assert await desk.ask() == 1


@pytest.mark.parametrize("kind", list(Kept))
async def test_nothing_outlives_its_lifetime(services, kind: Kept) -> None:
    async def make() -> int:
        return 1

    owner = str(uuid4())
    await cache.kept(kind, owner, "k", shape=int, make=make)
    with Redis.from_url(get_settings().redis_url) as client:
        (entry,) = client.scan_iter(f"*{owner}:*")
        assert LIFETIMES[kind] - 5 <= client.ttl(entry) <= LIFETIMES[kind]
        assert client.ttl(f"studymaster:kept:{kind}:{owner}") > 0


def test_the_lifetimes_are_those_of_the_contract() -> None:
    contract = {
        Kept.RESPONSES: 5 * 60,
        Kept.STATISTICS: 5 * 60,
        Kept.MATERIALS: 30 * 60,
        Kept.LEADERBOARD: 60 * 60,
    }
    assert {kind: LIFETIMES[kind] for kind in contract} == contract


async def test_a_unit_of_work_outdates_when_it_is_stored(empty_database) -> None:
    desk = Desk()
    await desk.ask()
    async with unit_of_work() as work:
        desk.truth = 2
        work.outdate(Kept.STATISTICS, desk.owner)
        assert await desk.ask() == 1  # nothing is stored yet
    assert await desk.ask() == 2


async def test_a_write_that_fails_outdates_too_for_it_may_have_arrived(
    empty_database,
) -> None:
    desk = Desk()
    await desk.ask()
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as work:
            await work.session.exec(text("SELECT 1"))
            work.outdate(Kept.STATISTICS, desk.owner)
            raise ZeroDivisionError
    await desk.ask()
    assert desk.made == 2


class Server:
    """A Valkey of this test's own that can be stopped and started again at its address."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, embedded.free_port()
        self._life = ExitStack()

    @property
    def url(self) -> str:
        return f"redis://:secret@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(embedded, "free_port", lambda: self.port)
            patch.setattr(embedded.secrets, "token_urlsafe", lambda _: "secret")
            self._life.enter_context(embedded.valkey(self.home))

    def stop(self) -> None:
        """End it as a restart does: what it holds is written down first."""
        with Redis.from_url(self.url) as client:
            client.save()
        self._life.close()

    def close(self) -> None:
        self._life.close()


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Server]:
    server = Server(tmp_path / "valkey")
    server.start()
    monkeypatch.setenv("REDIS_URL", server.url)
    get_settings.cache_clear()
    yield server
    server.close()


@pytest.fixture
def impatient(monkeypatch) -> None:
    """Redis is asked again at once after a failure."""
    monkeypatch.setattr(shortcut, "REST_SECONDS", 0)


async def test_redis_away_costs_time_and_nothing_else(server, impatient) -> None:
    desk = Desk()
    await desk.ask()
    server.stop()
    assert [await desk.ask(), await desk.ask()] == [1, 1]
    await desk.write(2)
    assert await desk.ask() == 2


async def test_after_a_failure_redis_is_passed_by_for_a_while(server) -> None:
    desk = Desk()
    away = reads("away")
    server.stop()
    await desk.ask()
    server.start()
    assert await desk.ask() == 1
    assert reads("away") - away == 2  # the second one did not even try
    assert desk.made == 2


async def test_what_a_write_outdated_meanwhile_does_not_come_back_with_redis(
    server, impatient
) -> None:
    desk = Desk()
    await desk.ask()
    server.stop()
    await desk.write(2)
    server.start()
    assert await desk.ask() == 2
    assert await desk.ask() == 2
    assert desk.made == 2  # and it is kept again


async def test_what_another_process_outdated_meanwhile_does_not_come_back_either(
    server, impatient
) -> None:
    desk = Desk()
    await desk.ask()
    server.stop()
    desk.truth = 2  # whoever wrote it could not tell, and died over it
    server.start()
    assert await desk.ask() == 2


async def test_a_debt_is_paid_although_nobody_asks(server, impatient, monkeypatch) -> None:
    monkeypatch.setattr(cache, "REST_SECONDS", 0.01)
    desk = Desk()
    await desk.ask()
    version = f"studymaster:kept:statistics:{desk.owner}"
    server.stop()
    await desk.write(2)
    server.start()
    with Redis.from_url(server.url) as client:
        assert client.exists(version)
        await asyncio.wait_for(cache._of_this_loop()._collector, timeout=10)
        assert not client.exists(version)


async def test_a_redis_that_hangs_is_not_waited_for(server, impatient, monkeypatch) -> None:
    monkeypatch.setattr(shortcut, "PATIENCE_SECONDS", 0.5)
    desk = Desk()
    await desk.ask()
    with Redis.from_url(server.url) as client:
        client.client_pause(60_000)
        began = asyncio.get_running_loop().time()
        assert await desk.ask() == 1
        assert asyncio.get_running_loop().time() - began < 30
