"""News between processes: what changed for whom, over Redis pub/sub."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from time import monotonic
from typing import cast
from uuid import UUID

import structlog
from redis import asyncio as redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from studymaster.adapters import shortcut
from studymaster.adapters.shortcut import PassedByError
from studymaster.config import get_settings

log = structlog.get_logger(__name__)

CHANNEL = "studymaster:news"
GATHER_SECONDS = 0.01
"""News that comes so soon after other news is given together with it."""


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


async def publish(*news: News) -> None:
    """Tell every process, all in one message to Redis.

    Redis being away costs liveness, never the work itself.
    """
    try:
        async with shortcut.of_this_loop().attempt() as client:
            line = client.pipeline(transaction=False)
            for one in news:
                line.publish(CHANNEL, json.dumps(asdict(one)))
            await line.execute()
    except PassedByError as error:
        topics = sorted({one.topic for one in news})
        log.warning("news_not_published", topics=topics, reason=str(error))


async def listen(
    subscribed: Callable[[], Awaitable[None]] | None = None,
) -> AsyncGenerator[list[News]]:
    """Yield news as it comes, what comes at once together, until the connection breaks.

    `subscribed` is called whenever listening has begun, again after an interruption too:
    what was told before that moment was missed. News that cannot be read is passed over.

    Raises:
        ConnectionError: Redis went away; the caller decides when to listen again.
    """
    try:
        async with _open() as connection:
            channel = connection.pubsub()
            await channel.subscribe(CHANNEL)
            while True:
                yield await _gather(channel, subscribed)
    except (RedisError, OSError) as error:
        msg = "Redis went away."
        raise ConnectionError(msg) from error


async def _gather(
    channel: PubSub, subscribed: Callable[[], Awaitable[None]] | None
) -> list[News]:
    """Wait for news, then a moment for more; each is given once."""
    found: dict[News, None] = {}
    left: float | None = None
    until = 0.0
    while True:
        message = cast(
            "dict[str, bytes | str] | None", await channel.get_message(timeout=left)
        )
        if message is None and left == 0:
            return list(found)  # nothing more lies ready
        if message and message["type"] == "subscribe" and subscribed is not None:
            await subscribed()
        news = _read(message["data"]) if message and message["type"] == "message" else None
        if news is not None:
            until = until if found else monotonic() + GATHER_SECONDS
            found[news] = None
        left = max(0.0, until - monotonic()) if found else None


def _read(data: bytes | str) -> News | None:
    try:
        fields = json.loads(data)
        return News(Topic(fields["topic"]), fields["account_id"], fields["subject"])
    except (ValueError, KeyError, TypeError) as error:
        # Another version of the product may be running while this one is being replaced.
        log.warning("news_not_understood", reason=repr(error))
        return None
