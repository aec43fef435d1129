"""All workers together never have more connections open at a site than it bears."""

import asyncio
import threading
from contextlib import asynccontextmanager, suppress
from time import monotonic

import httpx
import pytest
from redis import Redis

from studymaster.adapters.moodle import connection, gate
from studymaster.adapters.moodle.address import check_site_address
from studymaster.adapters.moodle.door import PATIENCE, open_door
from studymaster.adapters.moodle.failures import MaintenanceError, UnreachableError
from studymaster.adapters.moodle.gate import Gate
from studymaster.adapters.moodle.lanes import Lanes
from studymaster.adapters.moodle.ledger import Ledger, Letter, Outcome, Report
from studymaster.adapters.moodle.pace import PACE, Pace
from studymaster.config import get_settings
from tests.adapters.moodle.porter import porter_at_work

QUICK = Pace(look=0.005, more=0.005, tell=0.02, hold=0.05, idle=0.05)


@asynccontextmanager
async def door_to(host, gate):
    allowed = frozenset({host})
    async with open_door(
        check_site_address(host, allowed_hosts=allowed),
        allowed_hosts=allowed,
        transport=None,
        patience=PATIENCE,
        gate=gate,
    ) as door:
        yield door


def ask(door, path="/"):
    return door.post(path, {"a": "b"}, kind="question")


async def ask_on(door, *, until):
    """Ask one thing after the other, as a long sync does."""
    while not until.is_set():
        await ask(door)


def leases(porter):
    with Redis.from_url(get_settings().redis_url) as client:
        return client.zrange(f"{gate.PREFIX}:{{{porter.host}}}:leases", 0, -1)


def talks():
    """Count how often somebody has talked to Redis about turns."""
    with Redis.from_url(get_settings().redis_url) as client:
        return client.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"]


async def until(is_so):
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - nobody tells what Redis or a server sees
            await asyncio.sleep(0.005)


def in_another_thread(work):
    """Run a worker with its own event loop, and so with its own gate and connections."""
    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    return thread


async def over(threads):
    for thread in threads:
        await asyncio.to_thread(thread.join)


# -- connections at the site


@pytest.mark.parametrize("closes", [False, True])
async def test_no_more_connections_are_open_than_there_may_be(services, closes) -> None:
    """Twelve accounts in three workers, among them some that break off."""
    answered = []

    async def account(gate, host) -> None:
        async with door_to(host, gate) as door:
            for number in range(12):
                await ask(door)
                answered.append(number)
                if number % 4 == 1:
                    response = await door.send(
                        door.request(httpx.URL(f"http://{host}/unread"), {}, {})
                    )
                    await response.aclose()
                if number % 4 == 3:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(0.001 * number / 3):
                            await asyncio.gather(ask(door), ask(door))

    async with porter_at_work(closes=closes) as porter:

        async def work() -> None:
            gate = Gate(most=3, pace=QUICK)
            await asyncio.gather(*(account(gate, porter.host) for _ in range(4)))

        await over([in_another_thread(work) for _ in range(3)])
        assert len(answered) == 12 * 12
        assert 1 < porter.most <= 3
        await until(lambda: porter.open == 0)
        assert leases(porter) == []


async def test_forty_accounts_in_one_worker_all_get_their_share(services) -> None:
    answered = []

    async def account(gate, host, number) -> None:
        async with door_to(host, gate) as door:
            for _ in range(5):
                await asyncio.gather(*(ask(door) for _ in range(4)))
            answered.append(number)

    async with porter_at_work() as porter:
        gate = Gate(most=6, pace=QUICK)
        await asyncio.gather(*(account(gate, porter.host, n) for n in range(40)))
        assert sorted(answered) == list(range(40))
        assert 2 <= porter.most <= 6


async def test_one_connection_serves_one_request_after_the_other(services) -> None:
    async with porter_at_work() as porter, door_to(porter.host, Gate(most=1)) as door:
        for _ in range(20):
            await ask(door)
        assert (porter.asked, porter.accepted) == (20, 1)


async def test_an_answer_that_was_not_read_costs_its_connection(services) -> None:
    async with porter_at_work() as porter, door_to(porter.host, Gate(most=1)) as door:
        url = httpx.URL(f"http://{porter.host}/unread")
        response = await door.send(door.request(url, {}, {}))
        await response.aclose()
        await ask(door)
        assert (porter.accepted, porter.most) == (2, 1)


