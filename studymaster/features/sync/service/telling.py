"""What follows from a run: the notifications, and the lectures to propose cards for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import StudyMasterError
from studymaster.features.accounts import service as accounts
from studymaster.features.notifications import service as notifications
from studymaster.features.notifications.schemas import Notice
from studymaster.features.sync import rules
from studymaster.features.sync.queries import changes as queries
from studymaster.features.sync.queries import holdings
from studymaster.features.sync.schemas import Errand, News, Outing
from studymaster.models import NotificationKind, RunState, SyncRun

PAGE = "/live-sync"
GRADES = f"{PAGE}?tab=grades"
DEADLINES = f"{PAGE}?tab=deadlines"

CONNECT_AGAIN = "Moodle needs you to connect again"
BROKEN_TITLES: Mapping[str, str] = {
    "policy_not_agreed": "Your Moodle wants you to agree to its policy",
    "password_change_required": "Your Moodle wants you to change your password",
    "account_suspended": "Your Moodle account is suspended or closed",
}
"""What a student has to see to before a Moodle is read again, by its failure."""


async def lectures_to_propose(work: UnitOfWork, *, outing: Outing) -> Sequence[UUID]:
    """Return the few new or changed lectures of a run whose student wants proposals."""
    chosen = await accounts.preferences(work, account_id=outing.account_id)
    if not chosen.propose_after_sync:
        return []
    return await queries.fresh_lectures(
        work.session,
        outing.account_id,
        run_ids=await _untold(work, outing),
        limit=rules.LECTURES_A_RUN,
    )


async def _untold(work: UnitOfWork, outing: Outing) -> Sequence[UUID]:
    return await queries.untold_runs(work.session, outing.account_id, run_id=outing.run_id)


async def tell_of_finished(work: UnitOfWork, *, outing: Outing, now: datetime) -> None:
    """Tell the student of a run that found news, or met a failure it had not met before.

    The first run over everything has news: the courses are here, and what to do with them.
    """
    before = await _whole_run_before(work, outing=outing, states=(RunState.DONE,))
    arrived = await _arrived(work, outing=outing, before=before)
    if before is None and outing.course_id is None:
        told = rules.first_news(arrived)
    else:
        counts = await queries.change_counts(
            work.session, outing.account_id, run_ids=await _untold(work, outing)
        )
        failed = await _count_new_failures(work, outing=outing, before=before)
        told = rules.news(counts, failed=failed, arrived=arrived)
    if told is not None:
        await _notify(work, told, outing=outing, cause=f"sync:{outing.run_id}", now=now)


async def tell_of_news(
    work: UnitOfWork, *, outing: Outing, news: News, told: int = 0, now: datetime
) -> None:
    """Tell of announcements, grades and due dates; the student's own inbox alone knows.

    Of the first announcements of a run each is told singly; so many were `told` before.
    """
    moved = [one for one in news.deadlines if one.what == "moved"]
    if not (moved or news.announcements or news.grades):
        return
    rows = await holdings.short_names(work.session, outing.account_id)
    run = f"{outing.run_id}"
    tell = partial(_notify, work, outing=outing, now=now)
    singly = news.announcements[: max(rules.TOLD_SINGLY - told, 0)]
    for one in singly:
        words = (f"{rows[one.course_id]}: {one.subject}", "A new announcement.")
        await tell(words, cause=f"announcement:{one.announcement_id}")
    if rest := news.announcements[len(singly) :]:
        words = rules.more_announcements(rows[one.course_id] for one in rest)
        await tell(words, cause=f"announcements:{rest[0].announcement_id}")
    for course_id, name in rows.items():
        graded = [
            (one.name, one.shown) for one in news.grades if one.course_id == course_id
        ]
        if graded:
            words = rules.grade_notice(name, graded)
            await tell(words, cause=f"grades:{run}:{course_id}", path=GRADES)
    if moved:
        zone = (await accounts.get_account(work, outing.account_id)).time_zone
        dates = [(rows[one.course_id], one.title, one.due_at) for one in moved]
        words = rules.moved_notice(dates, zone=zone)
        await tell(words, cause=f"deadlines:{run}", path=DEADLINES)


async def tell_of_age(work: UnitOfWork, *, errand: Errand, now: datetime) -> None:
    """Tell the student, once, of a token in the last week of its life."""
    obtained_at = errand.token_obtained_at
    if now - obtained_at < rules.TOKEN_WARNING:
        return
    text = (
        f"{errand.site_name} lets an app in for twelve weeks at a time, until about "
        f"{obtained_at + rules.TOKEN_LIFE:%d %B}. Connect again on the Live Sync page; "
        "nothing is lost."
    )
    told = ("Your Moodle connection runs out in a week", text)
    cause = f"token-age:{errand.connection_id}:{obtained_at:%Y-%m-%d}"
    await _notify(work, told, outing=errand, cause=cause, now=now)


async def _arrived(
    work: UnitOfWork, *, outing: Outing, before: SyncRun | None
) -> Sequence[tuple[str, int]]:
    if outing.course_id is not None:
        return []  # the next run over everything tells of them
    return await queries.arrived_courses(
        work.session,
        outing.account_id,
        connection_id=outing.connection_id,
        since=before and before.finished_at,
    )


async def _count_new_failures(
    work: UnitOfWork, *, outing: Outing, before: SyncRun | None
) -> int:
    session, account_id = work.session, outing.account_id
    if before is None:
        return 0  # the first time, the student is looking on
    now_missing = await queries.issue_names(session, account_id, run_id=outing.run_id)
    long_missing = await queries.issue_names(session, account_id, run_id=before.id)
    return len(now_missing - long_missing)


async def tell_of_failed(
    work: UnitOfWork,
    *,
    outing: Outing,
    error: StudyMasterError,
    connection_broken: bool,
    now: datetime,
) -> None:
    """Tell the student of a run that stopped, once until one goes through again.

    What they have to do themselves is told anew when it is something else.
    """
    before = await _whole_run_before(work, outing=outing)
    if before is not None and before.state is RunState.FAILED:
        is_known = before.failure == error.message
        if is_known or not connection_broken:
            return
    title = BROKEN_TITLES.get(getattr(error, "code", ""), CONNECT_AGAIN)
    told = (title if connection_broken else "A sync stopped", error.message)
    await _notify(work, told, outing=outing, cause=f"sync:{outing.run_id}", now=now)


async def _whole_run_before(
    work: UnitOfWork, *, outing: Outing, states: Sequence[RunState] = queries.FINISHED
) -> SyncRun | None:
    run = await queries.run_by_id(work.session, outing.account_id, run_id=outing.run_id)
    if run is None:
        return None
    return await queries.whole_run_before(
        work.session,
        outing.account_id,
        connection_id=outing.connection_id,
        moment=run.created_at,
        states=states,
    )


async def _notify(
    work: UnitOfWork,
    told: tuple[str, str],
    *,
    outing: Outing,
    cause: str,
    now: datetime,
    path: str = PAGE,
) -> None:
    title, text = told
    notice = Notice(
        kind=NotificationKind.SYNC, title=title, text=text, path=path, cause=cause
    )
    await notifications.notify(work, account_id=outing.account_id, notice=notice, now=now)
