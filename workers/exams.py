"""Background work on exams: their plans, anew each morning of a student."""

from uuid import UUID

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.exams.service import planning
from studymaster.jobs import JobName
from workers.app import task

log = structlog.get_logger(__name__)


@task(JobName.PLAN_DUE_EXAMS)
async def plan_due_exams() -> None:
    """Ask for the plans of everybody whose day is a new one, or whose due date moved."""
    async with unit_of_work() as work:
        asked = await planning.request_due(work, now=clock.now())
    log.info("exam_plans_asked_for", students=asked)


@task(JobName.PLAN_EXAMS)
async def plan_exams(*, account_id: str) -> None:
    """Make the plans of one student; made twice they are the same."""
    account, now = UUID(account_id), clock.now()
    async with unit_of_work() as work:
        await planning.settle(work, account_id=account, now=now)
    async with unit_of_work() as work:
        looked = await planning.look(work, account_id=account, now=now)
    if looked is None:
        return
    outcomes = await planning.find(looked)
    async with unit_of_work() as work:
        await planning.keep(
            work, account_id=account, looked=looked, outcomes=outcomes, now=now
        )
    log.info("exams_planned", exams=len(outcomes))
