"""What the end of a student's days settles, beside points and streak."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accountability.service.pledges import settle_pledges
from studymaster.features.accountability.service.stock import PATH, take_stock
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.features.points.rules import Ending, Fate
from studymaster.models import NotificationKind


async def settle(
    work: UnitOfWork, *, account_id: UUID, endings: Sequence[Ending], now: datetime
) -> None:
    """Settle pledges, challenges and achievements once days are closed.

    `endings` are the days that were closed just now, in order; at least one.
    """
    last = endings[-1]
    await settle_pledges(work, account_id=account_id, until=last.span.day, now=now)
    if any(one.fate is Fate.ACTIVE for one in endings):
        await take_stock(
            work,
            account_id=account_id,
            today=last.span.day,
            streak=last.after.streak,
            now=now,
        )
    if last.fate is Fate.FROZEN:
        await _tell_frozen(work, account_id=account_id, ending=last, now=now)


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
