"""What the log says of promises: kept as soon as it holds enough, missed after the last day."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.features.accountability import rules
from studymaster.features.accountability.queries import pledges as queries
from studymaster.features.accountability.rules import Measure, Promise
from studymaster.features.accountability.service.counting import tally
from studymaster.features.campus.service import buddies
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.features.points import service as points
from studymaster.models import NotificationKind, Pledge, PledgeState

PATH = "/accountability"
NOTHING_OVER: Final[Mapping[UUID, date]] = MappingProxyType({})


async def settle_pledges(
    work: UnitOfWork,
    *,
    today: Mapping[UUID, date],
    over: Mapping[UUID, date] = NOTHING_OVER,
    now: datetime,
) -> None:
    """Settle what the log decides by now, each pledge once; tell both sides.

    A pledge is kept as soon as enough is done, and stays so. It is missed when its last
    day is over: `over` is the last such day of each student. `today` is the day of each:
    at least one.
    """
    for pledge in await queries.open_pledges(work.session, list(today)):
        account_id = pledge.account_id
        kept = await progress_of(work, pledge) >= pledge.amount
        if kept or pledge.until_day <= over.get(account_id, date.min):
            day = min(pledge.until_day, today[account_id])
            await _settle(work, pledge, kept=kept, day=day, now=now)


async def progress_of(work: UnitOfWork, pledge: Pledge) -> int:
    """Return how much of a pledge is done since it was made, at most what it promises."""
    if pledge.state is PledgeState.KEPT:
        return pledge.amount
    counted = await tally(
        work,
        account_id=pledge.account_id,
        since=pledge.from_day,
        until=pledge.until_day,
        after=pledge.created_at,
    )
    return min(counted[measure_of(pledge)], pledge.amount)


def measure_of(pledge: Pledge) -> Measure:
    """Return what a pledge counts."""
    return Measure(pledge.kind.value)


def words_of(pledge: Pledge) -> str:
    """Return what a pledge promises."""
    return rules.promise_words(
        Promise(measure_of(pledge), pledge.amount, pledge.from_day, pledge.until_day)
    )


async def _settle(
    work: UnitOfWork, pledge: Pledge, *, kept: bool, day: date, now: datetime
) -> None:
    account_id, buddy_id = pledge.account_id, pledge.buddy_id
    state = PledgeState.KEPT if kept else PledgeState.MISSED
    if not await queries.end_pledge(
        work.session, account_id, pledge_id=pledge.id, state=state, now=now
    ):
        return
    if kept:
        await _pay(work, pledge, day=day, now=now)
    await _note(work, account_id, f"You {state.value} your pledge", pledge, now=now)
    known = await buddies.list_buddies(work, account_id=account_id)
    if str(buddy_id) in {one.account_id for one in known}:
        # Who is no buddy any more learns nothing.
        maker = await queries.get_account(work.session, account_id)
        title = f"{maker.display_name} {state.value} their pledge"
        await _note(work, buddy_id, title, pledge, now=now)
    tell_both(work, account_id, buddy_id)


async def _pay(work: UnitOfWork, pledge: Pledge, *, day: date, now: datetime) -> None:
    line = points.Line(
        rules.PLEDGE_POINTS,
        f"pledge:{pledge.id}",
        f"You kept a pledge: {words_of(pledge)}.",
        day=day,
        at=now,
    )
    await points.book(work, account_id=pledge.account_id, line=line)


async def _note(
    work: UnitOfWork, account_id: UUID, title: str, pledge: Pledge, *, now: datetime
) -> None:
    notice = Notice(
        kind=NotificationKind.POINTS,
        title=title,
        text=f"{words_of(pledge)}.",
        path=PATH,
        cause=f"pledge:{pledge.id}",
    )
    await notify(work, account_id=account_id, notice=notice, now=now)


def tell_both(work: UnitOfWork, account_id: UUID, buddy_id: UUID) -> None:
    """Have the open tabs of both sides look again."""
    for one in (account_id, buddy_id):
        work.announce(news_for(one, Topic.POINTS))
