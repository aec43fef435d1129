"""What is settled by itself, beside points and streak: while a day goes on, and at its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accountability.queries import ledger
from studymaster.features.accountability.service.stock import (
    PATH,
    finish_challenges,
    reach_achievements,
)
from studymaster.features.accountability.service.verdicts import settle_pledges
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.features.points import service as points
from studymaster.features.points.rules import Ending, Fate
from studymaster.models import NotificationKind


async def settle(
    work: UnitOfWork, *, endings: Mapping[UUID, Sequence[Ending]], now: datetime
) -> None:
    """Settle pledges, challenges and achievements once days are closed.

    `endings` are the days that were closed just now, in order: at least one student, and
    at least one day of each.
    """
    last = {account_id: own[-1] for account_id, own in endings.items()}
    over = {account_id: ending.span.day for account_id, ending in last.items()}
    await settle_pledges(work, today=over, over=over, now=now)
    studied = {
        account_id: last[account_id]
        for account_id, own in endings.items()
        if any(one.fate is Fate.ACTIVE for one in own)
    }
    if studied:
        today = {account_id: ending.span.day for account_id, ending in studied.items()}
        await finish_challenges(work, today=today, now=now)
        streaks = {
            account_id: ending.after.streak for account_id, ending in studied.items()
        }
        await reach_achievements(work, streaks=streaks, now=now)
    for account_id, ending in last.items():
        if ending.fate is Fate.FROZEN:
            await _tell_frozen(work, account_id=account_id, ending=ending, now=now)


async def find_earners(work: UnitOfWork, *, since: datetime) -> Sequence[UUID]:
    """Return who has earned points from a moment on."""
    return await ledger.earners(work.session, since=since)


async def take_stock(
    work: UnitOfWork, *, account_ids: Sequence[UUID], now: datetime
) -> None:
    """Book what students have reached by now, while their day is still going on.

    Whatever it does not see is booked when the page is looked at or the day is closed.
    """
    if not account_ids:
        return
    presents = await points.get_presents(work, account_ids=account_ids, now=now)
    today = {one: present.open.span.day for one, present in presents.items()}
    await settle_pledges(work, today=today, now=now)
    await finish_challenges(work, today=today, now=now)
    streaks = {
        one: points.standing_of(present).streak.days for one, present in presents.items()
    }
    await reach_achievements(work, streaks=streaks, now=now)


async def _tell_frozen(
    work: UnitOfWork, *, account_id: UUID, ending: Ending, now: datetime
) -> None:
    left, day = ending.after.freezes, ending.span.day
    notice = Notice(
        kind=NotificationKind.POINTS,
        title=f"A freeze saved your streak of {ending.after.streak}",
        text=f"{day:%a %-d %b} was idle and cost nothing. "
        f"{left} freeze{'' if left == 1 else 's'} left.",
        path=PATH,
        cause=f"freeze:{day}",
    )
    await notify(work, account_id=account_id, notice=notice, now=now)
