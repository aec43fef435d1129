"""Background work on focus sessions: ending those that nobody looks at."""

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.features.focus import service as focus
from studymaster.jobs import JobName
from workers.app import task

log = structlog.get_logger(__name__)


@task(JobName.SETTLE_FOCUS)
async def settle() -> None:
    """End every session that reached its end or was forgotten in a pause, each by itself."""
    now = clock.now()
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
