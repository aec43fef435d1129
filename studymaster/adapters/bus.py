"""News between processes: what changed for whom, over Redis pub/sub."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import cast
from uuid import UUID

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError

from studymaster.adapters import shortcut
from studymaster.adapters.shortcut import PassedByError
from studymaster.config import get_settings

log = structlog.get_logger(__name__)

CHANNEL = "studymaster:news"


class Topic(StrEnum):
    """What the news is about; a tab then reads the fresh state itself."""

    SYNC = "sync"
    CARDS = "cards"
    FOCUS = "focus"
    CAMPUS = "campus"
    NOTES = "notes"
    POINTS = "points"
    NOTIFICATIONS = "notifications"
    LEADERBOARD = "leaderboard"
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


def _open() -> redis.Redis:
    return redis.Redis.from_url(
        get_settings().redis_url,
        socket_connect_timeout=2,
        socket_timeout=None,  # news may be long in coming
        health_check_interval=15,
    )


async def publish(news: News) -> None:
    """Tell every process. Redis being away costs liveness, never the work itself."""
    try:
        async with shortcut.of_this_loop().attempt() as client:
            await client.publish(CHANNEL, json.dumps(asdict(news)))
    except PassedByError as error:
        log.warning("news_not_published", topic=news.topic, reason=str(error))


async def listen(
    subscribed: Callable[[], Awaitable[None]] | None = None,
) -> AsyncGenerator[News]:
    """Yield news as it comes, until the connection breaks.

    `subscribed` is called whenever listening has begun, again after an interruption too:
    what was told before that moment was missed. News that cannot be read is passed over.

    Raises:
        ConnectionError: Redis went away; the caller decides when to listen again.
    """
    try:
        async with _open() as connection:
            channel = connection.pubsub()
            await channel.subscribe(CHANNEL)
            messages = cast("AsyncIterator[dict[str, bytes | str]]", channel.listen())
            async for message in messages:
                if message["type"] == "subscribe" and subscribed is not None:
                    await subscribed()
                news = _read(message["data"]) if message["type"] == "message" else None
                if news is not None:
                    yield news
    except (RedisError, OSError) as error:
        msg = "Redis went away."
        raise ConnectionError(msg) from error


def _read(data: bytes | str) -> News | None:
    try:
        fields = json.loads(data)
        return News(Topic(fields["topic"]), fields["account_id"], fields["subject"])
    except (ValueError, KeyError, TypeError) as error:
        # Another version of the product may be running while this one is being replaced.
        log.warning("news_not_understood", reason=repr(error))
        return None
