"""Promises to a buddy, counted by the log."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
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
from studymaster.features.accountability.service.counting import tally
from studymaster.features.accounts import rules as accounts_rules
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.service import buddies
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.features.notifications.service import settle as settle_notice
from studymaster.features.points import service as points
from studymaster.models import (
    Account,
    NotificationKind,
    Pledge,
    PledgeKind,
    PledgeState,
)

PATH = "/accountability"
OPEN = PledgeState.OPEN.value
NO_PLEDGE = "That pledge is not open any more."
ONE_OF_A_KIND = (
    "You have an open pledge of this kind. Keep it or withdraw it before you make the next."
)

Row = tuple[Pledge, Account]


async def make_pledge(
    work: UnitOfWork, *, student: Student, buddy_id: UUID, promise: Promise, now: datetime
) -> PledgeView:
    """Promise something to a buddy; today counts from its start.

    The buddy is told of one pledge of the student a day. The same promise once more
    changes nothing: it was sent twice.

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
    if await queries.add_pledge(work.session, account_id, pledge=pledge):
        await _tell_of_new(work, pledge, student=student, now=now)
        return await _view(work, pledge, name=buddy.name, now=now, seen=True)
    known = await queries.find_same_pledge(work.session, account_id, pledge=pledge)
    if known is None:
        raise ConflictError(ONE_OF_A_KIND)
    return await _view(work, known, name=buddy.name, now=now, seen=True)


async def _tell_of_new(
    work: UnitOfWork, pledge: Pledge, *, student: Student, now: datetime
) -> None:
    _tell_both(work, pledge.account_id, pledge.buddy_id)
    notice = Notice(
        kind=NotificationKind.POINTS,
        title=f"{student.display_name} made you a pledge",
        text=f"{_words(pledge)}.",
        path=PATH,
        cause=_made_cause(pledge.account_id, pledge.from_day),
    )
    await notify(work, account_id=pledge.buddy_id, notice=notice, now=now)


def _made_cause(account_id: UUID, day: date) -> str:
    return f"pledge:{account_id}:{day}:made"


async def withdraw_pledge(
    work: UnitOfWork, *, account_id: UUID, pledge_id: UUID, now: datetime
) -> None:
    """Take a promise back before it is settled; its news waits for the buddy no more.

    Raises:
        NotFoundError: it is not the student's, or not open.
    """
    ended = await queries.end_pledge(
        work.session,
        account_id,
        pledge_id=pledge_id,
        state=PledgeState.WITHDRAWN,
        now=now,
    )
    if ended is None:
        raise NotFoundError(NO_PLEDGE)
    if not await queries.is_anything_promised(
        work.session, account_id, buddy_id=ended.buddy_id, from_day=ended.from_day
    ):
        cause = _made_cause(account_id, ended.from_day)
        await settle_notice(work, account_id=ended.buddy_id, cause=cause, now=now)
    _tell_both(work, account_id, ended.buddy_id)


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
    today = _day_of(maker, now)
    done = min(await _counted(work, pledge), pledge.amount)
    is_open = pledge.state is PledgeState.OPEN
    return PledgeView(
        id=str(pledge.id),
        name=name,
        words=_words(pledge),
        progress=done,
        goal=pledge.amount,
        counted=rules.progress_words(_measure(pledge), done, goal=pledge.amount),
        state=pledge.state.value,
        when=rules.days_left(pledge.until_day, today=today) if is_open else "",
        seen=seen,
    )


def _measure(pledge: Pledge) -> Measure:
    return Measure(pledge.kind.value)


def pledge_bounds(measure: Measure) -> PledgeBounds:
    """Return between what the amount of a kind of pledge lies."""
    rule = rules.PLEDGES[measure]
    return PledgeBounds(rule.least, rule.most, f"{rule.span}.")


def _day_of(account: Account, moment: datetime) -> date:
    return accounts_rules.day_of(
        moment, time_zone=account.time_zone, day_start_hour=account.day_start_hour
    )


async def _counted(work: UnitOfWork, pledge: Pledge) -> int:
    counted = await tally(
        work,
        account_id=pledge.account_id,
        since=pledge.from_day,
        until=pledge.until_day,
    )
    return counted[_measure(pledge)]


def _words(pledge: Pledge) -> str:
    return rules.promise_words(
        Promise(_measure(pledge), pledge.amount, pledge.from_day, pledge.until_day)
    )


async def settle_pledges(
    work: UnitOfWork, *, until: Mapping[UUID, date], now: datetime
) -> None:
    """Settle by the log what was promised up to a day that is over; tell both sides.

    `until` is that day of each student: at least one.
    """
    rows = await queries.pledges_to_settle(
        work.session, list(until), until=max(until.values())
    )
    over = [pledge for pledge in rows if pledge.until_day <= until[pledge.account_id]]
    for pledge in over:
        account_id = pledge.account_id
        kept = await _counted(work, pledge) >= pledge.amount
        state = PledgeState.KEPT if kept else PledgeState.MISSED
        ended = await queries.end_pledge(
            work.session, account_id, pledge_id=pledge.id, state=state, now=now
        )
        if ended is not None:
            await _settled(work, pledge, kept=kept, now=now)


async def _settled(work: UnitOfWork, pledge: Pledge, *, kept: bool, now: datetime) -> None:
    account_id, buddy_id = pledge.account_id, pledge.buddy_id
    maker = await queries.get_account(work.session, account_id)
    names = {
        one.account_id: one.name
        for one in await buddies.list_buddies(work, account_id=account_id)
    }
    if kept:
        sentence = f"You kept a pledge: {_words(pledge)}."
        line = points.Line(
            rules.PLEDGE_POINTS,
            f"pledge:{pledge.id}",
            sentence,
            day=pledge.until_day,
            at=now,
        )
        await points.book(work, account_id=account_id, line=line)
    word = "kept" if kept else "missed"
    await _note(work, account_id, f"You {word} your pledge", pledge, now=now)
    if str(buddy_id) in names:  # who is no buddy any more learns nothing
        title = f"{maker.display_name} {word} their pledge"
        await _note(work, buddy_id, title, pledge, now=now)
    _tell_both(work, account_id, buddy_id)


async def _note(
    work: UnitOfWork, account_id: UUID, title: str, pledge: Pledge, *, now: datetime
) -> None:
    notice = Notice(
        kind=NotificationKind.POINTS,
        title=title,
        text=f"{_words(pledge)}.",
        path=PATH,
        cause=f"pledge:{pledge.id}",
    )
    await notify(work, account_id=account_id, notice=notice, now=now)


def _tell_both(work: UnitOfWork, account_id: UUID, buddy_id: UUID) -> None:
    for one in (account_id, buddy_id):
        work.announce(news_for(one, Topic.POINTS))
