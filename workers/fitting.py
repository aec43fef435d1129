"""Background work on schedules: FSRS fitted to each student's own answers, once a month."""

from asyncio import to_thread
from functools import partial
from uuid import UUID

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.service import fitting
from studymaster.jobs import JobName
from studymaster.models import FitWish
from workers.apart import promised
from workers.app import task

log = structlog.get_logger(__name__)


@task(JobName.FIT_MONTHLY)
async def fit_monthly() -> None:
    """Ask for the fit of everybody whose month is over."""
    async with unit_of_work() as work:
        asked = await fitting.request_due(work, now=clock.now())
    log.info("fits_asked_for", students=asked)


@task(JobName.FIT_SCHEDULER)
async def fit(*, account_id: str, fit_id: str) -> None:
    """Keep one promise; done work is not done again."""
    account, promise = UUID(account_id), UUID(fit_id)
    say_why = partial(fitting.fail, account_id=account, fit_id=promise)
    async with promised(say_why):
        await _keep_promise(account, promise)


async def _keep_promise(account: UUID, promise: UUID) -> None:
    whose = {"account_id": account, "fit_id": promise}
    async with unit_of_work() as work:
        wish = await fitting.start(work, **whose, now=clock.now())
    if wish is None:
        return
    if wish is FitWish.FITTED:
        async with unit_of_work() as work:
            answered, parameters = await fitting.look(work, account_id=account)
        found = await to_thread(fitting.find, answered, parameters)
        async with unit_of_work() as work:
            await fitting.keep(work, **whose, found=found, now=clock.now())
    else:
        async with unit_of_work() as work:
            await fitting.take_published(work, **whose, now=clock.now())
    async with unit_of_work() as work:
        stale = await fitting.list_stale(work, account_id=account)
    for deck_id in stale:
        async with unit_of_work() as work:
            await fitting.settle_deck(work, **whose, deck_id=deck_id, now=clock.now())
    async with unit_of_work() as work:
        await fitting.finish(work, **whose, now=clock.now())
