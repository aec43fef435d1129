"""The one place that opens sessions, commits them, and only then lets others know."""

import re
from asyncio import to_thread
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from time import perf_counter
from typing import Any

import asyncpg
from sqlalchemy import Connection, ExceptionContext, QueuePool, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.adapters import bus, cache, metrics, queue
from studymaster.config import get_settings
from studymaster.errors import UpstreamError
from studymaster.jobs import JobName

AWAY = "Our database is not answering. Nothing is lost; try again in a minute."
AWAY_CODES = ("08", "53", "57P")
"""Of SQLSTATE: connection broken, nothing left to serve it with, shutting down or starting."""

MOST_CONNECTIONS = 50
EXTRA_CONNECTIONS = 10
"""Beyond the pool, for a rush; they are closed after it."""

TIMED = frozenset({"select", "insert", "update", "delete", "with"})

REPEATED_VALUES = re.compile(r"(\nDETAIL:|(?<=query argument )(\$\d+): ).*", re.DOTALL)


class DatabaseAwayError(UpstreamError):
    """PostgreSQL does not answer."""


@dataclass(slots=True)
class UnitOfWork:
    """One transaction; jobs and news that may leave, and kept answers that end, with it."""

    session: AsyncSession
    _jobs: list[queue.Job] = field(default_factory=list[queue.Job])
    _news: list[bus.News] = field(default_factory=list[bus.News])
    _outdated: set[tuple[cache.Kept, str]] = field(
        default_factory=set[tuple[cache.Kept, str]]
    )

    def enqueue(self, name: JobName, **arguments: str) -> None:
        """Ask for background work; dropped if the transaction fails."""
        self._jobs.append(queue.Job(name, arguments))

    def announce(self, news: bus.News) -> None:
        """Tell other processes once stored; dropped if the transaction fails."""
        if news not in self._news:
            self._news.append(news)

    async def copy_in(
        self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Add rows by the thousand: PostgreSQL takes a COPY many times sooner.

        Raises:
            DatabaseAwayError: the connection broke.
        """
        raw = await (await self.session.connection()).get_raw_connection()
        driver: Any = raw.driver_connection
        try:
            await driver.copy_records_to_table(table, records=rows, columns=columns)
        except (asyncpg.InterfaceError, asyncpg.PostgresConnectionError) as error:
            raise DatabaseAwayError(AWAY) from error

    def outdate(self, kind: cache.Kept, *owners: str) -> None:
        """Say that this write makes wrong what is kept of a kind for these owners."""
        self._outdated |= {(kind, owner) for owner in owners}

    async def end_kept(self) -> None:
        """Drop what was said to be outdated."""
        await cache.outdate(self._outdated)

    async def send_off(self) -> None:
        """Send the jobs and the news asked for, once."""
        jobs, self._jobs = self._jobs, []
        news, self._news = self._news, []
        for job in jobs:
            await to_thread(queue.send, job)
        if news:
            await bus.publish(*news)


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
        max_overflow=min(EXTRA_CONNECTIONS, MOST_CONNECTIONS - settings.database_pool_size),
        pool_pre_ping=True,
        connect_args={"timeout": 5},
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "handle_error", _hide_values)
    event.listen(engine.sync_engine, "before_cursor_execute", _start_watch)
    event.listen(engine.sync_engine, "after_cursor_execute", _stop_watch)
    return engine


def _start_watch(connection: Connection, *_: object) -> None:
    connection.info["asked_at"] = perf_counter()


def _stop_watch(
    connection: Connection, _cursor: object, statement: str, *_: object
) -> None:
    word = statement.split(maxsplit=1)[0].lower()
    kind = word if word in TIMED else "other"
    seconds = perf_counter() - connection.info["asked_at"]
    metrics.QUERIES.labels(kind).observe(seconds)


def connections_in_use() -> int:
    """Return how many connections of this process's pool are lent out."""
    pool = get_engine().pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


async def answers() -> bool:
    """Tell whether PostgreSQL answers a question that costs nothing."""
    try:
        async with get_engine().connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True


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
        finally:
            # Also after a failure: a commit may have arrived although its answer did not.
            await work.end_kept()
    await work.send_off()


def _is_away(error: DBAPIError) -> bool:
    # Only some of it has a class of its own; the rest is told by PostgreSQL's codes.
    code = str(getattr(error.orig, "sqlstate", None))
    has_class = isinstance(error, OperationalError | InterfaceError)
    return has_class or error.connection_invalidated or code.startswith(AWAY_CODES)
