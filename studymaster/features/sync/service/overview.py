"""What the Live Sync page shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts import queries as accounts
from studymaster.features.accounts import service as choices
from studymaster.features.accounts.schemas import Student
from studymaster.features.sync import rules
from studymaster.features.sync.queries import holdings, runs
from studymaster.features.sync.schemas import (
    ConnectionView,
    CourseStatus,
    IssueView,
    RunView,
    SyncView,
)
from studymaster.models import (
    ConnectionState,
    Course,
    MoodleConnection,
    RunState,
    SyncRun,
)

WAITING = "Waiting for a free worker"


async def overview(work: UnitOfWork, *, student: Student, now: datetime) -> SyncView:
    """Return everything that the Live Sync page shows."""
    session, account_id = work.session, student.account_id
    run = await runs.newest_run(session, account_id)
    issues = await runs.issues(session, account_id, run_id=run.id) if run else ()
    counts = await holdings.course_counts(session, account_id)
    connections = await accounts.connections(session, account_id)
    chosen = await choices.preferences(work, account_id=account_id)
    return SyncView(
        connections=tuple(_connection_view(row, now=now) for row in connections),
        run=_run_view(
            run,
            courses=[row.course for row in counts],
            wait=await _wait(work, run, now=now),
            hope=_hope(run, connections, chosen.sync_enabled, zone=student.time_zone),
            now=now,
        )
        if run
        else await _first_run(work, connections, now=now),
        issues=tuple(
            IssueView(row.course_name, row.item_name, row.sentence) for row in issues
        ),
        courses=tuple(_course_status(row, now=now) for row in sorted(counts, key=_place)),
        automatic=chosen.sync_enabled,
    )


def _connection_view(row: MoodleConnection, *, now: datetime) -> ConnectionView:
    return ConnectionView(
        id=str(row.id),
        site_name=row.site_name,
        site_url=row.site_url,
        username=row.moodle_username,
        failure=row.failure or "",
        broken=row.state is ConnectionState.BROKEN,
        synced=rules.ago(row.last_synced_at, now=now),
    )


async def _wait(work: UnitOfWork, run: SyncRun, *, now: datetime) -> str:
    """Say what is going on while a run waits; empty once it does not."""
    if run.state is not RunState.QUEUED:
        return ""
    return await _wait_since(
        work, account_id=run.account_id, moment=run.created_at, now=now
    )


async def _wait_since(
    work: UnitOfWork, *, account_id: UUID, moment: datetime, now: datetime
) -> str:
    ahead = await runs.runs_of_others_ahead(work.session, account_id, moment=moment)
    return rules.waiting(now - moment, ahead=ahead)


async def _first_run(
    work: UnitOfWork, connections: Sequence[MoodleConnection], *, now: datetime
) -> RunView | None:
    """Return the run that connecting asked for, while no worker has taken it up."""
    working = [row for row in connections if row.state is ConnectionState.ACTIVE]
    if not working:
        return None
    newest = max(working, key=lambda row: row.created_at)
    return RunView(
        headline=WAITING,
        detail=await _wait_since(
            work, account_id=newest.account_id, moment=newest.created_at, now=now
        ),
        waits=True,
        started=rules.ago(newest.created_at, now=now),
    )


def _hope(
    run: SyncRun,
    connections: Sequence[MoodleConnection],
    automatic: bool,  # noqa: FBT001 - a stored choice
    *,
    zone: str,
) -> str:
    """Return what becomes of a run that stopped; nothing where the student has to sign in."""
    working = [row.id for row in connections if row.state is ConnectionState.ACTIVE]
    if run.connection_id not in working:
        return ""
    return rules.hope(run.created_at, automatic=automatic, zone=zone)


def _run_view(
    run: SyncRun, *, courses: Sequence[Course], wait: str, hope: str, now: datetime
) -> RunView:
    about = next((row.shortname for row in courses if row.id == run.course_id), "")
    outcome = rules.outcome(
        new=run.new_count, changed=run.changed_count, failed=run.failed_count
    )
    here = (f"{about} is here" if about else "Everything is here", outcome)
    headlines = {
        RunState.QUEUED: (WAITING, wait),
        RunState.RUNNING: (f"Syncing only {about}" if about else "Syncing", run.current),
        RunState.DONE: here if any(row.listed for row in courses) else rules.NO_COURSES,
        RunState.FAILED: ("The sync stopped", f"{run.failure or ''} {hope}".strip()),
    }
    headline, detail = headlines[run.state]
    return RunView(
        id=str(run.id),
        state=run.state.value,
        headline=headline,
        detail=detail,
        waits=run.state is RunState.QUEUED,
        percent=100 if run.state is RunState.DONE else _percent(run),
        courses_done=run.courses_done,
        courses_total=run.courses_total,
        files_done=run.files_done,
        files_total=run.files_total,
        fetched=rules.size(run.bytes_done),
        new_count=run.new_count,
        changed_count=run.changed_count,
        failed_count=run.failed_count,
        started=rules.ago(run.created_at, now=now),
    )


def _percent(run: SyncRun) -> int:
    return rules.percent(
        courses=(run.courses_done, run.courses_total),
        files=(run.files_done, run.files_total),
    )


def _place(row: holdings.CourseCounts) -> tuple[bool, str]:
    """Return what courses are ordered by: by name as on the dashboard, gone ones last."""
    return not row.course.listed, row.course.fullname


def _course_status(row: holdings.CourseCounts, *, now: datetime) -> CourseStatus:
    return CourseStatus(
        id=str(row.course.id),
        shortname=row.course.shortname,
        fullname=row.course.fullname,
        line=row.course.line,
        listed=row.course.listed,
        sync_enabled=row.course.sync_enabled,
        materials=row.materials,
        files=row.files,
        waiting=row.waiting,
        synced=rules.ago(row.read_at, now=now),
    )
