"""Sends jobs by name, so nothing here imports the code that runs them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from studymaster.adapters import shortcut
from studymaster.adapters.shortcut import PassedByError
from studymaster.config import get_settings
from studymaster.jobs import QUEUES, SETTLING, JobName

log = structlog.get_logger(__name__)

PATIENCE = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}


@dataclass(frozen=True, slots=True)
class Job:
    """Background work: a name and plain, JSON-ready arguments."""

    name: JobName
    arguments: dict[str, str]


@lru_cache
def _producer() -> Celery:
    return Celery(
        broker=get_settings().redis_url,
        broker_connection_timeout=2,
        broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 5},
    )


@lru_cache
def _notes() -> Redis:
    return Redis.from_url(
        get_settings().redis_url, socket_connect_timeout=2, socket_timeout=5
    )


def send(job: Job) -> None:
    """Put the job on the broker; one that is settling waits there for all who ask for it.

    A broker that is away loses nothing: promised work is a row, and the sweeper sends it
    again once the broker is back.
    """
    seconds = SETTLING.get(job.name, 0)
    if seconds and not _is_first(job, seconds=seconds):
        return
    try:
        _producer().send_task(
            job.name,
            kwargs=job.arguments,
            queue=QUEUES[job.name],
            # A second later than the note ends: whoever finds it is done by this job.
            countdown=seconds + 1 if seconds else None,
            retry=True,
            retry_policy=PATIENCE,
        )
    except OperationalError as error:
        log.warning("job_not_sent", job=job.name, reason=str(error))


def _is_first(job: Job, *, seconds: int) -> bool:
    """Tell whether nobody asked for a job that is still going to begin."""
    try:
        return bool(
            _notes().set(f"studymaster:settling:{job.name}", 1, nx=True, ex=seconds)
        )
    except RedisError:
        return True


async def waiting() -> dict[str, int]:
    """Return how many jobs wait in each queue; nothing while Redis is away."""
    try:
        async with shortcut.of_this_loop().attempt() as client:
            return {
                name: cast("int", await client.execute_command("LLEN", name))
                for name in sorted({*QUEUES.values()})
            }
    except PassedByError:
        return {}
