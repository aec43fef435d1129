"""Background work for Live Sync: one pass over everything a Moodle connection can see."""

from collections.abc import Mapping
from uuid import UUID

import structlog

from studymaster.adapters import clock, moodle, vault
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand
from studymaster.jobs import JobName
from workers.app import current_job, task
from workers.visit import BROKEN, OurFaultError, RunStoppedError, Visit, watched

log = structlog.get_logger(__name__)

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
        errand = await service.claim_run(work, account_id=owner, job=job, now=clock.now())
    while errand is not None:
        try:
            await _bring_to_an_end(errand)
        except service.RunLostError:
            log.warning("sync_run_lost", run_id=str(errand.run_id))
        errand = await _claim(owner, job)


async def _claim(owner: UUID, job: str | None) -> Errand | None:
    async with unit_of_work() as work:
        return await service.claim_run(work, account_id=owner, job=job, now=clock.now())


async def _bring_to_an_end(errand: Errand) -> None:
    """Carry a run out and close it.

    Raises:
        DatabaseAwayError: nothing can be kept now; the job is tried again later.
        RunLostError: the run is somebody else's by now.
    """
    try:
        quiet, amounts = await _carry_out(errand)
    except (DatabaseAwayError, service.RunLostError):
        raise
    except RunStoppedError:
        async with unit_of_work() as work:
            await service.close_cancelled(work, errand=errand, now=clock.now())
    except StudyMasterError as error:
        await _fail(errand, error)
    except Exception:
        # A fault of ours would come again at once: the run is closed, the log has it.
        log.exception("sync_run_broke", run_id=str(errand.run_id))
        await _fail(errand, OurFaultError(OUR_FAULT))
    else:
        await _finish(errand, amounts, quiet=quiet)


async def _finish(errand: Errand, amounts: Mapping[str, int], *, quiet: bool) -> None:
    now = clock.now()
    async with unit_of_work() as work:
        has_text = await service.finish_run(work, errand=errand, now=now, **amounts)
        if not has_text and (errand.untold or not quiet):
            await service.tell_of_finished(work, outing=errand, now=now)
        await service.tell_of_age(work, errand=errand, now=now)


async def _fail(errand: Errand, error: StudyMasterError) -> None:
    is_broken, now = isinstance(error, BROKEN), clock.now()
    async with unit_of_work() as work:
        await service.fail_run(
            work, errand=errand, error=error, connection_broken=is_broken, now=now
        )
        await service.tell_of_failed(
            work, outing=errand, error=error, connection_broken=is_broken, now=now
        )


async def _carry_out(errand: Errand) -> tuple[bool, Mapping[str, int]]:
    """Return whether everything is as it was, and the counts that are not written yet."""
    async with moodle.open_site(
        errand.site_url,
        allowed_hosts=get_settings().moodle_allowed_hosts,
        token=vault.unseal(errand.sealed_token),
    ) as site:
        visit = Visit(errand, site)
        return await watched(visit.carry_out(), by=visit.journal.keep())
