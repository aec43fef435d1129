"""What beat asks for each minute, as Celery's own process runs it."""

import asyncio
from datetime import timedelta

from studymaster.adapters import clock, database
from studymaster.adapters.database import unit_of_work
from studymaster.features.sync import service
from studymaster.jobs import JobName
from studymaster.models import SyncRun
from tests.conftest import NOON
from tests.features.sync.test_state import connect
from tests.jobs import carry_out
from workers import sweep, sync
from workers.app import celery


async def test_a_lost_message_is_sent_again(student, sent, monkeypatch) -> None:
    await connect(student)
    async with unit_of_work() as work:
        await service.request_sync(work, account_id=student.account_id, now=NOON)
    sent.clear()
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=4))
    await carry_out(sweep.sweep_unfinished)
    assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]
    sent.clear()
    await carry_out(sweep.sweep_unfinished)
    assert sent == []


async def test_a_connected_account_is_due_at_once_and_then_rests(student, sent) -> None:
    connection = await connect(student)
    await carry_out(sync.sync_due_accounts)
    assert [job.arguments for job in sent] == [{"account_id": str(student.account_id)}]
    async with unit_of_work() as work:
        work.session.add(
            SyncRun(
                account_id=student.account_id,
                connection_id=connection.id,
                state="done",
                created_at=NOON,
                beat_at=NOON,
            )
        )
    sent.clear()
    await carry_out(sync.sync_due_accounts)
    assert sent == []


def test_a_worker_process_runs_one_task_after_the_other(services, sent) -> None:
    database.get_engine.cache_clear()
    for _ in range(2):  # the second run reuses the loop and the connections of the first
        celery.tasks[JobName.SWEEP_UNFINISHED].run()
    database.get_engine.cache_clear()
    with asyncio.Runner() as runner:
        runner.run(asyncio.sleep(0))
