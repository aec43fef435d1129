"""Stopping a run: at once while it waits, within a moment while it goes on; no failure."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from studymaster.adapters import moodle
from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.sync import rules, service
from studymaster.features.sync.schemas import Errand, RunView
from studymaster.models import (
    ConnectionState,
    MoodleConnection,
    Notification,
    RunState,
    SyncRun,
)
from studymaster.paging import Window
from tests.conftest import NOON
from tests.factories.moodle import connect, make_run


async def cancel(student: Student, run_id: UUID, *, now=NOON) -> None:
    async with unit_of_work() as work:
        await service.cancel_run(
            work, account_id=student.account_id, run_id=run_id, now=now
        )


async def states() -> set[RunState]:
    async with unit_of_work() as work:
        return {run.state for run in await work.session.exec(select(SyncRun))}


async def the_run() -> SyncRun:
    async with unit_of_work() as work:
        return (await work.session.exec(select(SyncRun))).one()


async def seen(student: Student, *, now=NOON) -> RunView:
    async with unit_of_work() as work:
        view = await service.overview(work, student=student, now=now)
    assert view.run is not None
    return view.run


async def begin(student: Student) -> Errand:
    async with unit_of_work() as work:
        await service.promise_runs(work, account_id=student.account_id, now=NOON)
        errand = await service.claim_run(
            work, account_id=student.account_id, job="job", now=NOON
        )
    assert errand is not None
    return errand


async def is_cancelled(errand: Errand) -> bool:
    async with unit_of_work() as work:
        return await service.is_cancelled(work, errand=errand)


async def test_a_run_that_waits_is_closed_at_once(student) -> None:
    run = await make_run(await connect(student), state=RunState.QUEUED)
    await cancel(student, run.id)
    row = await the_run()
    assert (row.state, row.cancelled_at, row.finished_at) == (RunState.FAILED, NOON, NOON)
    assert row.failure == "You stopped this sync. What had arrived is kept."
    async with unit_of_work() as work:
        job = await service.claim_run(
            work, account_id=student.account_id, job=None, now=NOON
        )
    assert job is None


async def test_the_worker_of_a_run_that_goes_on_sees_that_it_has_to_stop(student) -> None:
    await connect(student)
    errand = await begin(student)
    assert not await is_cancelled(errand)
    await cancel(student, errand.run_id)
    assert await is_cancelled(errand)
    view = await seen(student)
    assert (view.state, view.headline) == ("running", "Stopping the sync")
    assert (view.stoppable, view.stopping, view.cancelled) == (False, True, False)


async def test_a_stopped_run_is_told_calmly_and_the_next_comes_as_usual(student) -> None:
    await connect(student)
    errand = await begin(student)
    await cancel(student, errand.run_id)
    async with unit_of_work() as work:
        await service.close_cancelled(work, errand=errand, now=NOON)
    view = await seen(student)
    assert view.headline == "You stopped the sync"
    assert view.detail == (
        "You stopped this sync. What had arrived is kept. The next one comes by itself at "
        "about 12:30."
    )
    assert (view.cancelled, view.stoppable, view.stopping) == (True, False, False)
    async with unit_of_work() as work:
        past = await service.history(
            work, account_id=student.account_id, window=Window(0, 5)
        )
        assert [one.tone for one in past.runs] == ["off"]
        assert (await work.session.exec(select(Notification))).all() == []
        for minutes, runs in ((29, 1), (31, 2)):
            now = NOON + timedelta(minutes=minutes)
            await service.request_due_syncs(work, now=now)
            assert len((await work.session.exec(select(SyncRun))).all()) == runs


async def test_a_failure_while_it_stops_says_nothing_about_the_connection(student) -> None:
    await connect(student)
    errand = await begin(student)
    await cancel(student, errand.run_id)
    async with unit_of_work() as work:
        await service.fail_run(
            work,
            errand=errand,
            error=moodle.TokenExpiredError("moodle.uni.edu"),
            connection_broken=True,
            now=NOON,
        )
        connection = await work.session.get(MoodleConnection, errand.connection_id)
    assert connection.state is ConnectionState.ACTIVE
    assert connection.failure is None
    assert (await the_run()).failure == rules.CANCELLED


async def test_a_run_that_gave_no_sign_of_life_for_a_minute_and_a_half_is_begun_anew(
    student, sent
) -> None:
    await connect(student)
    await begin(student)
    for seconds, expected in (
        (89, {RunState.RUNNING}),
        (91, {RunState.FAILED, RunState.QUEUED}),
    ):
        async with unit_of_work() as work:
            await service.sweep(work, now=NOON + timedelta(seconds=seconds))
        assert await states() == expected


async def test_what_a_dead_worker_left_of_a_stopped_run_is_not_begun_anew(
    student, sent
) -> None:
    await connect(student)
    errand = await begin(student)
    await cancel(student, errand.run_id)
    sent.clear()
    async with unit_of_work() as work:
        await service.sweep(work, now=NOON + timedelta(minutes=4))
    row = await the_run()
    assert (row.state, row.failure) == (RunState.FAILED, rules.CANCELLED)


async def test_a_retried_job_does_not_go_on_with_a_stopped_run(student) -> None:
    await connect(student)
    errand = await begin(student)
    await cancel(student, errand.run_id)
    async with unit_of_work() as work:
        await service.take_over(work, account_id=student.account_id, job="job", now=NOON)
    assert (await the_run()).failure == rules.CANCELLED


async def test_two_tabs_may_stop_it_at_once(student) -> None:
    await connect(student)
    errand = await begin(student)
    await asyncio.gather(*(cancel(student, errand.run_id) for _ in range(4)))
    assert (await the_run()).cancelled_at == NOON


@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED])
async def test_what_is_over_cannot_be_stopped(student, state) -> None:
    run = await make_run(await connect(student), state=state)
    with pytest.raises(ConflictError, match="over already"):
        await cancel(student, run.id)
    assert (await the_run()).cancelled_at is None


async def test_nobody_stops_the_run_of_another(student, other_student) -> None:
    run = await make_run(await connect(student), state=RunState.QUEUED)
    for wrong in (run.id, uuid4()):
        with pytest.raises(NotFoundError):
            await cancel(other_student, wrong)
    assert (await the_run()).state is RunState.QUEUED


async def test_a_run_says_what_it_is_at_and_how_long_it_takes(student) -> None:
    started = NOON - timedelta(minutes=2)
    await make_run(
        await connect(student),
        state=RunState.RUNNING,
        started_at=started,
        current="Biology: Cells.pdf",
        courses_done=4,
        courses_total=4,
        files_done=10,
        files_total=40,
        bytes_done=1_000_000,
        bytes_total=2_000_000,
    )
    view = await seen(student)
    assert (view.current, view.estimate) == ("Biology: Cells.pdf", "about 6 min left")
    assert view.stoppable


@pytest.mark.parametrize(
    ("seconds", "parts", "words"),
    [
        (60, [(0, 10)], ""),
        (60, [], ""),
        (2, [(5, 10)], ""),
        (60, [(5, 0)], ""),
        (60, [(10, 10)], "less than a minute left"),
        (60, [(9, 10)], "less than a minute left"),
        (60, [(1, 2), (1, 4)], "about 3 min left"),
        (60, [(1, 2), (0, 4)], "about 1 min left"),
        (600, [(1, 20)], "about 3 h left"),
    ],
)
def test_the_slowest_part_says_how_long_it_takes(seconds, parts, words) -> None:
    assert rules.remaining(timedelta(seconds=seconds), *parts) == words
