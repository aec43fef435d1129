"""Background work on points: the end of each student's day, and the week's leaderboard."""

from uuid import UUID

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.features.accountability import service as accountability
from studymaster.features.points import service
from studymaster.jobs import JobName
from workers.app import task

log = structlog.get_logger(__name__)

BATCH = 200


class DaysNotClosedError(Exception):
    """Some students' days could not be closed; the log says whose and why."""


@task(JobName.CLOSE_DAYS)
async def close_days() -> None:
    """Close every day that is over, for every student, each in a transaction of its own.

    Raises:
        DaysNotClosedError: something broke for some students; the others are done.
    """
    closed, broken, after = 0, 0, None
    while batch := await _behind(after):
        for account_id in batch:
            try:
                closed += await _close(account_id)
            except DatabaseAwayError:
                raise
            except Exception:
                # What is wrong with one student's days shall not stop everybody's.
                log.exception("days_not_closed", account_id=str(account_id))
                broken += 1
        after = batch[-1]
    if closed:
        async with unit_of_work() as work:
            work.enqueue(JobName.REFRESH_LEADERBOARD)
    log.info("points_decay_completed", days=closed, broken=broken)
    if broken:
        msg = f"The days of {broken} students could not be closed."
        raise DaysNotClosedError(msg)


async def _behind(after: UUID | None) -> list[UUID]:
    async with unit_of_work() as work:
        found = await service.accounts_behind(
            work, now=clock.now(), after=after, limit=BATCH
        )
        return list(found)


async def _close(account_id: UUID) -> int:
    """Close all of one student's days, and settle what was to be settled by them."""
    count = 0
    while True:
        async with unit_of_work() as work:
            now = clock.now()
            endings = await service.close_days(work, account_id=account_id, now=now)
            if endings:
                await accountability.settle(
                    work, account_id=account_id, endings=endings, now=now
                )
        count += len(endings)
        if len(endings) < service.MOST_DAYS_AT_ONCE:
            return count


@task(JobName.REFRESH_LEADERBOARD)
async def refresh_leaderboard() -> None:
    """Bring the leaderboard up to date and tell every open tab."""
    async with unit_of_work() as work:
        await service.refresh_leaderboard(work)
    log.info("leaderboard_refreshed")
