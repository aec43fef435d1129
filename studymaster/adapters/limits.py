"""How often somebody may ask for something expensive, counted for all processes in Redis."""

from hashlib import sha256
from math import ceil
from time import time
from weakref import WeakKeyDictionary

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from studymaster.adapters import shortcut
from studymaster.adapters.shortcut import PassedByError, Shortcut
from studymaster.errors import TooManyRequestsError

PREFIX = "studymaster"
TOO_MANY = "That was a lot at once: {most} a minute is the most. Try again in {wait} s."

_limiters: WeakKeyDictionary[Shortcut, MovingWindowRateLimiter] = WeakKeyDictionary()


async def take(name: str, who: str, *, per_minute: int = 10) -> None:
    """Count one more request, unless the last minute already saw as many as are allowed.

    Args:
        name: what is asked for; each name is counted by itself.
        who: an account, or an address and a client; Redis sees only its digest.
        per_minute: requests in any 60 seconds. A refused request does not count.

    Raises:
        TooManyRequestsError: it says after how many seconds the next one is allowed. While
            Redis is away everything is.
    """
    item = RateLimitItemPerMinute(per_minute, namespace="limits")
    names = _names(name, who)
    way = shortcut.of_this_loop()
    try:
        async with way.attempt():
            if await _limiter(way).hit(item, *names):
                return
            free_at, _ = await _limiter(way).get_window_stats(item, *names)
    except PassedByError:
        return
    wait = max(1, ceil(free_at - time()))  # the library counts by the machine's clock too
    raise TooManyRequestsError(TOO_MANY.format(most=per_minute, wait=wait), wait)


async def forgive(name: str, who: str, *, per_minute: int = 10) -> None:
    """Forget what `take` has counted: whoever typed the right password was not guessing."""
    item = RateLimitItemPerMinute(per_minute, namespace="limits")
    way = shortcut.of_this_loop()
    try:
        async with way.attempt():
            await _limiter(way).clear(item, *_names(name, who))
    except PassedByError:
        return


async def give_back(name: str, who: str, *, per_minute: int = 10) -> None:
    """Take back the newest of what `take` has counted; the others go on counting."""
    item = RateLimitItemPerMinute(per_minute, namespace="limits")
    way = shortcut.of_this_loop()
    try:
        async with way.attempt() as redis:
            # The library has no word for it; its window is a list, the newest entry first.
            key = f"{PREFIX}:{item.key_for(*_names(name, who))}"
            await redis.execute_command("LPOP", key)
    except PassedByError:
        return


def _names(name: str, who: str) -> tuple[str, str]:
    return name, sha256(who.encode(errors="replace")).hexdigest()


def _limiter(way: Shortcut) -> MovingWindowRateLimiter:
    if way not in _limiters:
        storage = RedisStorage(
            "redis://",  # the pool knows where
            implementation="redispy",
            key_prefix=PREFIX,
            connection_pool=way.pool,  # pyright: ignore[reportArgumentType] - as documented
        )
        _limiters[way] = MovingWindowRateLimiter(storage)
    return _limiters[way]
