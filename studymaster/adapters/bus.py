"""News between processes: what changed for whom, over Redis pub/sub."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import cast
from uuid import UUID

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError

from studymaster.config import get_settings

log = structlog.get_logger(__name__)

CHANNEL = "studymaster:news"


class Topic(StrEnum):
    """What the news is about; a tab then reads the fresh state itself."""

    SYNC = "sync"
    CARDS = "cards"
    SESSION_ENDED = "session_ended"


@dataclass(frozen=True, slots=True)
class News:
    """Something changed for one account (`subject`: the id of what changed, or empty)."""

    topic: Topic
    account_id: str
    subject: str = ""


def news_for(account_id: UUID, topic: Topic, *, subject: str = "") -> News:
    """Return the news that `topic` changed for an account."""
    return News(topic=topic, account_id=str(account_id), subject=subject)


@asynccontextmanager
async def _connection(*, read_timeout: float | None) -> AsyncGenerator[redis.Redis]:
    client = redis.Redis.from_url(
        get_settings().redis_url,
        socket_connect_timeout=2,
        socket_timeout=read_timeout,
        health_check_interval=15,
    )
    async with client:
        yield client


async def publish(news: News) -> None:
    """Tell every process. Redis being away costs liveness, never the work itself."""
    try:
        async with _connection(read_timeout=5) as connection:
            await connection.publish(CHANNEL, json.dumps(asdict(news)))
    except (RedisError, OSError) as error:
        log.warning("news_not_published", topic=news.topic, reason=str(error))


async def listen() -> AsyncGenerator[News]:
    """Yield news as it comes, until the connection breaks.

    Raises:
        ConnectionError: Redis went away; the caller decides when to listen again.
    """
    try:
        async with _connection(read_timeout=None) as connection:
            channel = connection.pubsub()
            await channel.subscribe(CHANNEL)
            messages = cast("AsyncIterator[dict[str, bytes | str]]", channel.listen())
            async for message in messages:
                if message["type"] == "message":
                    yield _read(message["data"])
    except (RedisError, OSError) as error:
        msg = "Redis went away."
        raise ConnectionError(msg) from error


def _read(data: bytes | str) -> News:
    fields = json.loads(data)
    return News(Topic(fields["topic"]), fields["account_id"], fields["subject"])
