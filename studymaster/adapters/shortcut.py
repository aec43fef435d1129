"""Redis for what may be lost: it answers at once, or is passed by for a moment."""

from asyncio import AbstractEventLoop, get_running_loop, timeout
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic
from typing import cast
from weakref import WeakKeyDictionary

import structlog
from redis import asyncio as redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError  # noqa: A004 - the client's own

from studymaster.config import get_settings

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.5
REST_SECONDS = 3.0


class PassedByError(Exception):
    """Redis does not answer, or did not a moment ago: do without it."""

    def __init__(self, reason: object = "It failed a moment ago.") -> None:
        """Keep what Redis' client said."""
        super().__init__(str(reason) or type(reason).__name__)


class Shortcut:
    """The way to Redis of one event loop, closed for a moment after each failure.

    `era` names the run of the server on the other end. After a restart, or behind another
    server, it is a new one: what is stored there may be older than what we last heard.
    """

    def __init__(self, url: str) -> None:
        """Begin without a connection: the first attempt opens it."""
        self.url = url
        self.era = ""
        self._rests_until = 0.0
        self._client = redis.Redis.from_url(
            url,
            socket_connect_timeout=PATIENCE_SECONDS,
            # An attempt has its own end. The client's would swallow, on Python 3.11, the
            # word to a task that it shall end, and the task would go on for good.
            socket_timeout=None,
            redis_connect_func=self._greet,
            # A connection that was cut while nobody used it says nothing about Redis.
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        )

    @property
    def pool(self) -> redis.ConnectionPool:
        """The connections, for a library that brings its own commands."""
        return self._client.connection_pool

    @asynccontextmanager
    async def attempt(self) -> AsyncGenerator[redis.Redis]:
        """Give the client for a few commands, all together within PATIENCE_SECONDS.

        Raises:
            PassedByError: it failed, now or less than REST_SECONDS ago.
        """
        if monotonic() < self._rests_until:
            raise PassedByError
        try:
            async with timeout(PATIENCE_SECONDS):
                yield self._client
        except (RedisError, OSError) as error:
            self._rests_until = monotonic() + REST_SECONDS
            passed_by = PassedByError(error)
            log.warning("redis_passed_by", reason=str(passed_by), seconds=REST_SECONDS)
            raise passed_by from error

    async def _greet(self, connection: AbstractConnection) -> None:
        """Learn, on each new connection, which run of which server answers."""
        await connection.on_connect()
        await connection.send_command("INFO", "server")
        told = cast("bytes", await connection.read_response()).decode()
        self.era = told.partition("run_id:")[2].partition("\r")[0]


_shortcuts: WeakKeyDictionary[AbstractEventLoop, Shortcut] = WeakKeyDictionary()


def of_this_loop() -> Shortcut:
    """Return the way of this event loop: a connection belongs to the loop it began in."""
    loop, url = get_running_loop(), get_settings().redis_url
    known = _shortcuts.get(loop)
    if known is None or known.url != url:
        known = _shortcuts[loop] = Shortcut(url)
    return known


async def answers() -> bool:
    """Tell whether Redis answers now, whatever it did a moment ago."""
    try:
        async with timeout(PATIENCE_SECONDS):
            await redis.Redis(connection_pool=of_this_loop().pool).execute_command("PING")
    except (RedisError, OSError):
        return False
    return True
