"""The one place that opens sessions, commits them, and only then sends jobs and news."""

from asyncio import to_thread
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.adapters import bus, queue
from studymaster.config import get_settings
from studymaster.errors import UpstreamError
from studymaster.jobs import JobName


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
    return create_async_engine(
        driver_url(settings.database_url, driver="asyncpg"),
        pool_size=settings.database_pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"timeout": 5},
    )


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
        except (OperationalError, InterfaceError, ConnectionError, TimeoutError) as error:
            msg = "Our database is not answering. Nothing is lost; try again in a minute."
            raise DatabaseAwayError(msg) from error
    await work.send_off()
