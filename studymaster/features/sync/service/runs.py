"""A run from its promise to its end, and the sweeping up of those that fell silent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.moodle import MoodleError
from studymaster.adapters.vault import SealError
from studymaster.errors import ConflictError, NotFoundError, StudyMasterError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import DISCONNECTED
from studymaster.features.courses import service as courses
from studymaster.features.sync import rules
from studymaster.features.sync.queries import runs as queries
from studymaster.features.sync.rules import CANCELLED
from studymaster.features.sync.schemas import Errand, Wish
from studymaster.features.sync.service import unread
from studymaster.features.sync.service.history import NO_RUN
from studymaster.jobs import JobName
from studymaster.models import (
    ConnectionState,
    MoodleConnection,
    RunState,
    SyncIssue,
    SyncRun,
)

log = structlog.get_logger(__name__)

OVER = "This sync is over already; there is nothing left to stop."
INTERRUPTED = "The sync was interrupted. What had arrived is kept; it goes on by itself."

IS_UNFINISHED = text("state IN ('queued', 'running')")

ABOUT_MOODLE = (MoodleError, SealError)
"""Failures that belong to a connection; any other says nothing about it."""


class RunLostError(StudyMasterError):
    """The run is no longer this worker's: it was closed, or its connection was removed."""


async def promise_runs(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Promise the runs that a job came for; nothing happens where one is under way.

    A site that asked for a pause is left alone until it is over.
    """
    connections = await queries.open_connections(work.session, account_id, now=now)
    wishes = [Wish(account_id, connection.id) for connection in connections]
    await _insert_promised(work, wishes, now=now)


async def request_due_syncs(work: UnitOfWork, *, now: datetime) -> None:
    """Promise a run for every connection that has not had one for half an hour.

    At most so many at once as keep a site from seeing all its students in one minute; who
    waits longest comes first. Accounts that nobody opened for a week are read once a day,
    those that have the automatic sync off not at all.
    """
    polled = await queries.count_polled(work.session, now=now)
    due = await queries.accounts_due(
        work.session,
        now=now,
        often=rules.EVERY,
        seldom=rules.WHOLE_DAY,
        limit=rules.most_at_once(awake=polled.awake, asleep=polled.asleep),
    )
    await promise(work, [Wish(*pair) for pair in due], now=now)


async def promise(work: UnitOfWork, wishes: Sequence[Wish], *, now: datetime) -> None:
    """Promise runs, and send one job for each account."""
    for account_id in await _insert_promised(work, wishes, now=now):
        _send(work, account_id=account_id)


async def _insert_promised(
    work: UnitOfWork, wishes: Sequence[Wish], *, now: datetime
) -> list[UUID]:
    """Promise what is not promised yet; return the accounts that it is new for."""
    rows = [
        SyncRun(
            account_id=wish.account_id,
            connection_id=wish.connection_id,
            course_id=wish.course_id,
            state=RunState.QUEUED,
            created_at=now,
            beat_at=now,
        ).model_dump()
        for wish in wishes
    ]
    if not rows:
        return []
    promised = await work.session.exec(
        insert(SyncRun)
        .on_conflict_do_nothing(index_elements=["connection_id"], index_where=IS_UNFINISHED)
        .returning(col(SyncRun.account_id)),
        params=rows,
    )
    return list(dict.fromkeys(row[0] for row in promised.all()))


def _send(work: UnitOfWork, *, account_id: UUID) -> None:
    # Its run is promised already, so a job that comes twice finds nothing to do.
    work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(account_id), promised="yes")
    work.announce(news_for(account_id, Topic.SYNC))


async def take_over(
    work: UnitOfWork, *, account_id: UUID, job: str | None, now: datetime
) -> None:
    """Close the runs that nobody carries out any more, and promise them anew.

    `job` is the job being tried again, if it may have left a run behind itself. Whoever
    still works on a closed run learns it by RunLostError.
    """
    left = await queries.left_runs(
        work.session, account_id, job=job, before=now - rules.LEFT
    )
    await _begin_anew(work, left, now=now)


async def sweep(work: UnitOfWork, *, now: datetime) -> None:
    """Pick up the runs that a dead worker left, and the jobs that a broker lost."""
    await unread.resend_unread(work, before=now - rules.SILENCE, now=now)
    silent = await queries.silent_runs(
        work.session, before=now - rules.SILENCE, dead_before=now - rules.DEAD
    )
    dead = [run for run in silent if run.state is RunState.RUNNING]
    await _begin_anew(work, dead, now=now)
    for run in silent:
        run.beat_at = now
    for account_id in {run.account_id for run in silent}:
        _send(work, account_id=account_id)


async def _begin_anew(work: UnitOfWork, left: Sequence[SyncRun], *, now: datetime) -> None:
    """Close runs that a worker left; what their students did not stop is promised again."""
    for run in left:
        _close(run, CANCELLED if run.cancelled_at else INTERRUPTED, now=now)
        await unread.promise_reading(work, run, now=now)
    await work.session.flush()
    again = [
        Wish(run.account_id, run.connection_id, run.course_id)
        for run in left
        if run.cancelled_at is None
    ]
    await _insert_promised(work, again, now=now)


def _close(run: SyncRun, why: str, *, now: datetime) -> None:
    run.state, run.finished_at, run.beat_at = RunState.FAILED, now, now
    run.failure, run.current = why, ""


async def cancel_run(
    work: UnitOfWork, *, account_id: UUID, run_id: UUID, now: datetime
) -> None:
    """Stop a run: one that waits at once, one that goes on within a second.

    Raises:
        NotFoundError: the run is not the student's.
        ConflictError: it is over already.
    """
    run = await queries.run_to_stop(work.session, account_id, run_id=run_id)
    if run is None:
        raise NotFoundError(NO_RUN)
    if run.state not in queries.UNFINISHED:
        raise ConflictError(OVER)
    _stop(run, now=now)
    work.announce(news_for(account_id, Topic.SYNC))


async def cancel_runs(
    work: UnitOfWork, *, account_id: UUID, connection_id: UUID, now: datetime
) -> None:
    """Stop whatever waits or goes on at one connection."""
    runs = await queries.runs_to_stop(work.session, account_id, connection_id=connection_id)
    for run in runs:
        _stop(run, now=now)


def _stop(run: SyncRun, *, now: datetime) -> None:
    run.cancelled_at = run.cancelled_at or now
    if run.state is RunState.QUEUED:
        _close(run, CANCELLED, now=now)


async def is_cancelled(work: UnitOfWork, *, errand: Errand) -> bool:
    """Tell whether a worker has to stop: its run was cancelled, or is its own no more."""
    return await queries.is_to_stop(work.session, errand.account_id, run_id=errand.run_id)


async def close_cancelled(work: UnitOfWork, *, errand: Errand, now: datetime) -> None:
    """Close a run that its student stopped: that is no failure, and nobody is told.

    Raises:
        RunLostError: it is closed already.
    """
    run = await get_run(work, errand)
    run.cancelled_at = run.cancelled_at or now
    _close(run, CANCELLED, now=now)
    await unread.promise_reading(work, run, now=now)
    courses.outdate(work, account_id=errand.account_id)
    work.announce(news_for(errand.account_id, Topic.SYNC))
    log.info(
        "moodle_sync_cancelled",
        user_id=str(errand.account_id),
        run_id=str(errand.run_id),
    )


async def claim_run(
    work: UnitOfWork, *, account_id: UUID, job: str | None, now: datetime
) -> Errand | None:
    """Take the oldest promised run for a job; None when none waits."""
    found = await queries.queued_run(work.session, account_id)
    if found is None:
        return None
    run, ended = found
    connection = await queries.connection_by_id(
        work.session, account_id, connection_id=run.connection_id
    )
    assert connection is not None
    if connection.failure_code == DISCONNECTED:
        # Promised in the moment in which its student disconnected the site.
        _stop(run, now=now)
        return await claim_run(work, account_id=account_id, job=job, now=now)
    run.state, run.started_at, run.beat_at = RunState.RUNNING, now, now
    run.claimed_by = job
    run.current = f"Asking {connection.site_name} for your courses"[:400]
    work.announce(news_for(account_id, Topic.SYNC))
    return Errand(
        run_id=run.id,
        account_id=account_id,
        connection_id=connection.id,
        site_url=connection.site_url,
        site_name=connection.site_name,
        sealed_token=connection.sealed_token,
        token_obtained_at=connection.token_obtained_at,
        moodle_user_id=connection.moodle_user_id,
        failing=connection.failure_code is not None,
        untold=ended not in {None, RunState.DONE},
        course_id=run.course_id,
    )


async def give_sign_of_life(work: UnitOfWork, *, errand: Errand, now: datetime) -> None:
    """Note that a worker is still at it."""
    run = await get_run(work, errand)
    run.beat_at = now


async def note_progress(
    work: UnitOfWork,
    *,
    errand: Errand,
    now: datetime,
    current: str | None = None,
    **amounts: int,
) -> None:
    """Add to a run's counts and give a sign of life.

    `amounts` are named as the counting columns of SyncRun; the totals are set, not added.
    """
    run = await get_run(work, errand)
    _add(run, amounts)
    run.beat_at = now
    if current is not None:
        run.current = current[:400]


def _add(run: SyncRun, amounts: Mapping[str, int]) -> None:
    for name, amount in amounts.items():
        before = 0 if name.endswith("_total") else getattr(run, name)
        setattr(run, name, before + amount)


async def get_run(work: UnitOfWork, errand: Errand) -> SyncRun:
    """Return the row of a run that is being carried out, locked until it is stored.

    Raises:
        RunLostError: it is not under way any more, so its worker has to stop.
    """
    run = await queries.running_run(work.session, errand.account_id, run_id=errand.run_id)
    if run is None:
        msg = "This run was closed, or its connection was removed, while it was under way."
        raise RunLostError(msg)
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
    call_by_name(error, errand)
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


async def finish_run(
    work: UnitOfWork, *, errand: Errand, now: datetime, **amounts: int
) -> bool:
    """Close a run that went through; return whether it left text to be read.

    `amounts` are its last ones, as `note_progress` has them.
    """
    run = await get_run(work, errand)
    _add(run, amounts)
    run.state, run.finished_at, run.beat_at, run.current = RunState.DONE, now, now, ""
    has_text = await unread.promise_reading(work, run, now=now)
    if errand.failing:
        connection = await _connection(work, errand)
        if connection.failure_code != DISCONNECTED:
            connection.failure = connection.failure_code = None
            connection.paused_until = None
    courses.outdate(work, account_id=errand.account_id)
    work.announce(news_for(errand.account_id, Topic.SYNC))
    log.info(
        "moodle_sync_completed",
        user_id=str(errand.account_id),
        run_id=str(errand.run_id),
        duration_ms=_milliseconds(run, now=now),
        items_synced=run.new_count + run.changed_count,
        items_failed=run.failed_count,
    )
    return has_text


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
    """Close a run that could not go on; what was here stays.

    A broken connection is not asked again until the student connects anew, or asks for a
    run; one whose site wants a pause not before it is over. A fault on our side leaves the
    connection as it is. `error` then says it with the site's name, and the pause with the
    time at which it is over for the student.
    """
    run = await get_run(work, errand)
    if run.cancelled_at is not None:
        return await close_cancelled(work, errand=errand, now=now)
    zone = (await accounts.get_account(work, errand.account_id)).time_zone
    accounts.put_into_words(error, name=errand.site_name, zone=zone, now=now)
    _close(run, error.message, now=now)
    await unread.promise_reading(work, run, now=now)
    connection = await _connection(work, errand)
    if isinstance(error, ABOUT_MOODLE):
        connection.failure = error.message
        connection.failure_code = str(getattr(error, "code", type(error).__name__))[:60]
        connection.paused_until = accounts.pause_of(error, now=now)
    if connection_broken:
        connection.state = ConnectionState.BROKEN
    work.announce(news_for(errand.account_id, Topic.SYNC))
    log.warning(
        "moodle_sync_failed",
        user_id=str(errand.account_id),
        run_id=str(errand.run_id),
        code=str(getattr(error, "code", type(error).__name__)),
    )
    return None


def call_by_name(error: StudyMasterError, errand: Errand) -> None:
    """Have the failure of a site say the name that its students know."""
    if isinstance(error, MoodleError):
        error.reword(errand.site_name)


async def _connection(work: UnitOfWork, errand: Errand) -> MoodleConnection:
    connection = await queries.connection_by_id(
        work.session, errand.account_id, connection_id=errand.connection_id
    )
    assert connection is not None
    return connection
