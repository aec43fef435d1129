"""Several things of one run at once: the first that fails ends the others."""

from asyncio import TaskGroup, create_task, wait
from asyncio.tasks import FIRST_COMPLETED, Task
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")
U = TypeVar("U")

END_AGAIN_SECONDS = 0.5


async def watched(work: Coroutine[Any, Any, T], *, by: Coroutine[Any, Any, None]) -> T:
    """Carry `work` out as long as its watch lasts, which ends only by raising.

    Raises:
        BaseException: of whichever of the two raised first; the other one is ended.
    """
    working, watching = create_task(work), create_task(by)
    try:
        await wait((working, watching), return_when=FIRST_COMPLETED)
        return await working if working.done() else await _raised(watching, working)
    finally:
        await _end(watching)
        await _end(working)


async def _raised(watching: "Task[None]", working: "Task[T]") -> T:
    await watching
    return await working


async def _end(task: "Task[Any]") -> None:
    while not task.done():
        # Said once, it may be lost: a client that is just given its answer keeps on.
        task.cancel()
        await wait((task,), timeout=END_AGAIN_SECONDS)


async def carry_out(jobs: Iterable[Coroutine[Any, Any, None]], *, at_once: int) -> None:
    """Carry jobs out in their order, so many at a time.

    Raises:
        Exception: of the first job that raised; the others are ended.
    """
    async with _first_failure():
        waiting = iter(jobs)
        async with TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(_one_by_one(waiting))


async def _one_by_one(waiting: Iterator[Coroutine[Any, Any, None]]) -> None:
    for job in waiting:
        await job


async def both(one: Coroutine[Any, Any, T], other: Coroutine[Any, Any, U]) -> tuple[T, U]:
    """Return what two things give that go on at once.

    Raises:
        Exception: of the first that raised; the other one is ended.
    """
    async with _first_failure(), TaskGroup() as group:
        tasks = group.create_task(one), group.create_task(other)
    return tasks[0].result(), tasks[1].result()


@asynccontextmanager
async def _first_failure() -> AsyncGenerator[None]:
    """Raise one failure instead of a group of them."""
    try:
        yield
    except ExceptionGroup as several:
        raise several.exceptions[0] from several
