"""What the Live Sync page shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts import queries as accounts
from studymaster.features.accounts import service as choices
from studymaster.features.accounts.rules import DISCONNECTED
from studymaster.features.accounts.schemas import Student
from studymaster.features.sync import rules
from studymaster.features.sync.queries import holdings, runs, texts
from studymaster.features.sync.schemas import (
    ConnectionView,
    CourseStatus,
    IssueView,
    SyncView,
)
from studymaster.features.sync.service.asking import may_try
from studymaster.features.sync.service.naming import labels
from studymaster.features.sync.service.panel import (
    NOTHING,
    Moment,
    Site,
    panel,
    run_view,
)
from studymaster.features.sync.service.tallies import brought_by
from studymaster.models import (
    ConnectionState,
    ConnectionWay,
    MoodleConnection,
    RunState,
    SyncRun,
)

KEYS_PAGE = "/user/managetoken.php"

WAYS = {
    ConnectionWay.PASSWORD: "moodle",
    ConnectionWay.BROWSER: "browser",
    ConnectionWay.TOKEN: "token",
}
"""The way of the sign-in form by which each kind of connection is renewed."""


async def overview(work: UnitOfWork, *, student: Student, now: datetime) -> SyncView:
    """Return everything that the Live Sync page shows."""
    account_id = student.account_id
    counts = await holdings.course_counts(work.session, account_id)
    sites = await _sites(work, counts, account_id=account_id)
    chosen = await choices.preferences(work, account_id=account_id)
    at = Moment(
        now=now,
        zone=student.time_zone,
        automatic=chosen.sync_enabled,
        ahead=await _ahead(work, sites, account_id=account_id),
    )
    shown = tuple(run_view(site, at=at) for site in sites.values())
    unread = await _unread(work, account_id=account_id)
    return SyncView(
        connections=tuple(
            _connection_view(one.connection, now=now) for one in sites.values()
        ),
        panel=panel([*sites.values()], shown, unread=unread),
        runs=shown,
        issues=await _issues(work, sites, account_id=account_id),
        courses=tuple(
            _course_status(row, sites[row.course.connection_id])
            for row in sorted(counts, key=_place)
        ),
        automatic=chosen.sync_enabled,
    )


async def _sites(
    work: UnitOfWork, counts: Sequence[holdings.CourseCounts], *, account_id: UUID
) -> dict[UUID, Site]:
    """Return the student's connections as they stand, by their ids, the oldest first."""
    connections = await accounts.connections(work.session, account_id)
    newest = await runs.newest_runs(work.session, account_id)
    brought = await brought_by(work, account_id=account_id, runs=newest.values())
    names = labels(connections)
    return {
        row.id: Site(
            connection=row,
            label=names[row.id],
            run=(run := newest.get(row.id)),
            brought=brought[run.id] if run else NOTHING,
            courses=[one.course for one in counts if one.course.connection_id == row.id],
        )
        for row in connections
    }


async def _ahead(work: UnitOfWork, sites: Mapping[UUID, Site], *, account_id: UUID) -> int:
    """Count the runs of others that go before the oldest run that waits."""
    waiting = [
        site.run.created_at if site.run else site.connection.created_at
        for site in sites.values()
        if site.is_active and (site.run is None or site.run.state is RunState.QUEUED)
    ]
    if not waiting:
        return 0
    return await runs.runs_of_others_ahead(work.session, account_id, moment=min(waiting))


async def _unread(work: UnitOfWork, *, account_id: UUID) -> int:
    """Count what came whose text is still being read; what came just now is not yet."""
    if not await runs.is_reading(work.session, account_id):
        return 0
    return await texts.count_unread(work.session, account_id)


async def _issues(
    work: UnitOfWork, sites: Mapping[UUID, Site], *, account_id: UUID
) -> tuple[IssueView, ...]:
    """Return what did not come with the newest run of each connection."""
    newest = [site.run.id for site in sites.values() if site.run]
    found = await runs.issues(work.session, account_id, run_ids=newest)
    return tuple(IssueView(row.course_name, row.item_name, row.sentence) for row in found)


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
        may_try=may_try(row),
        disconnected=code == DISCONNECTED,
        keys_url=f"{row.site_url}{KEYS_PAGE}",
    )


def _place(row: holdings.CourseCounts) -> tuple[bool, str]:
    """Return what courses are ordered by: by name as on the dashboard, gone ones last."""
    return not row.course.listed, row.course.fullname


def _course_status(row: holdings.CourseCounts, site: Site) -> CourseStatus:
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
        gone=row.gone,
        synced=row.read_at.isoformat() if row.read_at else "",
        busy=_is_busy(site.run),
        away=not site.may_be_asked,
    )


def _is_busy(run: SyncRun | None) -> bool:
    return run is not None and run.state in runs.UNFINISHED
