"""Two transactions at once, in an order that does not depend on who is faster."""

from asyncio import Task

from sqlalchemy import text

from studymaster.adapters.database import unit_of_work

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def until_it_waits(task: Task[object]) -> None:
    """Return once another transaction waits for a lock, or the task is through."""
    while not task.done():
        async with unit_of_work() as work:
            connection = await work.session.connection()
            if (await connection.execute(WAITING)).scalar_one():
                return
