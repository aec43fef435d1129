"""A run from its promise to its end, and the sweeping up of those that fell silent."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, StudyMasterError
from studymaster.features.sync import queries, rules
from studymaster.features.sync.schemas import Errand
from studymaster.jobs import JobName
from studymaster.models import (
    ConnectionState,
    MoodleConnection,
    RunState,
    SyncIssue,
    SyncRun,
)

log = structlog.get_logger(__name__)

INTERRUPTED = "The sync was interrupted. What had arrived is kept; it goes on by itself."


async def request_sync(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Promise a run for every working connection that has none under way."""
    connections = await queries.active_connections(work.session, account_id)
    if not connections:
        msg = (
            "No Moodle is connected. Connect yours first, then everything comes by itself."
        )
        raise ConflictError(msg)
    await _promise_runs(work, account_id=account_id, connections=connections, now=now)
    work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(account_id))
    work.announce(news_for(account_id, Topic.SYNC))


async def _promise_runs(
    work: UnitOfWork,
    *,
    account_id: UUID,
    connections: Sequence[MoodleConnection],
    now: datetime,
) -> None:
    unfinished = await queries.unfinished_runs(work.session, account_id)
    busy = {run.connection_id for run in unfinished}
    for connection in connections:
        if connection.id not in busy:
            run = SyncRun(
                account_id=account_id,
                connection_id=connection.id,
                state=RunState.QUEUED,
                created_at=now,
                beat_at=now,
            )
            work.session.add(run)
    await work.session.flush()


async def promise_runs(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Promise the runs that a job came for; nothing happens where one is under way."""
    connections = await queries.active_connections(work.session, account_id)
    await _promise_runs(work, account_id=account_id, connections=connections, now=now)


async def claim_run(work: UnitOfWork, *, account_id: UUID, now: datetime) -> Errand | None:
    """Take the oldest promised run; None when none waits."""
    run = await queries.queued_run(work.session, account_id)
    if run is None:
        return None
    connection = await queries.connection_by_id(
        work.session, account_id, connection_id=run.connection_id
    )
    assert connection is not None
    run.state, run.started_at, run.beat_at = RunState.RUNNING, now, now
    run.current = f"Asking {connection.site_name} for your courses"[:400]
    work.announce(news_for(account_id, Topic.SYNC))
    return Errand(
        run_id=run.id,
        account_id=account_id,
        connection_id=connection.id,
        site_url=connection.site_url,
        sealed_token=connection.sealed_token,
    )


async def note_progress(
    work: UnitOfWork,
    *,
    errand: Errand,
    now: datetime,
    current: str | None = None,
    **amounts: int,
) -> None:
    """Add to a run's counts, give a sign of life, and tell every open tab.

    `amounts` are named as the counting columns of SyncRun; the totals are set, not added.
    """
    run = await get_run(work, errand)
    for name, amount in amounts.items():
        before = 0 if name.endswith("_total") else getattr(run, name)
        setattr(run, name, before + amount)
    run.beat_at = now
    if current is not None:
        run.current = current[:400]
    work.announce(news_for(errand.account_id, Topic.SYNC))


async def get_run(work: UnitOfWork, errand: Errand) -> SyncRun:
    """Return the row of a run that is being carried out."""
    run = await queries.run_by_id(work.session, errand.account_id, run_id=errand.run_id)
    assert run is not None
    return run


async def note_issue(
    work: UnitOfWork,
    *,
    errand: Errand,
    course_name: str,
    item_name: str,
    error: StudyMasterError,
    now: datetime,
) -> None:
    """Keep one thing that a run could not do, with its sentence."""
    issue = SyncIssue(
        account_id=errand.account_id,
        run_id=errand.run_id,
        course_name=course_name[:400],
        item_name=item_name[:400],
        code=str(getattr(error, "code", type(error).__name__))[:60],
        sentence=error.message,
        created_at=now,
    )
    work.session.add(issue)
    await note_progress(work, errand=errand, now=now, failed_count=1)


async def finish_run(work: UnitOfWork, *, errand: Errand, now: datetime) -> None:
    """Close a run that went through."""
    run = await get_run(work, errand)
    run.state, run.finished_at, run.beat_at, run.current = RunState.DONE, now, now, ""
    connection = await _connection(work, errand)
    connection.last_synced_at, connection.failure = now, None
    work.announce(news_for(errand.account_id, Topic.SYNC))
    log.info(
        "moodle_sync_completed",
        account_id=str(errand.account_id),
        duration_ms=_milliseconds(run, now=now),
        items_synced=run.new_count + run.changed_count,
        items_failed=run.failed_count,
    )


def _milliseconds(run: SyncRun, *, now: datetime) -> int:
    return int((now - (run.started_at or now)).total_seconds() * 1000)


async def fail_run(
    work: UnitOfWork,
    *,
    errand: Errand,
    error: StudyMasterError,
    connection_broken: bool,
    now: datetime,
) -> None:
    """Close a run that the whole site refused; what was here stays.

    A broken connection is not asked again until the student connects anew.
    """
    run = await get_run(work, errand)
    run.state, run.finished_at, run.beat_at = RunState.FAILED, now, now
    run.failure, run.current = error.message, ""
    connection = await _connection(work, errand)
    connection.failure = error.message
    if connection_broken:
        connection.state = ConnectionState.BROKEN
    work.announce(news_for(errand.account_id, Topic.SYNC))
    log.warning(
        "moodle_sync_failed",
        account_id=str(errand.account_id),
        code=str(getattr(error, "code", type(error).__name__)),
    )


async def _connection(work: UnitOfWork, errand: Errand) -> MoodleConnection:
    connection = await queries.connection_by_id(
        work.session, errand.account_id, connection_id=errand.connection_id
    )
    assert connection is not None
    return connection


async def request_due_syncs(work: UnitOfWork, *, now: datetime) -> None:
    """Ask for a run of every account that has not had one for half an hour."""
    for account_id in await queries.accounts_due(work.session, before=now - rules.EVERY):
        work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(account_id))


async def sweep(work: UnitOfWork, *, now: datetime) -> None:
    """Pick up the runs that a dead worker left, and the jobs that a broker lost."""
    for run in await queries.silent_runs(work.session, before=now - rules.SILENCE):
        run.beat_at = now
        if run.state is RunState.RUNNING:
            run.state, run.finished_at = RunState.FAILED, now
            run.failure, run.current = INTERRUPTED, ""
        work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(run.account_id))
        work.announce(news_for(run.account_id, Topic.SYNC))
