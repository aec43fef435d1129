"""What reaches the real broker, and what happens when there is none."""

import base64
import json
from collections.abc import Iterator

import pytest
from redis import Redis
from structlog.testing import capture_logs

from studymaster.adapters import queue
from studymaster.adapters.queue import Job, send  # before any test replaces it
from studymaster.config import get_settings
from studymaster.jobs import QUEUES, SETTLING, JobName


@pytest.fixture
def broker(services) -> Iterator[Redis]:
    with Redis.from_url(get_settings().redis_url) as client:
        notes = [f"studymaster:settling:{name}" for name in SETTLING]
        client.delete(*set(QUEUES.values()), *notes)
        queue._producer.cache_clear()
        queue._notes.cache_clear()
        yield client
        client.delete(*set(QUEUES.values()), *notes)
    queue._producer.cache_clear()
    queue._notes.cache_clear()


def waiting(broker: Redis, name: str) -> list[tuple[str, dict[str, str]]]:
    """Return the jobs in a queue as a worker reads them: name and arguments."""
    found = []
    for raw in broker.lrange(name, 0, -1):
        message = json.loads(raw)
        _, arguments, _ = json.loads(base64.b64decode(message["body"]))
        found.append((message["headers"]["task"], arguments))
    return found


@pytest.mark.parametrize("name", list(JobName))
def test_a_job_waits_on_its_queue_and_on_no_other(broker, name: JobName) -> None:
    send(Job(name, {"account_id": "an id"}))
    for one in set(QUEUES.values()):
        expected = [(name.value, {"account_id": "an id"})] if one == QUEUES[name] else []
        assert waiting(broker, one) == expected


def test_a_job_that_settles_is_sent_once_for_all_who_ask_within_seconds(broker) -> None:
    for _ in range(20):
        send(Job(JobName.REFRESH_LEADERBOARD, {}))
        send(Job(JobName.SYNC_ACCOUNT, {"account_id": "an id"}))
    refreshes = waiting(broker, QUEUES[JobName.REFRESH_LEADERBOARD])
    assert len(refreshes) == 1
    assert len(waiting(broker, QUEUES[JobName.SYNC_ACCOUNT])) == 20


def test_who_asks_after_the_job_has_settled_is_heard(broker) -> None:
    send(Job(JobName.REFRESH_LEADERBOARD, {}))
    key = f"studymaster:settling:{JobName.REFRESH_LEADERBOARD}"
    assert 0 < broker.ttl(key) <= SETTLING[JobName.REFRESH_LEADERBOARD]
    broker.delete(key)  # what Redis does by itself when the seconds are over
    send(Job(JobName.REFRESH_LEADERBOARD, {}))
    assert len(waiting(broker, QUEUES[JobName.REFRESH_LEADERBOARD])) == 2


async def test_how_many_wait_is_known_for_each_queue(broker) -> None:
    send(Job(JobName.SYNC_ACCOUNT, {"account_id": "an id"}))
    waiting_by_queue = await queue.waiting()
    assert waiting_by_queue == {
        name: int(name == QUEUES[JobName.SYNC_ACCOUNT]) for name in QUEUES.values()
    }


async def test_without_a_broker_nobody_knows_how_many_wait(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    assert await queue.waiting() == {}


def test_without_a_broker_the_job_is_noted_and_nothing_fails(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    queue._producer.cache_clear()
    with capture_logs() as lines:
        send(Job(JobName.SYNC_ACCOUNT, {"account_id": "an id"}))
    queue._producer.cache_clear()
    (line,) = lines
    assert (line["event"], line["job"]) == ("job_not_sent", JobName.SYNC_ACCOUNT)
