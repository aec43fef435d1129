"""Background work on points: the end of each student's day, and the week's leaderboard."""

from collections.abc import Sequence
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
TOGETHER = 25
"""So many students are closed in one transaction: for so long their accounts are held."""


class DaysNotClosedError(Exception):
    """Some students' days could not be closed; the log says whose and why."""


@task(JobName.CLOSE_DAYS)
async def close_days() -> None:
    """Close every day that is over, for every student, a few in a transaction.

    Raises:
        DaysNotClosedError: something broke for some students; the others are done.
    """
    closed, broken, after = 0, list[UUID](), None
    while batch := await _behind(after):
        for first in range(0, len(batch), TOGETHER):
            count, apart = await _close_together(batch[first : first + TOGETHER])
            closed, broken = closed + count, broken + apart
        after = batch[-1]
    if closed:
        async with unit_of_work() as work:
            work.enqueue(JobName.REFRESH_LEADERBOARD)
    log.info("points_decay_completed", days=closed, broken=len(broken))
    if broken:
        msg = f"The days of {len(broken)} students could not be closed."
        raise DaysNotClosedError(msg)


async def _behind(after: UUID | None) -> list[UUID]:
    async with unit_of_work() as work:
        found = await service.accounts_behind(
            work, now=clock.now(), after=after, limit=BATCH
        )
        return list(found)


async def _close_together(account_ids: Sequence[UUID]) -> tuple[int, list[UUID]]:
    """Close all days of a few students; return how many, and of whom it did not work.

    What is wrong with one student's days shall not stop the others': when it does not work
    with all of them together, each is tried alone.
    """
    try:
        return await _close(account_ids), []
    except DatabaseAwayError:
        raise
    except Exception:
        if len(account_ids) == 1:
            log.exception("days_not_closed", account_id=str(account_ids[0]))
            return 0, list(account_ids)
    count, broken = 0, list[UUID]()
    for account_id in account_ids:
        closed, apart = await _close_together([account_id])
        count, broken = count + closed, broken + apart
    return count, broken


async def _close(account_ids: Sequence[UUID]) -> int:
    """Close all days of a few students, and settle what was to be settled by them."""
    count, left = 0, list(account_ids)
    while left:
        async with unit_of_work() as work:
            now = clock.now()
            endings = await service.close_days(work, account_ids=left, now=now)
            if endings:
                await accountability.settle(work, endings=endings, now=now)
        count += sum(map(len, endings.values()))
        left = [
            account_id
            for account_id, own in endings.items()
            if len(own) == service.MOST_DAYS_AT_ONCE
        ]
    return count


@task(JobName.REFRESH_LEADERBOARD)
async def refresh_leaderboard() -> None:
    """Bring the leaderboard up to date and tell every open tab."""
    async with unit_of_work() as work:
        await service.refresh_leaderboard(work)
    log.info("leaderboard_refreshed")
