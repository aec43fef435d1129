"""What the person who hosts the product sees, and who that is."""

from datetime import datetime, timedelta
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.storage import Storage
from studymaster.config import get_settings
from studymaster.errors import NotFoundError, StudyMasterError
from studymaster.features.accounts import queries as accounts
from studymaster.features.accounts import rules
from studymaster.features.accounts.queries import hosting as queries
from studymaster.features.accounts.schemas import (
    Fact,
    FailedTask,
    FailureView,
    HostView,
    PartView,
)
from studymaster.models import RunState, TaskFailure
from studymaster.paging import Window

NO_PAGE = "There is no such page."
TICK = "beat"
LATE = timedelta(minutes=3)
"""Beat ticks every minute: later than this, it or every worker stands still."""

LISTED = 30
PROBE, PROBE_KEY = b"here", "probes/host"
RUNS_SINCE = timedelta(days=1)


async def is_host(work: UnitOfWork, *, account_id: UUID) -> bool:
    """Tell whether an account is named in ADMINS.

    Entries are `account:` with an account's id, or `username@site` for a user whom that
    Moodle has vouched for; never an e-mail address, as anybody can type one.
    """
    admins = {rules.admin_name(name) for name in get_settings().admins}
    if not admins or f"account:{account_id}" in admins:
        return bool(admins)
    names = {
        rules.admin_name(f"{row.moodle_username}@{row.site_url.partition('://')[2]}")
        for row in await accounts.connections(work.session, account_id)
    }
    return not names.isdisjoint(admins)


async def require_host(work: UnitOfWork, *, account_id: UUID) -> None:
    """Refuse everybody else as if there were no such page."""
    if not await is_host(work, account_id=account_id):
        raise NotFoundError(NO_PAGE)


async def overview(work: UnitOfWork, *, now: datetime) -> HostView:
    """Return counts, the failed tasks that nobody has seen, and when beat last ticked."""
    session = work.session
    runs = await queries.count_runs(session, since=now - RUNS_SINCE)
    rows = await queries.unseen_failures(session, window=Window(limit=LISTED))
    tick = await queries.tick(session, name=TICK)
    sessions = await queries.count_live_sessions(session, now=now)
    facts = [
        Fact("Accounts", f"{await queries.count_accounts(session):,}"),
        Fact("Live sessions", f"{sessions:,}"),
        *[
            Fact(f"Syncs {state.value}, last 24 h", f"{runs.get(state, 0):,}")
            for state in RunState
        ],
    ]
    return HostView(
        facts=tuple(facts),
        failures=tuple(_failure_view(row) for row in rows[:LISTED]),
        failure_count=await queries.count_unseen_failures(session),
        ticked_at=tick.at.isoformat() if tick else "",
        beats=tick is not None and now - tick.at <= LATE,
    )


def _failure_view(row: TaskFailure) -> FailureView:
    return FailureView(
        id=str(row.id),
        task=row.task,
        arguments=row.arguments,
        error=row.error,
        at=row.created_at.isoformat(),
    )


def part(name: str, *, answers: bool) -> PartView:
    """Return how one of the product's parts is, in words."""
    detail = "It answers." if answers else "It does not answer. See the log."
    return PartView(name, answers, detail)


async def storage_answers(storage: Storage) -> bool:
    """Tell whether a few bytes can be kept and read again."""
    try:
        await storage.put_bytes(PROBE, PROBE_KEY)
        return await storage.get_bytes(PROBE_KEY) == PROBE
    except StudyMasterError:
        return False


async def mark_seen(work: UnitOfWork, *, failure_id: UUID | None, now: datetime) -> None:
    """Take one failed task off the list, or all of them (None)."""
    await queries.mark_failures_seen(work.session, only=failure_id, now=now)


async def note_failure(work: UnitOfWork, *, failure: FailedTask, now: datetime) -> None:
    """Keep that a task ended in an error."""
    work.session.add(
        TaskFailure(
            task=failure.task[:80],
            arguments=failure.arguments[:1000],
            error=failure.error[:2000],
            created_at=now,
        )
    )


async def note_tick(work: UnitOfWork, *, now: datetime) -> None:
    """Keep that beat and a worker are alive."""
    await queries.keep_tick(work.session, name=TICK, now=now)
