"""What the Live Sync page shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts import queries as accounts
from studymaster.features.accounts import service as choices
from studymaster.features.accounts.rules import DISCONNECTED
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
from studymaster.features.sync.service.connecting import may_try
from studymaster.models import (
    ConnectionState,
    ConnectionWay,
    Course,
    MoodleConnection,
    RunState,
    SyncRun,
)

WAITING = "Waiting for a free worker"
KEYS_PAGE = "/user/managetoken.php"

STOPPING = ("Stopping the sync", "It ends within a moment. What has arrived is kept.")

WAYS = {
    ConnectionWay.PASSWORD: "moodle",
    ConnectionWay.BROWSER: "browser",
    ConnectionWay.TOKEN: "token",
}
"""The way of the sign-in form by which each kind of connection is renewed."""


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
    is_broken = row.state is ConnectionState.BROKEN
    code = row.failure_code or ""
    return ConnectionView(
        id=str(row.id),
        site_name=row.site_name,
        site_url=row.site_url,
        username=row.moodle_username,
        failure=row.failure or "",
        broken=is_broken,
        synced=rules.ago(row.last_synced_at, now=now),
        way=WAYS[row.way],
        runs_out="" if is_broken else rules.runs_out(row.token_obtained_at, now=now),
        what_to_do=rules.what_to_do(code) if is_broken else "",
        may_try=is_broken and may_try(row),
        disconnected=code == DISCONNECTED,
        keys_url=f"{row.site_url}{KEYS_PAGE}",
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
    tell = rules.after_cancelled if run.cancelled_at else rules.hope
    return tell(run.created_at, automatic=automatic, zone=zone)


def _run_view(
    run: SyncRun, *, courses: Sequence[Course], wait: str, hope: str, now: datetime
) -> RunView:
    about = next((row.shortname for row in courses if row.id == run.course_id), "")
    headline, detail = _told(
        run, about=about, any_listed=any(row.listed for row in courses), wait=wait
    )
    is_stopped = run.cancelled_at is not None
    goes_on = run.state in runs.UNFINISHED
    return RunView(
        id=str(run.id),
        state=run.state.value,
        headline=headline,
        detail=f"{detail} {hope}".strip() if run.state is RunState.FAILED else detail,
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
        stoppable=goes_on and not is_stopped,
        stopping=goes_on and is_stopped,
        cancelled=run.state is RunState.FAILED and is_stopped,
        current=run.current,
        estimate=_estimate(run, now=now),
    )


def _told(run: SyncRun, *, about: str, any_listed: bool, wait: str) -> tuple[str, str]:
    """Return what a run is, in a headline and a sentence."""
    outcome = rules.outcome(
        new=run.new_count, changed=run.changed_count, failed=run.failed_count
    )
    here = (f"{about} is here" if about else "Everything is here", outcome)
    goes_on = (f"Syncing only {about}" if about else "Syncing", run.current)
    headlines = {
        RunState.QUEUED: (WAITING, wait),
        RunState.RUNNING: STOPPING if run.cancelled_at else goes_on,
        RunState.DONE: here if any_listed else rules.NO_COURSES,
        RunState.FAILED: (
            "You stopped the sync" if run.cancelled_at else "The sync stopped",
            run.failure or "",
        ),
    }
    return headlines[run.state]


def _estimate(run: SyncRun, *, now: datetime) -> str:
    """Return how long a run still takes, in words; empty while nobody can say."""
    if run.state is not RunState.RUNNING or run.started_at is None or run.cancelled_at:
        return ""
    courses = (run.courses_done, run.courses_total)
    files = ((run.files_done, run.files_total), (run.bytes_done, run.bytes_total))
    parts = files if run.files_total else (courses,)
    return rules.remaining(now - run.started_at, *parts)


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
