"""Background work on the text of what came: read once, then cards proposed, then told."""

from asyncio import sleep, to_thread
from collections.abc import Sequence
from time import monotonic
from uuid import UUID

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import DatabaseAwayError, UnitOfWork, unit_of_work
from studymaster.adapters.documents import Finding, Reading
from studymaster.adapters.storage import (
    FileGoneError,
    StorageAwayError,
    blob_key,
    get_storage,
)
from studymaster.features.flashcards.service import generation
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Outing, Unread
from studymaster.jobs import JobName
from workers.app import task
from workers.visit import watched

log = structlog.get_logger(__name__)

MOST_TOGETHER = 50
"""So many texts are looked up, and kept at most, in one transaction."""

KEPT_EVERY = 1.0
"""Seconds of reading after which what was read is kept."""

SIGN_EVERY = 30.0


@task(JobName.READ_TEXTS)
async def read_texts(*, account_id: str, run_id: str) -> None:
    """Read what a run brought; then have cards proposed from it, and tell of the run."""
    owner, run = UUID(account_id), UUID(run_id)
    await watched(_read_everything(owner), by=_give_signs(owner, run))
    async with unit_of_work() as work:
        outing = await service.finish_reading(work, account_id=owner, run_id=run)
        if outing is not None:
            await _propose(work, outing)
            await service.tell_of_finished(work, outing=outing, now=clock.now())


async def _propose(work: UnitOfWork, outing: Outing) -> None:
    """Have cards proposed from the lectures that a later run found new or changed."""
    for material_id in await service.lectures_to_propose(work, outing=outing):
        await generation.request_for_new(
            work, account_id=outing.account_id, material_id=material_id, now=clock.now()
        )


async def _give_signs(owner: UUID, run: UUID) -> None:
    while True:
        await sleep(SIGN_EVERY)
        try:
            async with unit_of_work() as work:
                await service.give_sign_of_reading(
                    work, account_id=owner, run_id=run, now=clock.now()
                )
        except DatabaseAwayError as error:
            log.warning("sign_of_life_lost", reason=error.message)


async def _read_everything(owner: UUID) -> None:
    async with unit_of_work() as work:
        found = await service.unread_texts(work, account_id=owner)
    for first in range(0, len(found), MOST_TOGETHER):
        await _read_some(owner, found[first : first + MOST_TOGETHER])


async def _read_some(owner: UUID, found: Sequence[Unread]) -> None:
    async with unit_of_work() as work:
        waiting = await service.still_unread(work, found)
    readings: dict[str, Reading] = {}
    began = monotonic()
    for one in waiting:
        readings[one.sha1] = await _read(one)
        if monotonic() - began > KEPT_EVERY:
            await _keep(owner, readings)
            readings, began = {}, monotonic()
    if readings:
        await _keep(owner, readings)


async def _keep(owner: UUID, readings: dict[str, Reading]) -> None:
    async with unit_of_work() as work:
        await service.keep_texts(work, account_id=owner, readings=readings)


async def _read(one: Unread) -> Reading:
    """Return the text of stored bytes; what nobody can read shall not be tried for ever.

    Raises:
        StorageAwayError: the store does not answer; the sweeper has it tried again.
    """
    try:
        async with get_storage().lend(blob_key(one.sha1)) as path:
            return await to_thread(service.read_stored, path, mimetype=one.mimetype)
    except StorageAwayError:
        raise
    except FileGoneError:
        log.error("stored_bytes_gone", sha1=one.sha1)  # noqa: TRY400 - what raised is known
        return Reading(Finding.CORRUPT)
    except Exception:
        log.exception("text_not_read", sha1=one.sha1)
        return Reading(Finding.UNSUPPORTED)
