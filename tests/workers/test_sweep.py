"""What beat asks for each minute, as Celery's own process runs it."""

import asyncio
from datetime import timedelta

import pytest
from celery._state import _task_stack
from sqlmodel import select

from studymaster.adapters import clock, database
from studymaster.adapters.database import unit_of_work
from studymaster.features.sync import service
from studymaster.jobs import QUEUES, SYNC_QUEUE, JobName
from studymaster.models import ConnectionState, MoodleConnection, RunState, SyncRun
from tests.conftest import NOON
from tests.factories.moodle import connect
from tests.jobs import carry_out
from workers import app, sweep, sync
from workers.app import celery
from workers.schedule import BEAT, RECURRING


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
    assert [job.arguments["account_id"] for job in sent] == [str(student.account_id)]
    async with unit_of_work() as work:
        run = (await work.session.exec(select(SyncRun))).one()
        assert (run.state, run.connection_id) == (RunState.QUEUED, connection.id)
    sent.clear()
    await carry_out(sync.sync_due_accounts)
    assert sent == []


async def test_due_syncs_do_not_pile_up_while_no_worker_is_free(
    student, sent, monkeypatch
) -> None:
    await connect(student)
    for minutes in (0, 20, 40, 60, 80):
        monkeypatch.setattr(clock, "now", lambda m=minutes: NOON + timedelta(minutes=m))
        await carry_out(sync.sync_due_accounts)
    assert len(sent) == 1


async def test_a_second_site_does_not_bring_the_first_one_forward(student, sent) -> None:
    async with unit_of_work() as work:
        for state in (ConnectionState.BROKEN, ConnectionState.ACTIVE):
            work.session.add(
                MoodleConnection(
                    account_id=student.account_id,
                    site_url=f"https://{state}.edu",
                    site_name=state,
                    moodle_user_id=7_000_000_000,
                    moodle_username="mina",
                    sealed_token="sealed",
                    token_obtained_at=NOON,
                    state=state,
                    created_at=NOON,
                )
            )
    await carry_out(sync.sync_due_accounts)
    async with unit_of_work() as work:
        run = (await work.session.exec(select(SyncRun))).one()
        connection = await work.session.get(MoodleConnection, run.connection_id)
    assert connection.state is ConnectionState.ACTIVE
    assert len(sent) == 1


def test_what_beat_could_not_deliver_in_time_is_dropped() -> None:
    for item in RECURRING:
        assert BEAT[item.job]["options"] == {"expires": item.every_seconds}


def test_every_job_has_its_queue_and_slow_work_has_one_of_its_own() -> None:
    assert set(QUEUES) == set(JobName)
    slow = {job for job in JobName if QUEUES[job] == SYNC_QUEUE}
    assert slow == {
        JobName.SYNC_ACCOUNT,
        JobName.READ_TEXTS,
        JobName.EXCHANGE_CARDS,
        JobName.EXPORT_ACCOUNT,
        JobName.FIT_SCHEDULER,
        JobName.PLAN_EXAMS,
    }


def test_a_worker_listens_to_every_queue_the_one_for_short_work_first() -> None:
    heard = list(celery.amqp.queues.consume_from)
    assert heard == [QUEUES[JobName.GENERATE_PROPOSALS], SYNC_QUEUE]
    assert celery.conf.broker_transport_options["queue_order_strategy"] == "priority"
    for job, name in QUEUES.items():
        assert celery.amqp.router.route({}, job)["queue"].name == name


@pytest.mark.parametrize(
    ("redelivered", "job"), [(False, "the job"), (True, None)], ids=["retry", "worker died"]
)
def test_a_job_knows_itself_again_unless_it_killed_its_worker(redelivered, job) -> None:
    running = celery.tasks[JobName.SYNC_ACCOUNT]
    running.push_request(id="the job", delivery_info={"redelivered": redelivered})
    _task_stack.push(running)
    try:
        assert app.current_job() == job
    finally:
        _task_stack.pop()
        running.pop_request()
    assert app.current_job() is None


def test_no_job_runs_for_ever(services, monkeypatch) -> None:
    async def endless(work, *, now) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(service, "sweep", endless)
    monkeypatch.setattr(app, "JOB_SECONDS", 0.01)
    with pytest.raises(TimeoutError):
        celery.tasks[JobName.SWEEP_UNFINISHED].run()
    assert app.JOB_SECONDS < celery.conf.task_time_limit == 30 * 60


def test_a_worker_process_runs_one_task_after_the_other(services, sent) -> None:
    database.get_engine.cache_clear()
    for _ in range(2):  # the second run reuses the loop and the connections of the first
        celery.tasks[JobName.SWEEP_UNFINISHED].run()
    database.get_engine.cache_clear()
    with asyncio.Runner() as runner:
        runner.run(asyncio.sleep(0))
