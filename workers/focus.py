"""Background work on focus sessions: ending those that nobody looks at."""

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.features.focus import service as focus
from studymaster.jobs import JobName
from workers.app import task

log = structlog.get_logger(__name__)


class FocusNotSettledError(Exception):
    """Some students' sessions could not be ended; the log says whose and why."""


@task(JobName.SETTLE_FOCUS)
async def settle() -> None:
    """End every session that reached its end or was forgotten in a pause, each by itself.

    Raises:
        FocusNotSettledError: something broke for some students; the others are done.
    """
    now, broken = clock.now(), 0
    async with unit_of_work() as work:
        students = await focus.overdue_students(work, now=now)
    for student in students:
        try:
            async with unit_of_work() as work:
                await focus.settle(work, student=student, now=now)
        except DatabaseAwayError:
            raise
        except Exception:
            # One student's session shall not keep the others waiting; it is tried again.
            log.exception("focus_not_settled", account_id=str(student.account_id))
            broken += 1
    if broken:
        msg = f"The focus sessions of {broken} students could not be ended."
        raise FocusNotSettledError(msg)
