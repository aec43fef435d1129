"""Picks up promised work that a dead worker or a lost message left behind."""

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.service import exports, hosting, leaving
from studymaster.features.braindump.service import memos
from studymaster.features.exchange.service import transfers
from studymaster.features.flashcards.service import fitting, generation
from studymaster.features.sync import rules
from studymaster.features.sync import service as sync
from studymaster.jobs import JobName
from workers.app import task


@task(JobName.SWEEP_UNFINISHED)
async def sweep_unfinished() -> None:
    """Ask again for all promised work that fell silent; note that beat and we are alive."""
    now = clock.now()
    async with unit_of_work() as work:
        await hosting.note_tick(work, now=now)
    async with unit_of_work() as work:
        await sync.sweep(work, now=now)
    async with unit_of_work() as work:
        await generation.resend_silent(work, before=now - rules.SILENCE, now=now)
        await fitting.resend_silent(work, before=now - rules.SILENCE, now=now)
    async with unit_of_work() as work:
        await exports.resend_silent(work, now=now)
        await leaving.resend_silent(work, now=now)
    async with unit_of_work() as work:
        await memos.resend_silent(work, before=now - rules.SILENCE, now=now)
    async with unit_of_work() as work:
        await transfers.resend_silent(work, before=now - rules.SILENCE, now=now)
