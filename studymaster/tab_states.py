"""Keeps the states of tabs in Redis, and gives back each lock that an event was called off with."""

from asyncio import CancelledError, Task, create_task, shield
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from reflex.istate.manager import redis as managers
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import StateToken

Answer = TypeVar("Answer")

_going_on: set[Task[Any]] = set()
"""What is carried through though nobody waits for it; a task that nobody holds may vanish."""


class TabStates(StateManagerRedis):
    """Reflex's manager, whose locks also end where an event is called off halfway.

    A page that is left in the moment in which it loads has its events called off. Where
    that meets one that is just taking a lock or giving it back, Reflex leaves the lock in
    Redis until it runs out, and the page that comes next stays empty for ten seconds.
    """

    async def _try_get_lock(self, lock_key: bytes, lock_id: bytes) -> bool | None:
        asked = _carry_through(super()._try_get_lock(lock_key, lock_id))
        try:
            return await shield(asked)
        except CancelledError:
            _carry_through(self._return(asked, lock_key))
            raise

    async def _return(self, asked: Task[bool | None], lock_key: bytes) -> None:
        """Give a lock back that was granted to somebody who had gone away."""
        if await asked:
            await self.redis.delete(lock_key)
            self._notify_next_waiter(lock_key)

    @asynccontextmanager
    async def _lock(
        self, token: StateToken[Any], event_name: str | None = None
    ) -> AsyncGenerator[bytes]:
        held = super()._lock(token, event_name)
        lock_id = await held.__aenter__()
        try:
            yield lock_id
        except BaseException as error:
            await shield(
                _carry_through(held.__aexit__(type(error), error, error.__traceback__))
            )
            raise
        await shield(_carry_through(held.__aexit__(None, None, None)))


def _carry_through(work: Coroutine[Any, Any, Answer]) -> Task[Answer]:
    task = create_task(work)
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)
    return task


def keep() -> None:
    """Have Reflex keep tabs' states here, where it keeps them in Redis at all.

    It has no way to name a manager of one's own: it takes the class that stands here.
    """
    managers.StateManagerRedis = TabStates
