"""Background work on what students reach: achievements and challenges, soon after they are earned."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.features.accountability import service
from studymaster.jobs import JobName
from workers.app import task

log = structlog.get_logger(__name__)

LOOK_BACK = timedelta(minutes=2)
"""A few runs long: one that came late leaves nobody out."""

TOGETHER = 25
"""So many students are looked at in one transaction."""


class StockNotTakenError(Exception):
    """What some students have reached could not be booked; the log says whose and why."""


@task(JobName.TAKE_STOCK)
async def take_stock() -> None:
    """Book achievements and challenges of whoever has just earned points.

    Raises:
        StockNotTakenError: something broke for some students; the others are done.
    """
    async with unit_of_work() as work:
        earners = await service.find_earners(work, since=clock.now() - LOOK_BACK)
    broken = 0
    for first in range(0, len(earners), TOGETHER):
        broken += await _take_together(earners[first : first + TOGETHER])
    if broken:
        msg = f"What {broken} students have reached could not be booked."
        raise StockNotTakenError(msg)


async def _take_together(account_ids: Sequence[UUID]) -> int:
    """Take stock of a few students; each alone when together it does not work.

    Returns of how many it did not work.
    """
    try:
        async with unit_of_work() as work:
            await service.take_stock(work, account_ids=account_ids, now=clock.now())
    except DatabaseAwayError:
        raise
    except Exception:
        if len(account_ids) == 1:
            log.exception("stock_not_taken", account_id=str(account_ids[0]))
            return 1
        return sum([await _take_together([one]) for one in account_ids])
    return 0
