"""Background work on points: the end of each student's day, and the week's leaderboard."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service as accountability
from studymaster.features.points import service
from studymaster.jobs import JobName
from workers.apart import Apart
from workers.app import task

log = structlog.get_logger(__name__)

BATCH = 200
TOGETHER = 25
"""So many students are closed in one transaction: for so long their accounts are held."""


@task(JobName.CLOSE_DAYS)
async def close_days() -> None:
    """Close every day that is over, for every student, a few in a transaction."""
    closed, after = 0, None
    async with Apart(JobName.CLOSE_DAYS) as apart:
        while batch := await _behind(after):
            closed += sum(await apart.in_groups(batch, _close, most=TOGETHER))
            after = batch[-1]
    if closed:
        async with unit_of_work() as work:
            work.enqueue(JobName.REFRESH_LEADERBOARD)
    log.info("points_decay_completed", days=closed)


async def _behind(after: UUID | None) -> list[UUID]:
    async with unit_of_work() as work:
        found = await service.accounts_behind(
            work, now=clock.now(), after=after, limit=BATCH
        )
        return list(found)


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
