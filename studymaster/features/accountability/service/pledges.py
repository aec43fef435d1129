"""Promises to a buddy: made, looked at from both sides, taken back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accountability import rules
from studymaster.features.accountability.queries import pledges as queries
from studymaster.features.accountability.rules import Measure, Promise
from studymaster.features.accountability.schemas import (
    BuddyChoice,
    PledgeBounds,
    Pledges,
    PledgeView,
)
from studymaster.features.accountability.service.verdicts import (
    PATH,
    measure_of,
    progress_of,
    settle_pledges,
    tell_both,
    words_of,
)
from studymaster.features.accounts import rules as accounts_rules
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.service import buddies
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.features.notifications.service import settle as settle_notice
from studymaster.models import (
    Account,
    NotificationKind,
    Pledge,
    PledgeKind,
    PledgeState,
)

OPEN = PledgeState.OPEN.value
NO_PLEDGE = "That pledge is not open any more."
ONE_OF_A_KIND = (
    "You have an open pledge of this kind. Keep it or withdraw it before you make the next."
)

Row = tuple[Pledge, Account]


async def make_pledge(
    work: UnitOfWork, *, student: Student, buddy_id: UUID, promise: Promise, now: datetime
) -> PledgeView:
    """Promise something to a buddy; it counts from this moment on.

    A pledge that is kept by now is settled first and stands in nobody's way. The same
    promise once more changes nothing: it was sent twice.

    Raises:
        NotFoundError: they are not buddies.
        ConflictError: a pledge of this kind is open.
    """
    account_id = student.account_id
    buddy = await buddies.require_buddy(work, account_id=account_id, other_id=buddy_id)
    pledge = Pledge(
        account_id=account_id,
        buddy_id=buddy_id,
        kind=PledgeKind(promise.measure.value),
        amount=promise.amount,
        from_day=promise.from_day,
        until_day=promise.until_day,
        created_at=now,
    )
    await settle_pledges(work, today={account_id: student.day_of(now)}, now=now)
    if await queries.add_pledge(work.session, account_id, pledge=pledge):
        await _tell_of_new(work, pledge, student=student, now=now)
        return await _view(work, pledge, name=buddy.name, now=now, seen=True)
    known = await queries.find_same_pledge(
        work.session, account_id, pledge=pledge, state=PledgeState.OPEN
    )
    if known is None:
        raise ConflictError(ONE_OF_A_KIND)
    return await _view(work, known, name=buddy.name, now=now, seen=True)


async def _tell_of_new(
    work: UnitOfWork, pledge: Pledge, *, student: Student, now: datetime
) -> None:
    """Tell the buddy of a new pledge, but not again of one that was taken back today."""
    tell_both(work, pledge.account_id, pledge.buddy_id)
    if await queries.find_same_pledge(
        work.session, pledge.account_id, pledge=pledge, state=PledgeState.WITHDRAWN
    ):
        return
    notice = Notice(
        kind=NotificationKind.POINTS,
        title=f"{student.display_name} made you a pledge",
        text=f"{words_of(pledge)}.",
        path=PATH,
        cause=_made_cause(pledge.id),
    )
    await notify(work, account_id=pledge.buddy_id, notice=notice, now=now)


def _made_cause(pledge_id: UUID) -> str:
    return f"pledge:{pledge_id}:made"


async def withdraw_pledge(
    work: UnitOfWork, *, account_id: UUID, pledge_id: UUID, now: datetime
) -> None:
    """Take a promise back before it is settled; its news waits for the buddy no more.

    Raises:
        NotFoundError: it is not the student's, or not open.
    """
    buddy_id = await queries.end_pledge(
        work.session,
        account_id,
        pledge_id=pledge_id,
        state=PledgeState.WITHDRAWN,
        now=now,
    )
    if buddy_id is None:
        raise NotFoundError(NO_PLEDGE)
    await settle_notice(work, account_id=buddy_id, cause=_made_cause(pledge_id), now=now)
    tell_both(work, account_id, buddy_id)


async def list_pledges(work: UnitOfWork, *, student: Student, now: datetime) -> Pledges:
    """Return open and lately settled pledges, both ways, and who can be promised to."""
    account_id = student.account_id
    since = now - timedelta(days=rules.FINISHED_SHOWN_DAYS)
    known = await buddies.list_buddies(work, account_id=account_id)
    names = {one.account_id for one in known}
    own = await queries.own_pledges(work.session, account_id, settled_since=since)
    theirs = await queries.pledges_to(
        work.session,
        account_id,
        makers=[UUID(one.account_id) for one in known],
        settled_since=since,
    )
    return Pledges(
        own=[
            await _view(
                work, pledge, name=buddy.display_name, now=now, seen=str(buddy.id) in names
            )
            for pledge, buddy in _in_order(own, account_id)
        ],
        theirs=[
            await _view(work, pledge, name=maker.display_name, now=now, seen=True)
            for pledge, maker in _in_order(theirs, account_id)
        ],
        buddies=[BuddyChoice(one.account_id, one.name) for one in known],
    )


def _in_order(rows: Sequence[Row], account_id: UUID) -> list[Row]:
    """Put open pledges first, and leave out what a buddy took back."""
    shown = [
        row
        for row in rows
        if row[0].account_id == account_id or row[0].state is not PledgeState.WITHDRAWN
    ]
    return sorted(shown, key=lambda row: row[0].state is not PledgeState.OPEN)


async def _view(
    work: UnitOfWork, pledge: Pledge, *, name: str, now: datetime, seen: bool
) -> PledgeView:
    maker = await queries.get_account(work.session, pledge.account_id)
    done = await progress_of(work, pledge)
    return PledgeView(
        id=str(pledge.id),
        name=name,
        words=words_of(pledge),
        progress=done,
        goal=pledge.amount,
        counted=rules.progress_words(measure_of(pledge), done, goal=pledge.amount),
        state=pledge.state.value,
        when=_when(pledge, maker, met=done == pledge.amount, now=now),
        seen=seen,
    )


def _when(pledge: Pledge, maker: Account, *, met: bool, now: datetime) -> str:
    if pledge.settled_at is None:
        today = _day_of(maker, now)
        return rules.MET if met else rules.days_left(pledge.until_day, today=today)
    missed = pledge.state is PledgeState.MISSED
    ended = pledge.until_day if missed else _day_of(maker, pledge.settled_at)
    return rules.ending_words(pledge.state.value, on=ended)


def _day_of(account: Account, moment: datetime) -> date:
    return accounts_rules.day_of(
        moment, time_zone=account.time_zone, day_start_hour=account.day_start_hour
    )


def pledge_bounds(measure: Measure) -> PledgeBounds:
    """Return between what the amount of a kind of pledge lies."""
    rule = rules.PLEDGES[measure]
    return PledgeBounds(rule.least, rule.most, f"{rule.span}.")
