"""All workers together never ask one site more than it bears, and every one gets a turn."""

import asyncio
import threading
from contextlib import asynccontextmanager
from time import monotonic

import httpx
import pytest
from redis import Redis

from studymaster.adapters import shortcut
from studymaster.adapters.moodle import Patience, gate, open_site
from studymaster.adapters.moodle.failures import (
    MaintenanceError,
    SiteDownError,
    TooBusyError,
    UnreachableError,
)
from studymaster.adapters.moodle.gate import Gate, of_this_loop
from studymaster.adapters.moodle.lanes import Lanes
from studymaster.adapters.moodle.ledger import Ledger, Letter, Outcome
from studymaster.adapters.moodle.pace import Pace
from studymaster.config import get_settings
from tests.adapters.moodle.sites import NOBODY, SITE

HOST = "moodle.example.edu:443"
OTHER = "moodle.example.org:443"
FILE = f"{SITE}/webservice/pluginfile.php/26/mod_resource/content/0/a.pdf"
IMPATIENT = Pace(look=0.005, queue=0.1)
PATIENT = Pace(look=0.005)


def nowhere():
    """Connect to nobody: these tests are about turns."""
    return httpx.MockTransport(lambda _: httpx.Response(200))


@asynccontextmanager
async def lanes_at(gate, host=HOST):
    lanes = Lanes(gate.at(host), nowhere)
    try:
        yield lanes
    finally:
        await lanes.close()


@asynccontextmanager
async def turn_at(gate, host=HOST):
    async with lanes_at(gate, host) as lanes:
        yield await lanes.take()


async def turns_of(host=HOST, *, most=20, first=2):
    """Count how many turns there are at a site now."""
    ledger = Ledger(f"{gate.PREFIX}:{{{host}}}", most=most, pace=Pace(first=first))
    tickets = [f"counted {number}" for number in range(most + 1)]
    reply = await ledger.exchange(Letter(wanted=tickets))
    await ledger.exchange(Letter(over=tickets))
    return reply.given


def kept(name):
    """Return what Redis keeps of the site under a name: members with their scores."""
    with Redis.from_url(get_settings().redis_url) as client:
        return dict(
            client.zrange(f"{gate.PREFIX}:{{{HOST}}}:{name}", 0, -1, withscores=True)
        )


