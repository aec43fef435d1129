"""Sends jobs by name, so nothing here imports the code that runs them."""

from dataclasses import dataclass
from functools import lru_cache

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

from studymaster.config import get_settings
from studymaster.jobs import QUEUES, JobName

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


def send(job: Job) -> None:
    """Put the job on the broker.

    A broker that is away loses nothing: promised work is a row, and the sweeper sends it
    again once the broker is back.
    """
    try:
        _producer().send_task(
            job.name,
            kwargs=job.arguments,
            queue=QUEUES[job.name],
            retry=True,
            retry_policy=PATIENCE,
        )
    except OperationalError as error:
        log.warning("job_not_sent", job=job.name, reason=str(error))
