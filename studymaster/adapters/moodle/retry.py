"""Asks again, a little later each time, when a failure is one that passes by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential_jitter,
)

from studymaster.adapters.moodle.failures import MoodleError

T = TypeVar("T")

MOST_TRIES = 3
LONGEST_S = 120.0
"""After this time no new try begins, however slowly the earlier ones failed."""
LONGEST_PAUSE_S = 20
"""Who is asked to come back later than this is told so instead of being kept waiting."""

BACKOFF: Final = wait_exponential_jitter(multiplier=0.5, max=8.0, jitter=0.5)

sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
"""How the seconds between two tries pass."""


async def ask_again(asking: Callable[[], Awaitable[T]]) -> T:
    """Return what `asking` gives at one of up to MOST_TRIES tries.

    Raises:
        MoodleError: of the last try; at once when it is permanent, or when the site asked for
            a pause of more than LONGEST_PAUSE_S.
    """
    tries = AsyncRetrying(
        retry=retry_if_exception(_passes),
        stop=stop_after_attempt(MOST_TRIES) | stop_after_delay(LONGEST_S),
        wait=_pause,
        sleep=sleep,
        reraise=True,
    )
    return await tries(asking)


def _passes(error: BaseException) -> bool:
    return (
        isinstance(error, MoodleError)
        and error.temporary
        and (error.retry_after or 0) <= LONGEST_PAUSE_S
    )


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, MoodleError) else None
    return max(asked or 0, BACKOFF(state))
