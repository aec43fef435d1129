"""Keeps answers in Redis for a while: never one that a write has made wrong.

What is kept under a kind and an owner bears their common version. A version is read before
the answer is made and dropped after every write, so an answer made from what was there
before a write is never served after it, whichever of the two is stored last.

A write that cannot reach Redis is owed: this process serves nothing kept until the debt is
paid, which it tries every few seconds. When Redis restarts, what it brings back belongs to
an earlier era and is not served by anybody. What remains: a process that can write to
PostgreSQL but not reach a Redis that others reach leaves them the old answer until it can;
and if it dies before, or between its commit and its message, until the lifetime is over.
"""

from asyncio import Lock, Task, create_task, sleep
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from secrets import token_hex
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary, WeakValueDictionary

from pydantic import TypeAdapter, ValidationError
from redis import asyncio as redis

from studymaster.adapters import metrics, shortcut
from studymaster.adapters.shortcut import REST_SECONDS, PassedByError, Shortcut

T = TypeVar("T")


class Kept(StrEnum):
    """What is kept; LIFETIMES says how long."""

    RESPONSES = "responses"
    MATERIALS = "materials"
    STATISTICS = "statistics"
    LEADERBOARD = "leaderboard"
    PREFERENCES = "preferences"
    SESSIONS = "sessions"


LIFETIMES = {
    Kept.RESPONSES: 300,
    Kept.MATERIALS: 1800,
    Kept.STATISTICS: 300,
    Kept.LEADERBOARD: 3600,
    Kept.PREFERENCES: 3600,
    Kept.SESSIONS: 60,
}
"""Seconds."""

WHOLE_BOARD = "leaderboard"
"""Who owns what is kept of the leaderboard: it is nobody's alone."""

VERSION_SECONDS = 24 * 3600
PREFIX = "studymaster:kept"


@dataclass(frozen=True, slots=True)
class Place:
    """The two keys of an answer: the answer's own, and that of its owner's version."""

    entry: str
    version: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a place: the version now valid, and the answer unless it is outdated."""

    version: bytes
    text: bytes | None


class Cache:
    """What one event loop knows of the cache: its way there, its debts, what it is making."""

    def __init__(self, way: Shortcut) -> None:
        """Begin with no debts."""
        self.way = way
        self._owed: set[str] = set()
        self._paying = Lock()
        self._collector: Task[None] | None = None
        self._making: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    def making(self, place: Place) -> Lock:
        """Return what makes the askers of one answer wait for the first of them."""
        return self._making.setdefault(place.entry, Lock())

    async def find(self, place: Place) -> Found:
        """Look; when there is no valid version, begin one.

        Raises:
            PassedByError: Redis is away.
        """
        async with self.way.attempt() as client:
            await self._pay(client)
            version, entry = cast(
                "list[bytes | None]", await client.mget(place.version, place.entry)
            )
            era = self.way.era.encode()
            if version is None or not version.startswith(era):
                version = await _begin(client, place, era=era, outlived=version)
            valid = entry is not None and entry.startswith(version)
            return Found(version, entry[len(version) :] if entry and valid else None)

    async def store(self, place: Place, text: bytes, *, version: bytes) -> None:
        """Keep an answer that was made after `version` was found.

        Raises:
            PassedByError: Redis is away.
        """
        async with self.way.attempt() as client:
            await client.set(place.entry, version + text, ex=place.seconds)

    async def outdate(self, versions: Iterable[str]) -> None:
        """Drop versions now, or as soon as Redis is back."""
        self._owed |= set(versions)
        try:
            async with self.way.attempt() as client:
                await self._pay(client)
        except PassedByError:
            if self._collector is None or self._collector.done():
                self._collector = create_task(self._collect())

    async def _pay(self, client: redis.Redis) -> None:
        # Under a lock: nobody may read while a debt is on its way.
        async with self._paying:
            owed, self._owed = self._owed, set()
            try:
                if owed:
                    await client.delete(*owed)
            except BaseException:
                self._owed |= owed
                raise

    async def _collect(self) -> None:
        while self._owed:
            await sleep(REST_SECONDS)
            await self.outdate(())


async def _begin(
    client: redis.Redis, place: Place, *, era: bytes, outlived: bytes | None
) -> bytes:
    """Return a new version, or the one that somebody else just began."""
    if outlived is not None:
        await client.delete(place.version)
    new = era + token_hex(8).encode()
    theirs = await client.set(place.version, new, nx=True, get=True, ex=VERSION_SECONDS)
    return cast("bytes | None", theirs) or new


_caches: WeakKeyDictionary[Shortcut, Cache] = WeakKeyDictionary()


def _of_this_loop() -> Cache:
    way = shortcut.of_this_loop()
    if way not in _caches:
        _caches[way] = Cache(way)
    return _caches[way]


async def kept(
    kind: Kept, owner: str, key: str, *, shape: type[T], make: Callable[[], Awaitable[T]]
) -> T:
    """Return the answer that is kept, or make it and keep it.

    Call it outside of a unit of work: `make` opens its own. Several who ask one process for
    the same answer wait for the first to make it. Without Redis everybody makes their own.

    Args:
        kind: what it is, and so how long it is kept.
        owner: whose writes outdate it: an account's id, or a shared name.
        key: which of the owner's answers; whatever changes the answer belongs in it.
        shape: type of the answer: what pydantic can write as JSON and read again. None is
            never kept.
        make: computes the answer from the database.
    """
    cache, place, shaper = _of_this_loop(), _place(kind, owner, key), _shaper(shape)
    version, value = await _look(cache, place, kind, shaper)
    if value is not None:
        return value
    if version is not None:
        async with cache.making(place):
            # Again: whoever was here before may have made it meanwhile.
            version, value = await _look(cache, place, kind, shaper)
            if value is not None:
                return value
            if version is not None:
                metrics.CACHE_READS.labels(kind, "miss").inc()
                value = await make()
                with suppress(PassedByError):
                    await cache.store(place, shaper.dump_json(value), version=version)
                return value
    return await make()


async def _look(
    cache: Cache, place: Place, kind: Kept, shaper: TypeAdapter[T]
) -> tuple[bytes | None, T | None]:
    """Return the valid version and what is kept under it; no version: Redis is away."""
    try:
        found = await cache.find(place)
    except PassedByError:
        metrics.CACHE_READS.labels(kind, "away").inc()
        return None, None
    value = _read(found, shaper)
    if value is not None:
        metrics.CACHE_READS.labels(kind, "hit").inc()
    return found.version, value


async def outdate(owners: Iterable[tuple[Kept, str]]) -> None:
    """Make everything that is kept for these owners stale; Redis away means: a bit later.

    For `UnitOfWork`, which knows when the write is stored.
    """
    versions = [_version(kind, owner) for kind, owner in owners]
    if versions:
        await _of_this_loop().outdate(versions)


def _version(kind: Kept, owner: str) -> str:
    return f"{PREFIX}:{kind}:{owner}"


def _place(kind: Kept, owner: str, key: str) -> Place:
    version = _version(kind, owner)
    digest = blake2b(key.encode(errors="replace"), digest_size=16).hexdigest()
    return Place(f"{version}:{digest}", version, LIFETIMES[kind])


@lru_cache
def _shaper(shape: type[object]) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _read(found: Found, shaper: TypeAdapter[T]) -> T | None:
    try:
        return None if found.text is None else shaper.validate_json(found.text)
    except ValidationError:
        return None  # another version of the product wrote it
