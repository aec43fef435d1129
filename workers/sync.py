"""Background work for Live Sync: one pass over everything a Moodle connection can see."""

from asyncio import create_task, sleep, wait
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import structlog

from studymaster.adapters import clock, moodle, vault
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.flashcards.service import generation
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand
from studymaster.jobs import JobName
from workers.app import current_job, task
from workers.visit import BROKEN, OurFaultError, Visit

log = structlog.get_logger(__name__)

SIGN_OF_LIFE_SECONDS = 30.0
END_AGAIN_SECONDS = 0.5

OUR_FAULT = (
    "The sync stopped because of a fault on our side. What had arrived is kept; the next "
    "run tries again in half an hour."
)


@task(JobName.SYNC_DUE_ACCOUNTS)
async def sync_due_accounts() -> None:
    """Ask for the runs that are due."""
    async with unit_of_work() as work:
        await service.request_due_syncs(work, now=clock.now())


@task(JobName.SYNC_ACCOUNT)
async def sync_account(*, account_id: str, promised: str = "") -> None:
    """Carry out every run promised to one account.

    A job that comes with a promise (`promised` is not empty) makes none itself, so one that
    comes late or twice finds nothing to do.
    """
    owner, job = UUID(account_id), current_job()
    async with unit_of_work() as work:
        await service.take_over(work, account_id=owner, job=job, now=clock.now())
        if not promised:
            await service.promise_runs(work, account_id=owner, now=clock.now())
    while (errand := await _claim(owner, job)) is not None:
        try:
            await _close(errand, await _attempt(errand))
        except service.RunLostError:
            log.warning("sync_run_lost", run_id=str(errand.run_id))


async def _claim(owner: UUID, job: str | None) -> Errand | None:
    async with unit_of_work() as work:
        return await service.claim_run(work, account_id=owner, job=job, now=clock.now())


async def _attempt(errand: Errand) -> StudyMasterError | None:
    """Carry a run out; return why it could not go on, if so.

    Raises:
        DatabaseAwayError: nothing can be kept now; the job is tried again later.
        RunLostError: the run is somebody else's by now.
    """
    try:
        await _carry_out(errand)
    except (DatabaseAwayError, service.RunLostError):
        raise
    except StudyMasterError as error:
        return error
    except Exception:
        # A fault of ours would come again at once: the run is closed, the log has it.
        log.exception("sync_run_broke", run_id=str(errand.run_id))
        return OurFaultError(OUR_FAULT)
    return None


async def _close(errand: Errand, error: StudyMasterError | None) -> None:
    async with unit_of_work() as work:
        if error is None:
            await service.finish_run(work, errand=errand, now=clock.now())
            await service.tell_of_finished(work, errand=errand, now=clock.now())
            return
        for follow in (service.fail_run, service.tell_of_failed):
            await follow(
                work,
                errand=errand,
                error=error,
                connection_broken=isinstance(error, BROKEN),
                now=clock.now(),
            )


async def _carry_out(errand: Errand) -> None:
    async with (
        beside(give_signs_of_life(errand)),
        moodle.open_site(
            errand.site_url,
            allowed_hosts=get_settings().moodle_allowed_hosts,
            token=vault.unseal(errand.sealed_token),
        ) as site,
    ):
        visit = Visit(errand, site)
        async with beside(visit.tell_tabs()):
            listed = await visit.list_courses()
            await visit.list_everything(listed)
            await visit.fetch_files()
    await _propose(errand)


async def _propose(errand: Errand) -> None:
    """Have cards proposed from the lectures that a later run found new or changed."""
    async with unit_of_work() as work:
        for material_id in await service.lectures_to_propose(work, errand=errand):
            await generation.request_for_new(
                work,
                account_id=errand.account_id,
                material_id=material_id,
                now=clock.now(),
            )


@asynccontextmanager
async def beside(company: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Let something go on beside a block, and end it with the block."""
    going_on = create_task(company)
    try:
        yield
    finally:
        while not going_on.done():
            # Said once, it may be lost: a client that is just given its answer keeps on.
            going_on.cancel()
            await wait([going_on], timeout=END_AGAIN_SECONDS)


async def give_signs_of_life(
    errand: Errand, *, every: float = SIGN_OF_LIFE_SECONDS
) -> None:
    """Show every so many seconds that a worker is still at it, until the run is lost."""
    while True:
        await sleep(every)
        try:
            async with unit_of_work() as work:
                await service.give_sign_of_life(work, errand=errand, now=clock.now())
        except service.RunLostError:
            return
        except DatabaseAwayError as error:
            log.warning("sign_of_life_lost", reason=error.message)
