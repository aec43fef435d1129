"""The Celery application and the one decorator every task uses."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import lru_cache, wraps
from typing import Any

import structlog
from celery import Celery

from studymaster.adapters import logs
from studymaster.adapters.database import DatabaseAwayError
from studymaster.config import get_settings
from studymaster.jobs import QUEUE, JobName
from workers.schedule import BEAT

log = structlog.get_logger(__name__)

AsyncTask = Callable[..., Coroutine[Any, Any, None]]


def _create() -> Celery:
    settings = get_settings()
    settings.require_complete()
    logs.configure()
    app = Celery(
        "studymaster",
        broker=settings.redis_url,
        include=["workers.sync", "workers.flashcards", "workers.sweep"],
    )
    app.conf.update(
        beat_schedule=BEAT,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": 3600},
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_default_queue=QUEUE,
        timezone="UTC",
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
    )
    return app


celery = _create()


@lru_cache
def _runner() -> asyncio.Runner:
    # One event loop per worker process: pooled connections belong to a loop.
    return asyncio.Runner()


def task(name: JobName) -> Callable[[AsyncTask], Callable[..., None]]:
    """Register an async function as the answer to one job name.

    Tasks are idempotent. A database that is away is waited for with growing pauses; every
    other expected failure is kept on the row of the promised work by the task itself.
    """

    def register(function: AsyncTask) -> Callable[..., None]:
        @celery.task(  # pyright: ignore[reportUntypedFunctionDecorator]
            name=name,
            autoretry_for=(DatabaseAwayError,),
            retry_backoff=True,
            max_retries=5,
        )
        @wraps(function)
        def run(**arguments: str) -> None:
            _runner().run(function(**arguments))

        return run

    return register
