"""Picks up promised work that a dead worker or a lost message left behind."""

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.service import generation
from studymaster.features.sync import rules
from studymaster.features.sync import service as sync
from studymaster.jobs import JobName
from workers.app import task


@task(JobName.SWEEP_UNFINISHED)
async def sweep_unfinished() -> None:
    """Ask again for every run and every generation that fell silent."""
    now = clock.now()
    async with unit_of_work() as work:
        await sync.sweep(work, now=now)
    async with unit_of_work() as work:
        await generation.resend_silent(work, before=now - rules.SILENCE, now=now)
