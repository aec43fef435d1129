"""What follows from a run: the notification, and the lectures to propose cards for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import StudyMasterError
from studymaster.features.accounts import service as accounts
from studymaster.features.notifications import service as notifications
from studymaster.features.notifications.schemas import Notice
from studymaster.features.sync import rules
from studymaster.features.sync.queries import changes as queries
from studymaster.features.sync.schemas import Errand
from studymaster.models import NotificationKind, RunState, SyncRun

PAGE = "/live-sync"


async def lectures_to_propose(work: UnitOfWork, *, errand: Errand) -> Sequence[UUID]:
    """Return the few new or changed lectures of a run whose student wants proposals."""
    chosen = await accounts.preferences(work, account_id=errand.account_id)
    if not chosen.propose_after_sync:
        return []
    return await queries.fresh_lectures(
        work.session,
        errand.account_id,
        run_id=errand.run_id,
        limit=rules.LECTURES_A_RUN,
    )


async def tell_of_finished(work: UnitOfWork, *, errand: Errand, now: datetime) -> None:
    """Tell the student of a run that found news, or met a failure it had not met before.

    The first run over everything has news: the courses are here, and what to do with them.
    """
    before = await _whole_run_before(work, errand=errand, states=(RunState.DONE,))
    arrived = await _arrived(work, errand=errand, before=before)
    if before is None and errand.course_id is None:
        told = rules.first_news(arrived)
    else:
        counts = await queries.change_counts(
            work.session, errand.account_id, run_id=errand.run_id
        )
        failed = await _count_new_failures(work, errand=errand, before=before)
        told = rules.news(counts, failed=failed, arrived=arrived)
    if told is not None:
        title, text = told
        await _notify(work, errand=errand, title=title, text=text, now=now)


async def _arrived(
    work: UnitOfWork, *, errand: Errand, before: SyncRun | None
) -> Sequence[tuple[str, int]]:
    if errand.course_id is not None:
        return []  # the next run over everything tells of them
    return await queries.arrived_courses(
        work.session,
        errand.account_id,
        connection_id=errand.connection_id,
        since=before and before.finished_at,
    )


async def _count_new_failures(
    work: UnitOfWork, *, errand: Errand, before: SyncRun | None
) -> int:
    session, account_id = work.session, errand.account_id
    if before is None:
        return 0  # the first time, the student is looking on
    now_missing = await queries.issue_names(session, account_id, run_id=errand.run_id)
    long_missing = await queries.issue_names(session, account_id, run_id=before.id)
    return len(now_missing - long_missing)


async def tell_of_failed(
    work: UnitOfWork,
    *,
    errand: Errand,
    error: StudyMasterError,
    connection_broken: bool,
    now: datetime,
) -> None:
    """Tell the student of a run that stopped, once until one goes through again."""
    before = await _whole_run_before(work, errand=errand)
    if before is not None and before.state is RunState.FAILED and not connection_broken:
        return
    title = "Moodle needs you to connect again" if connection_broken else "A sync stopped"
    await _notify(work, errand=errand, title=title, text=error.message, now=now)


async def _whole_run_before(
    work: UnitOfWork, *, errand: Errand, states: Sequence[RunState] = queries.FINISHED
) -> SyncRun | None:
    run = await queries.run_by_id(work.session, errand.account_id, run_id=errand.run_id)
    if run is None:
        return None
    return await queries.whole_run_before(
        work.session,
        errand.account_id,
        connection_id=errand.connection_id,
        moment=run.created_at,
        states=states,
    )


async def _notify(
    work: UnitOfWork, *, errand: Errand, title: str, text: str, now: datetime
) -> None:
    notice = Notice(
        kind=NotificationKind.SYNC,
        title=title,
        text=text,
        path=PAGE,
        cause=f"sync:{errand.run_id}",
    )
    await notifications.notify(work, account_id=errand.account_id, notice=notice, now=now)