async def test_a_connection_that_failed_is_not_used_again(services) -> None:
    async with porter_at_work() as porter, door_to(porter.host, Gate(most=1)) as door:
        await ask(door)
        porter.seconds = 10
        lost = asyncio.create_task(ask(door))
        await until(lambda: porter.asked == 2)
        for transport in list(porter.transports):
            transport.abort()
        with pytest.raises(UnreachableError):
            await lost
        porter.seconds = 0
        await ask(door)
        assert (porter.accepted, porter.most) == (2, 1)


async def test_who_asks_nothing_for_a_moment_keeps_no_connection(services) -> None:
    gate = Gate(most=3, pace=QUICK)
    async with porter_at_work() as porter, door_to(porter.host, gate) as door:
        await asyncio.gather(ask(door), ask(door))
        assert porter.open == 2
        await until(lambda: porter.open == 0 and leases(porter) == [])
        await ask(door)
        assert porter.open == 1


async def test_the_connection_is_closed_before_its_turn_is_given_back(services) -> None:
    seen = []

    class Slow(httpx.AsyncBaseTransport):
        async def aclose(self) -> None:
            for _ in range(20):
                await asyncio.sleep(0)
            seen.append(len(leases(porter)))

    async with porter_at_work() as porter:
        lanes = Lanes(Gate(most=1).at(porter.host), Slow)
        lanes.free(await lanes.take())
        await lanes.close()
        assert (seen, leases(porter)) == ([1], [])


async def test_a_door_that_closes_early_closes_what_is_under_way(services) -> None:
    async with porter_at_work() as porter:
        async with door_to(porter.host, Gate(most=2)) as door:
            url = httpx.URL(f"http://{porter.host}/unread")
            await door.send(door.request(url, {}, {}))
            await ask(door)
        assert leases(porter) == []
        await until(lambda: porter.open == 0)


async def test_the_certificates_are_loaded_once() -> None:
    first, second = (connection._open_session() for _ in range(2))
    assert first.connector._ssl is second.connector._ssl
    assert first.connector._ssl.check_hostname
    for session in (first, second):
        await session.close()


# -- sharing


async def test_who_has_had_a_turn_for_a_while_lets_another_worker_in(services) -> None:
    done = threading.Event()

    async with porter_at_work() as porter:

        async def long_sync() -> None:
            async with door_to(porter.host, Gate(most=2, pace=QUICK)) as door:
                await asyncio.gather(*(ask_on(door, until=done) for _ in range(4)))

        worker = in_another_thread(long_sync)
        try:
            await until(lambda: len(leases(porter)) == 2)
            for _ in range(5):
                async with (
                    asyncio.timeout(5),
                    door_to(porter.host, Gate(most=2, pace=QUICK)) as door,
                ):
                    await ask(door)
        finally:
            done.set()
            await over([worker])
        assert porter.most <= 2


async def test_who_has_had_a_turn_for_a_while_lets_another_account_in(services) -> None:
    gate, done = Gate(most=2, pace=QUICK), asyncio.Event()
    async with porter_at_work() as porter, door_to(porter.host, gate) as long:
        asking = [asyncio.create_task(ask_on(long, until=done)) for _ in range(4)]
        await until(lambda: len(leases(porter)) == 2)
        for _ in range(5):
            async with asyncio.timeout(5), door_to(porter.host, gate) as door:
                await ask(door)
        done.set()
        await asyncio.gather(*asking)
        assert porter.most <= 2


async def test_who_has_too_many_when_the_limit_falls_gives_them_back(services) -> None:
    pace = Pace(look=0.005, tell=0.02, hold=60, first=8)
    gate, done = Gate(most=8, pace=pace), asyncio.Event()
    async with porter_at_work() as porter, door_to(porter.host, gate) as door:
        asking = [asyncio.create_task(ask_on(door, until=done)) for _ in range(12)]
        await until(lambda: porter.open == 8)
        porter.seconds = 0.1
        other = Ledger(gate_name(porter), most=8, pace=pace)
        reply = await other.exchange(Letter())
        async with asyncio.timeout(10):
            while porter.open > 2:
                busy = Report(Outcome.BUSY, "", began=reply.now, took=0, pause=0)
                reply = await other.exchange(Letter(reports=[busy]))
        done.set()
        await asyncio.gather(*asking)


def gate_name(porter):
    return f"{gate.PREFIX}:{{{porter.host}}}"


