"""The one place that opens sessions, commits them, and only then sends jobs and news."""

import re
from asyncio import to_thread
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import ExceptionContext, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.adapters import bus, queue
from studymaster.config import get_settings
from studymaster.errors import UpstreamError
from studymaster.jobs import JobName

AWAY = "Our database is not answering. Nothing is lost; try again in a minute."
AWAY_CODES = ("08", "53", "57P")
"""Of SQLSTATE: connection broken, nothing left to serve it with, shutting down or starting."""

REPEATED_VALUES = re.compile(r"(\nDETAIL:|(?<=query argument )(\$\d+): ).*", re.DOTALL)


class DatabaseAwayError(UpstreamError):
    """PostgreSQL does not answer."""


@dataclass(slots=True)
class UnitOfWork:
    """One transaction, and the jobs and news that may leave once it is safely stored."""

    session: AsyncSession
    _jobs: list[queue.Job] = field(default_factory=list[queue.Job])
    _news: list[bus.News] = field(default_factory=list[bus.News])

    def enqueue(self, name: JobName, **arguments: str) -> None:
        """Ask for background work; dropped if the transaction fails."""
        self._jobs.append(queue.Job(name, arguments))

    def announce(self, news: bus.News) -> None:
        """Tell other processes once stored; dropped if the transaction fails."""
        if news not in self._news:
            self._news.append(news)

    async def send_off(self) -> None:
        """Send the jobs and the news asked for, once."""
        jobs, self._jobs = self._jobs, []
        news, self._news = self._news, []
        for job in jobs:
            await to_thread(queue.send, job)
        for item in news:
            await bus.publish(item)


def driver_url(url: str, *, driver: str) -> str:
    """Return a plain `postgresql://` address with the driver that shall speak it."""
    return url.replace("postgresql://", f"postgresql+{driver}://", 1)


@lru_cache
def get_engine() -> AsyncEngine:
    """Return the process-wide engine."""
    settings = get_settings()
    engine = create_async_engine(
        driver_url(settings.database_url, driver="asyncpg"),
        pool_size=settings.database_pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"timeout": 5},
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "handle_error", _hide_values)
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """Cut what PostgreSQL repeats of a row: a log is no place for addresses and names."""
    original = context.original_exception
    drivers_own = original.__cause__
    if drivers_own is not None:
        vars(drivers_own).pop("detail", None)  # or it prints it a second time
    for error in (context.sqlalchemy_exception, original, drivers_own):
        if error is not None:
            said = [REPEATED_VALUES.sub(r"\2", str(part)) for part in error.args]
            error.args = tuple(said)


@asynccontextmanager
async def unit_of_work() -> AsyncGenerator[UnitOfWork]:
    """Commit on success, roll back on any exception, then send jobs and news.

    Raises:
        DatabaseAwayError: PostgreSQL cannot be reached.
    """
    async with AsyncSession(get_engine(), expire_on_commit=False) as session:
        work = UnitOfWork(session)
        try:
            async with session.begin():
                yield work
        except DBAPIError as error:
            if not _is_away(error):
                raise
            raise DatabaseAwayError(AWAY) from error
        except (NoFreeConnectionError, ConnectionError, TimeoutError) as error:
            raise DatabaseAwayError(AWAY) from error
    await work.send_off()


def _is_away(error: DBAPIError) -> bool:
    # Only some of it has a class of its own; the rest is told by PostgreSQL's codes.
    code = str(getattr(error.orig, "sqlstate", None))
    has_class = isinstance(error, OperationalError | InterfaceError)
    return has_class or error.connection_invalidated or code.startswith(AWAY_CODES)
