"""Several transactions at once, all of them begun before the first is through."""

from asyncio import Task

from studymaster.adapters.database import unit_of_work
from tests.waiting import WAITING


async def until_all_wait(*tasks: Task[object]) -> None:
    """Return once as many transactions wait for a lock as tasks are not through."""
    while left := sum(not task.done() for task in tasks):
        async with unit_of_work() as work:
            connection = await work.session.connection()
            if (await connection.execute(WAITING)).scalar_one() >= left:
                return
