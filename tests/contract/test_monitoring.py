"""What the log says of a sync, and the figures and probes of a running product."""

import asyncio
import re
from uuid import UUID

import httpx
from redis import Redis

from studymaster import probes
from studymaster.adapters.cache import Kept
from studymaster.config import get_settings
from studymaster.jobs import SYNC_QUEUE
from tests.contract.lines import contract
from tests.contract.people import Person
from tests.contract.term import Term
from tests.test_events import Place

ROUTE = "/api/v1/courses"


@contract("Structured log: moodle_sync_completed with user_id, duration_ms, items_synced")
def test_a_finished_sync_is_one_line_with_its_fields(term: Term) -> None:
    (line,) = [one for one in term.logs if one["event"] == "moodle_sync_completed"]
    assert UUID(line["user_id"]) == UUID(term.me["id"])
    assert line["items_synced"] == term.second_run["new_count"] == 1
    assert isinstance(line["duration_ms"], int)
    assert line["duration_ms"] >= 0
    assert line["log_level"] == "info"


async def figure(person: Person, pattern: str) -> float:
    """Return the sum of the figures whose lines begin as the pattern says."""
    answer = await person.http.get("http://testserver/metrics")
    assert answer.status_code == 200
    found = re.findall(rf"^{pattern}\S* (\S+)$", answer.text, re.MULTILINE)
    return sum(float(value) for value in found)


@contract("Metric: API response times")
async def test_each_answer_is_timed_by_its_route(mina: Person) -> None:
    pattern = rf'studymaster_api_request_seconds_count{{method="GET",route="{ROUTE}",status="200"}}'
    before = await figure(mina, pattern)
    await mina.get("/courses")
    assert await figure(mina, pattern) == before + 1


@contract("Metric: WebSocket connections")
async def test_open_sockets_are_counted(place: Place, mina: Person) -> None:
    for _ in range(2):
        await place.open(token=mina.tokens["access_token"])
    watch = asyncio.create_task(probes.watch(place.events.server))
    await asyncio.sleep(0)
    watch.cancel()
    pattern = 'studymaster_websocket_connections{namespace="events"'
    assert await figure(mina, pattern) == 2


@contract("Metric: cache hit rates")
async def test_hits_and_misses_are_counted_by_kind(mina: Person) -> None:
    def pattern(result: str) -> str:
        return f'studymaster_cache_reads_total{{kind="{Kept.RESPONSES}",result="{result}"}}'

    before = [await figure(mina, pattern(one)) for one in ("miss", "hit")]
    for _ in range(3):
        await mina.get("/courses")
    after = [await figure(mina, pattern(one)) for one in ("miss", "hit")]
    assert [new - old for old, new in zip(before, after, strict=True)] == [1, 2]


@contract("Metric: task queue length")
async def test_waiting_jobs_are_counted(mina: Person) -> None:
    with Redis.from_url(get_settings().redis_url) as broker:
        broker.rpush(SYNC_QUEUE, "a job", "another")
    assert await figure(mina, f'studymaster_queue_jobs{{queue="{SYNC_QUEUE}"}}') == 2


@contract("Metric: database query performance")
async def test_each_query_is_timed_by_its_kind(mina: Person) -> None:
    pattern = 'studymaster_database_query_seconds_count{statement="insert"}'
    before = await figure(mina, pattern)
    await mina.post("/notes", {"text": "Count me"})
    assert await figure(mina, pattern) > before
    assert await figure(mina, "studymaster_database_query_seconds_sum") > 0


@contract("Health probes")
async def test_probes_tell_life_and_readiness(
    visitor: httpx.AsyncClient, monkeypatch
) -> None:
    async def probe(path: str) -> tuple[int, str]:
        answer = await visitor.get(f"http://testserver{path}")
        return answer.status_code, answer.json().get("status", "")

    assert await probe("/healthz") == (200, "ok")
    assert await probe("/readyz") == (200, "ok")
    assert await probe("/api/v1/health") == (200, "ok")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    assert await probe("/healthz") == (200, "ok")
    assert (await probe("/readyz"))[0] == 503