async def test_a_pause_reaches_who_is_in_the_middle_of_a_sync(services) -> None:
    pace = Pace(look=0.005, tell=0.02)
    never = asyncio.Event()
    async with (
        porter_at_work() as porter,
        door_to(porter.host, Gate(most=4, pace=pace)) as door,
    ):
        asking = asyncio.create_task(ask_on(door, until=never))
        await until(lambda: porter.asked > 5)
        other = Ledger(gate_name(porter), most=4, pace=pace)
        closed = Report(Outcome.CLOSED, "", began=0, took=0, pause=300_000)
        await other.exchange(Letter(reports=[closed]))
        async with asyncio.timeout(5):
            with pytest.raises(MaintenanceError):
                await asking
        await until(lambda: porter.open == 0)


async def test_good_answers_count_while_the_connection_stays(services) -> None:
    gate = Gate(most=4, pace=QUICK)
    async with porter_at_work() as porter, door_to(porter.host, gate) as door:
        done = asyncio.Event()
        asking = [asyncio.create_task(ask_on(door, until=done)) for _ in range(6)]
        await until(lambda: porter.open == 4)
        done.set()
        await asyncio.gather(*asking)


async def test_bad_news_are_told_before_the_door_closes(services) -> None:
    pace = Pace(tell=60, more=60, first=4)
    async with (
        porter_at_work() as porter,
        door_to(porter.host, Gate(most=4, pace=pace)) as door,
    ):
        await ask(door, "/busy")
        other = Ledger(gate_name(porter), most=4, pace=pace)
        async with asyncio.timeout(5):
            while (await other.exchange(Letter())).limit != 2:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.005)


# -- what it costs, and what may go wrong


@pytest.mark.parametrize(("requests", "at_once"), [(15, 3), (500, 24)])
async def test_requests_cost_few_words_to_redis(services, requests, at_once) -> None:
    left = iter(range(requests))

    async def ask_some(door) -> None:
        for _ in left:
            await ask(door)

    async with porter_at_work(seconds=0) as porter:
        before, began = talks(), monotonic()
        async with door_to(porter.host, Gate(most=6)) as door:
            await asyncio.gather(*(ask_some(door) for _ in range(at_once)))
        seconds = monotonic() - began
        growing = 6 - PACE.first
        assert talks() - before <= 3 + growing + seconds / PACE.tell
        assert porter.asked == requests


async def test_who_is_told_to_end_at_any_step_leaves_no_connection(services) -> None:
    gate = Gate(most=1, pace=QUICK)
    async with porter_at_work(seconds=0) as porter:
        for steps in range(0, 120, 3):
            async with door_to(porter.host, gate) as door:
                task = asyncio.create_task(ask(door))
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])
                if steps % 2:
                    await ask(door)
            assert leases(porter) == []
        assert porter.most == 1
        await until(lambda: porter.open == 0)


async def test_who_is_told_to_end_while_closing_leaves_no_turn(services) -> None:
    async with porter_at_work() as porter:
        for steps in range(1, 20):
            door = door_to(porter.host, Gate(most=1, pace=QUICK))
            await ask(await door.__aenter__())
            closing = asyncio.create_task(door.__aexit__(None, None, None))
            for _ in range(steps):
                await asyncio.sleep(0)
            closing.cancel()
            await asyncio.wait([closing])
            assert leases(porter) == []


async def test_without_redis_a_worker_has_two_connections(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    answered = []

    async def account(gate, host) -> None:
        async with door_to(host, gate) as door:
            await asyncio.gather(*(ask(door) for _ in range(10)))
            answered.append(door.requests)

    async with porter_at_work() as porter:
        gate = Gate(most=6, pace=QUICK)
        await asyncio.gather(*(account(gate, porter.host) for _ in range(5)))
        assert answered == [10] * 5
        assert porter.most <= 2


async def test_a_redis_that_goes_away_in_between_is_done_without(
    services, monkeypatch
) -> None:
    gate = Gate(most=3, pace=QUICK)
    async with porter_at_work() as porter, door_to(porter.host, gate) as door:
        await asyncio.gather(*(ask(door) for _ in range(6)))
        monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
        get_settings.cache_clear()
        for _ in range(3):
            await asyncio.gather(*(ask(door) for _ in range(6)))
            await until(lambda: porter.open == 0)
        assert porter.most <= 3
