"""Background work on focus sessions: ending those that nobody looks at."""

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.focus import service as focus
from studymaster.jobs import JobName
from workers.apart import Apart
from workers.app import task


@task(JobName.SETTLE_FOCUS)
async def settle() -> None:
    """End every session that reached its end or was forgotten in a pause, each by itself.

    One that cannot be ended keeps no other waiting; it is tried again in the next run.
    """
    now = clock.now()
    async with unit_of_work() as work:
        students = await focus.overdue_students(work, now=now)
    async with Apart(JobName.SETTLE_FOCUS) as apart:
        for student in students:
            async with apart.one(student.account_id), unit_of_work() as work:
                await focus.settle(work, student=student, now=now)