async def until(is_so):
    """Wait until something is so that Redis knows and nobody tells."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)


async def until_waiting(count):
    """Wait until so many workers wait for a turn."""
    await until(lambda: len(kept("queue")) >= count)


async def answer(gate, outcome=Outcome.ANSWERED, *, times=1, together=1, **told):
    """Have some requests end in the same way, so many of them at once."""
    for _ in range(times):
        async with lanes_at(gate) as lanes:
            for lane in [await lanes.take() for _ in range(together)]:
                lanes.tell(lane, outcome, **told)
                lanes.free(lane)


async def test_a_site_begins_with_few_turns_and_earns_more(services) -> None:
    gate = Gate(most=4, pace=PATIENT)
    assert await turns_of(most=4) == 2
    await answer(gate, times=2)
    assert await turns_of(most=4) == 3
    await answer(gate, times=2)
    assert await turns_of(most=4) == 3
    await answer(gate, times=20)
    assert await turns_of(most=4) == 4
    assert await turns_of(OTHER, most=4) == 2


async def test_a_lower_limit_of_the_host_holds_at_once(services) -> None:
    await answer(Gate(most=6, pace=PATIENT), times=30)
    assert await turns_of(most=6) == 6
    assert await turns_of(most=1) == 1


async def test_one_burst_of_refusals_halves_once(services) -> None:
    gate = Gate(most=8, pace=Pace(look=0.005, first=8))
    await answer(gate, Outcome.BUSY, together=8)
    assert await turns_of(most=8) == 4
    await answer(gate, Outcome.BUSY, together=4)
    assert await turns_of(most=8) == 2
    await answer(gate, Outcome.BUSY, times=5)
    assert await turns_of(most=8) == 1


async def test_answers_to_what_was_sent_before_do_not_count_as_recovery(services) -> None:
    gate = Gate(most=8, pace=Pace(look=0.005, first=8))
    async with lanes_at(gate) as lanes:
        busy, *others = [await lanes.take() for _ in range(8)]
        lanes.tell(busy, Outcome.BUSY)
        lanes.free(busy)
        for lane in others:
            lanes.tell(lane, Outcome.ANSWERED)
            lanes.free(lane)
    assert await turns_of(most=8) == 4


async def test_twice_the_usual_time_halves(services) -> None:
    gate = Gate(most=8, pace=Pace(look=0.005, first=8))
    await answer(gate, times=20, kind="contents", seconds=0.2)
    assert await turns_of(most=8) == 8
    await answer(gate, times=5, kind="contents", seconds=0.9)
    assert await turns_of(most=8) == 4


async def test_another_kind_of_request_may_take_longer(services) -> None:
    gate = Gate(most=8, pace=Pace(look=0.005, first=8))
    await answer(gate, times=20, kind="site_info", seconds=0.03)
    await answer(gate, times=20, kind="contents x 30", seconds=2.0)
    await answer(gate, times=20, kind="site_info", seconds=0.05)
    assert await turns_of(most=8) == 8


async def test_a_site_that_stays_slower_is_believed_in_the_end(services) -> None:
    gate = Gate(most=4, pace=Pace(look=0.005, first=4))
    await answer(gate, times=10, kind="contents", seconds=0.2)
    await answer(gate, times=150, kind="contents", seconds=0.7)
    assert await turns_of(most=4) == 4


async def test_requests_that_say_nothing_change_nothing(services) -> None:
    gate = Gate(most=8, pace=PATIENT)
    await answer(gate, Outcome.NOTHING, times=10)
    assert await turns_of(most=8) == 2


def test_workers_together_stay_below_the_limit(services) -> None:
    """Three event loops in three threads, each with its own connections."""
    inside, most_seen, done = set(), [0], []
    lock = threading.Lock()

    async def ask(gate, name) -> None:
        for _ in range(4):
            async with turn_at(gate):
                with lock:
                    inside.add(name)
                    most_seen[0] = max(most_seen[0], len(inside))
                await asyncio.sleep(0.002)
                with lock:
                    inside.discard(name)
        done.append(name)

    async def work(worker) -> None:
        gate = Gate(most=3, pace=PATIENT)
        await asyncio.gather(*(ask(gate, (worker, task)) for task in range(8)))

    threads = [threading.Thread(target=lambda n=n: asyncio.run(work(n))) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 < most_seen[0] <= 3
    assert len(done) == 24


async def test_nobody_waits_behind_all_requests_of_another_worker(services) -> None:
    pace = Pace(look=0.005, first=1)
    crowd, single = Gate(most=1, pace=pace), Gate(most=1, pace=pace)
    finished = []

    async def ask(gate, name) -> None:
        async with turn_at(gate):
            await asyncio.sleep(0.002)
        finished.append(name)

    async with turn_at(crowd):
        asking = [asyncio.create_task(ask(crowd, n)) for n in range(30)]
        await until_waiting(1)
        asking.append(asyncio.create_task(ask(single, "single")))
        await until_waiting(2)
    await asyncio.gather(*asking)
    assert finished.index("single") <= 2
    assert [n for n in finished if n != "single"] == list(range(30))


async def test_the_turn_of_a_killed_worker_runs_out(services) -> None:
    killed = Gate(most=1, pace=Pace(lease=0.5, first=1))
    dead = Lanes(killed.at(HOST), nowhere)
    await dead.take()
    assert len(kept("leases")) == 1
    async with asyncio.timeout(5), turn_at(Gate(most=1, pace=PATIENT)):
        pass


async def test_who_waited_and_was_killed_loses_the_place(services) -> None:
    gate = Gate(most=1, pace=PATIENT)
    killed = Gate(most=1, pace=Pace(look=60))
    async with turn_at(gate):
        waiting = asyncio.create_task(Lanes(killed.at(HOST), nowhere).take())
        await until_waiting(1)
    async with asyncio.timeout(5), turn_at(Gate(most=1, pace=Pace(look=0.005, absent=0.1))):
        assert not waiting.done()
    waiting.cancel()
    await asyncio.wait([waiting])


async def test_who_is_told_to_end_while_waiting_leaves_no_trace(services) -> None:
    gate, other = Gate(most=1, pace=PATIENT), Gate(most=1, pace=PATIENT)
    async with turn_at(gate), lanes_at(other) as lanes:
        waiting = [asyncio.create_task(lanes.take()) for _ in range(3)]
        await until_waiting(1)
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
        await until(lambda: kept("queue") == {})
    assert await turns_of(most=1) == 1


async def test_a_turn_taken_just_as_one_is_told_to_end_is_given_back(services) -> None:
    gate = Gate(most=1, pace=Pace(look=0.005, first=1))
    for steps in range(60):
        async with lanes_at(gate) as lanes:
            task = asyncio.create_task(lanes.take())
            for _ in range(steps):
                await asyncio.sleep(0)
            if not task.done():
                task.cancel()
            await asyncio.wait([task])
        assert kept("leases") == {}
    assert await turns_of(most=1) == 1


@pytest.mark.parametrize(
    ("outcome", "failure"),
    [(Outcome.BUSY, TooBusyError), (Outcome.CLOSED, MaintenanceError)],
)
async def test_a_long_pause_is_told_to_everybody_at_once(
    services, outcome, failure
) -> None:
    await answer(Gate(most=6), outcome, pause=300)
    async with asyncio.timeout(2):
        with pytest.raises(failure, match=r"moodle\.example\.edu") as told:
            async with turn_at(Gate(most=6)):
                pass
    assert 290 <= told.value.retry_after <= 300
    async with turn_at(Gate(most=6), OTHER):
        pass


async def test_nobody_asks_before_a_short_pause_is_over(services) -> None:
    clock = asyncio.get_running_loop().time
    one, other = Gate(most=6, pace=PATIENT), Gate(most=6, pace=PATIENT)
    began = clock()
    await answer(one, Outcome.BUSY, pause=0.3)
    await asyncio.gather(*(answer(gate) for gate in (one, other)))
    assert clock() - began >= 0.29


async def test_a_shorter_pause_does_not_end_a_longer_one(services) -> None:
    gate = Gate(most=6, pace=Pace(first=6))
    async with lanes_at(gate) as lanes:
        taken = [await lanes.take() for _ in range(2)]
        for lane, seconds in zip(taken, (300, 1), strict=True):
            lanes.tell(lane, Outcome.BUSY, pause=seconds)
            lanes.free(lane)
    for asking in (gate, Gate(most=6)):
        with pytest.raises(TooBusyError):
            async with turn_at(asking):
                pass


async def test_without_redis_each_process_asks_twice_at_once(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    gate, done = Gate(most=6, pace=PATIENT), []
    async with lanes_at(gate) as lanes:
        async with turn_at(gate), turn_at(gate):
            third = asyncio.create_task(lanes.take())
            await asyncio.sleep(0.05)
            assert not third.done()
        await third

    async def ask(number) -> None:
        async with turn_at(gate):
            await asyncio.sleep(0)
        done.append(number)

    await asyncio.gather(*(ask(number) for number in range(10)))
    assert sorted(done) == list(range(10))


async def test_without_redis_a_pause_holds_in_its_own_process(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    gate = Gate(most=6, pace=PATIENT)
    await answer(gate, Outcome.CLOSED, pause=300)
    with pytest.raises(MaintenanceError):
        async with turn_at(gate):
            pass


def rest_redis(seconds):
    """Have Redis passed by for a moment, as after an answer that was late."""
    shortcut.of_this_loop()._rests_until = monotonic() + seconds


async def test_a_redis_that_is_only_late_is_waited_for(services) -> None:
    gate = Gate(most=1, pace=PATIENT)
    rest_redis(0.1)
    async with turn_at(gate):
        assert len(kept("leases")) == 1


async def test_a_redis_that_stays_away_is_done_without(services) -> None:
    gate = Gate(most=1, pace=Pace(look=0.005, late=0.05))
    rest_redis(60)
    async with turn_at(gate), turn_at(gate):
        assert kept("leases") == {}


async def test_a_turn_that_could_not_be_given_back_is_given_back_later(services) -> None:
    gate = Gate(most=1, pace=PATIENT)
    async with turn_at(gate):
        rest_redis(60)
    assert len(kept("leases")) == 1
    rest_redis(0)
    await until(lambda: kept("leases") == {})


async def test_nobody_waits_for_good(services) -> None:
    async with turn_at(Gate(most=1)):
        with pytest.raises(TooBusyError, match="busy"):
            async with turn_at(Gate(most=1, pace=IMPATIENT)):
                pass
    assert await turns_of(most=1) == 1


async def test_the_host_sets_the_limit(services, monkeypatch) -> None:
    assert of_this_loop().most == 6
    assert of_this_loop() is of_this_loop()
    monkeypatch.setenv("MOODLE_HOST_LIMIT", "3")
    get_settings.cache_clear()
    assert of_this_loop().most == 3


def moodle(handler, gate, **kwargs):
    return open_site(
        SITE,
        allowed_hosts=NOBODY,
        token="sesame",
        transport=httpx.MockTransport(handler),
        gate=gate,
        **kwargs,
    )


async def lecture(_request):
    """Send a file in three parts."""

    async def parts():
        for part in (b"%PDF", b"-1.7", b"..."):
            await asyncio.sleep(0)
            yield part

    return httpx.Response(200, content=parts(), headers={"Content-Disposition": "inline"})


async def test_the_turn_of_a_file_lasts_until_it_is_here(services) -> None:
    pace = Pace(renew=0.0, tell=0.005, first=1)
    ends = []
    async with moodle(lecture, Gate(most=1, pace=pace)) as site:
        door = site._door
        response = await door.send(door.request(httpx.URL(FILE), {}, {}))
        async for _ in response.aiter_bytes():
            assert await turns_of(most=1) == 0
            ends.extend(kept("leases").values())
            await until(lambda: max(kept("leases").values()) > ends[-1])
        await until(lambda: kept("leases") == {})
    assert len(ends) == 3
    assert ends == sorted(ends)


async def test_a_file_given_up_gives_its_turn_back(services) -> None:
    gate = Gate(most=1, pace=PATIENT)
    async with moodle(lecture, gate) as site:
        async with site.download(FILE, limit_bytes=100):
            assert await turns_of(most=1) == 0
        await until(lambda: kept("leases") == {})


@pytest.mark.parametrize(
    ("status", "headers"),
    [(429, {}), (500, {}), (502, {}), (503, {}), (503, {"Retry-After": "0"})],
)
async def test_a_site_out_of_breath_gets_fewer_requests(services, status, headers) -> None:
    gate = Gate(most=4, pace=Pace(look=0.005, first=4))
    async with moodle(lambda _: httpx.Response(status, headers=headers), gate) as site:
        with pytest.raises((TooBusyError, SiteDownError, MaintenanceError)):
            await site.sign_in("student1", "secret")
    assert await turns_of(most=4, first=4) == 2


async def test_a_connection_that_times_out_counts_as_out_of_breath(services) -> None:
    def lost(_request):
        raise httpx.ConnectTimeout("late")  # noqa: EM101

    gate = Gate(most=4, pace=Pace(look=0.005, first=4))
    async with moodle(lost, gate) as site:
        with pytest.raises(UnreachableError):
            await site.sign_in("student1", "secret")
    assert await turns_of(most=4, first=4) == 2


async def test_an_answer_that_never_begins_counts_as_out_of_breath(services) -> None:
    async def never(_request):
        await asyncio.Event().wait()

    gate = Gate(most=4, pace=Pace(look=0.005, first=4))
    async with moodle(never, gate, patience=Patience(answer=0.05)) as site:
        with pytest.raises(UnreachableError):
            await site.sign_in("student1", "secret")
    assert await turns_of(most=4, first=4) == 2


async def test_an_answer_that_stops_counts_as_out_of_breath(services) -> None:
    async def half():
        yield b"{"
        raise httpx.ReadTimeout("late")  # noqa: EM101

    gate = Gate(most=4, pace=Pace(look=0.005, first=4))
    async with moodle(lambda _: httpx.Response(200, content=half()), gate) as site:
        with pytest.raises(UnreachableError):
            await site.sign_in("student1", "secret")
    assert await turns_of(most=4, first=4) == 2


async def test_a_maintenance_is_found_out_by_one_request(services) -> None:
    asked = []

    def closed(request):
        asked.append(request)
        return httpx.Response(503, headers={"Retry-After": "300"})

    for _ in range(5):
        async with moodle(closed, Gate(most=6)) as site:
            with pytest.raises(MaintenanceError) as told:
                await site.site_info()
            assert 290 <= told.value.retry_after <= 300
    assert len(asked) == 1


async def test_forty_accounts_of_one_site_all_come_through(services) -> None:
    now, most_seen = [0], [0]

    async def serve(_request):
        now[0] += 1
        most_seen[0] = max(most_seen[0], now[0])
        await asyncio.sleep(0.002)
        now[0] -= 1
        return httpx.Response(200, json=[])

    async def account(gate) -> int:
        async with moodle(serve, gate) as site:
            for number in range(3):
                await site.courses(number)
            return site.requests

    workers = [Gate(most=6, pace=PATIENT) for _ in range(4)]
    sent = await asyncio.gather(*(account(gate) for gate in workers * 10))
    assert sent == [3] * 40
    assert 2 <= most_seen[0] <= 6
