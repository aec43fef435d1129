"""Background work on what students reach and keep, soon after they have earned it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.jobs import JobName
from workers.apart import Apart
from workers.app import task

LOOK_BACK = timedelta(minutes=2)
"""A few runs long: one that came late leaves nobody out."""

TOGETHER = 25
"""So many students are looked at in one transaction."""


@task(JobName.TAKE_STOCK)
async def take_stock() -> None:
    """Book achievements, challenges and pledges of whoever has just earned points."""
    async with unit_of_work() as work:
        earners = await service.find_earners(work, since=clock.now() - LOOK_BACK)
    async with Apart(JobName.TAKE_STOCK) as apart:
        await apart.in_groups(earners, _take, most=TOGETHER)


async def _take(account_ids: Sequence[UUID]) -> None:
    async with unit_of_work() as work:
        await service.take_stock(work, account_ids=account_ids, now=clock.now())
