"""The Celery application and the one decorator every task uses."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import lru_cache, wraps
from typing import Any, cast

import structlog
from celery import Celery, current_task
from celery.signals import task_failure, worker_process_init
from kombu.entity import Queue

from studymaster import rubbish
from studymaster.adapters import logs
from studymaster.adapters.database import DatabaseAwayError
from studymaster.config import get_settings
from studymaster.jobs import QUEUE, QUEUES, JobName
from workers import failures
from workers.schedule import BEAT

log = structlog.get_logger(__name__)

JOB_SECONDS = 25 * 60.0
"""A job is ended after so long, cleanly; what it had not done is picked up by the sweeper."""

STUCK_SECONDS = 30 * 60
"""The process of a job that does not even end is killed."""

MODULES = (
    "workers.sync",
    "workers.texts",
    "workers.flashcards",
    "workers.fitting",
    "workers.exchange",
    "workers.exams",
    "workers.focus",
    "workers.points",
    "workers.accountability",
    "workers.sweep",
    "workers.braindump",
    "workers.accounts",
    "workers.mail",
)
"""Where tasks are."""

AsyncTask = Callable[..., Coroutine[Any, Any, None]]


def _create() -> Celery:
    settings = get_settings()
    settings.require_complete()
    logs.configure()
    app = Celery(
        "studymaster",
        broker=settings.redis_url,
        include=list(MODULES),
    )
    app.conf.update(
        beat_schedule=BEAT,
        broker_connection_retry_on_startup=True,
        # Where two queues wait, the one for short work goes first.
        broker_transport_options={
            "visibility_timeout": 3600,
            "queue_order_strategy": "priority",
        },
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_default_queue=QUEUE,
        task_queues=[Queue(name) for name in dict.fromkeys((QUEUE, *QUEUES.values()))],
        task_routes={job.value: {"queue": queue} for job, queue in QUEUES.items()},
        task_time_limit=STUCK_SECONDS,
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


@worker_process_init.connect
def settle(**_: object) -> None:
    """Begin a process that carries out jobs."""
    rubbish.settle()


@task_failure.connect
def _keep_failure(
    sender: Any,  # noqa: ANN401 - Celery's task
    exception: BaseException,
    kwargs: dict[str, object],
    **_: object,
) -> None:
    failure = failures.describe(str(sender.name), arguments=kwargs, error=exception)
    _runner().run(failures.keep(failure))


async def _in_time(job: Coroutine[Any, Any, None]) -> None:
    # Celery's own soft limit breaks into the event loop wherever it is; this one waits for
    # the job to put down what it holds.
    async with asyncio.timeout(JOB_SECONDS):
        await job


def current_job() -> str | None:
    """Return the id that the present job keeps when it is tried again.

    None outside of a worker, and for a job whose worker died over it: what killed one
    worker is not started again at once, the sweeper does it later.
    """
    if not current_task:
        return None
    request = cast("Any", current_task.request)
    delivery: dict[str, object] = request.delivery_info or {}
    job: str | None = request.id
    return None if delivery.get("redelivered") else job


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
            _runner().run(_in_time(function(**arguments)))

        return run

    return register
