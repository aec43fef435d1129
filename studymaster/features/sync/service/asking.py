"""Asking for a run: what broke is tried once more, and no site is asked in its pause."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts import queries as accounts
from studymaster.features.accounts import service as profiles
from studymaster.features.accounts.rules import DISCONNECTED, time_of
from studymaster.features.courses import service as courses
from studymaster.features.sync import rules
from studymaster.features.sync.queries import runs as queries
from studymaster.features.sync.schemas import Wish
from studymaster.features.sync.service.runs import promise
from studymaster.models import ConnectionState, MoodleConnection, RunState, SyncRun

NOT_CONNECTED = (
    "No Moodle is connected. Connect yours first, then everything comes by itself."
)
LEFT = "{site} is disconnected. Connect it again on the page Live Sync, under Connections."
RUN_OUT = (
    "{site} lets StudyMaster in no more. Connect it again on the page Live Sync, under "
    "Connections."
)
PAUSED = "{site} asks for a pause until {time}. Nothing is lost; sync again after that."
SWITCHED_OFF = "This course is switched off. Switch it on, then ask again."
OTHER_RUN = "Another sync is under way and does not bring this. Ask again when it is done."


async def request_sync(
    work: UnitOfWork, *, account_id: UUID, now: datetime, course_id: UUID | None = None
) -> UUID:
    """Promise a run for every working connection, or over one course; return its id.

    Where such a run is under way already, that is the one. A connection that waits for
    something to be done in Moodle is tried once more; a site that asked for a pause is not.

    Raises:
        NotFoundError: the course is not the student's.
        ConflictError: nothing is connected, every site asks for a pause, the course is
            switched off, or a run that does not bring what is wanted is under way.
    """
    wanted = await _wanted(work, account_id=account_id, course_id=course_id)
    working = await _working(work, wanted, now=now)
    wishes = [Wish(account_id, connection.id, course_id) for connection in working]
    if course_id is None:
        await _widen_waiting(work, account_id=account_id)
    await promise(work, wishes, now=now)
    under_way = await queries.unfinished_runs(work.session, account_id)
    connections = {wish.connection_id for wish in wishes}
    for run in under_way:
        if run.connection_id in connections and run.course_id in {None, course_id}:
            return run.id
    raise ConflictError(OTHER_RUN)


async def _wanted(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID | None
) -> Sequence[MoodleConnection]:
    """Return the connections that a run is wanted over, whatever state they are in."""
    connections = await accounts.connections(work.session, account_id)
    if course_id is None:
        return connections
    course = await queries.course_by_id(work.session, account_id, course_id=course_id)
    if course is None:
        raise NotFoundError(courses.NO_COURSE)
    if not course.sync_enabled:
        raise ConflictError(SWITCHED_OFF)
    return [row for row in connections if row.id == course.connection_id]


async def _working(
    work: UnitOfWork, wanted: Sequence[MoodleConnection], *, now: datetime
) -> Sequence[MoodleConnection]:
    for connection in wanted:
        if may_try(connection):
            await revive(work, connection)
    active = [row for row in wanted if row.state is ConnectionState.ACTIVE]
    if not active:
        raise ConflictError(_why_not(wanted))
    open_now = [row for row in active if not row.paused_until or row.paused_until <= now]
    if not open_now:
        raise ConflictError(await _until(work, active[0], now=now))
    return open_now


def _why_not(broken: Sequence[MoodleConnection]) -> str:
    """Return why nothing can be read; what the student ended is said last."""
    run_out = [row for row in broken if row.failure_code != DISCONNECTED]
    if run_out:
        return RUN_OUT.format(site=run_out[0].site_name)
    return LEFT.format(site=broken[0].site_name) if broken else NOT_CONNECTED


async def _until(work: UnitOfWork, paused: MoodleConnection, *, now: datetime) -> str:
    assert paused.paused_until is not None
    zone = (await profiles.get_account(work, paused.account_id)).time_zone
    time = time_of(paused.paused_until, now=now, zone=zone)
    return PAUSED.format(site=paused.site_name, time=time)


def may_try(connection: MoodleConnection) -> bool:
    """Tell whether a connection is broken and its key may open its site again."""
    is_broken = connection.state is ConnectionState.BROKEN
    return is_broken and (connection.failure_code or "") in rules.OPENS_STILL


async def revive(work: UnitOfWork, connection: MoodleConnection) -> None:
    """Have a connection read again; the next run finds out whether it works.

    Another tab may have ended it meanwhile: then it stays so.
    """
    row = await queries.connection_for_update(
        work.session, connection.account_id, connection_id=connection.id
    )
    if row is not None and may_try(row):
        row.state = ConnectionState.ACTIVE
        row.failure = row.failure_code = None
        await work.session.flush()


async def _widen_waiting(work: UnitOfWork, *, account_id: UUID) -> None:
    """Let a run over one course that nobody has begun yet go over everything."""
    await work.session.exec(
        update(SyncRun)
        .where(col(SyncRun.account_id) == account_id, col(SyncRun.state) == RunState.QUEUED)
        .values(course_id=None)
    )
