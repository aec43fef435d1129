"""The week's leaderboard: only who wants to be seen, the student's own line always fresh."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from studymaster.adapters import cache
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.cache import WHOLE_BOARD, Kept
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import rules
from studymaster.features.points.queries import leaderboard as queries
from studymaster.features.points.schemas import Earned, Leaderboard


async def find_leaderboard(*, student: Student, now: datetime, limit: int) -> Leaderboard:
    """Return the first `limit` places of the student's own week, and the student's.

    The places are kept for an hour or until they move. Call it outside of a unit of work.
    """
    monday = rules.monday_of(student.day_of(now))

    async def look() -> list[Earned]:
        async with unit_of_work() as work:
            return await _top(work, monday=monday, limit=limit)

    top = await cache.kept(
        Kept.LEADERBOARD, WHOLE_BOARD, f"{monday}:{limit}", shape=list[Earned], make=look
    )
    async with unit_of_work() as work:
        return await _with_you(work, top, you=student, monday=monday, limit=limit)


async def _top(work: UnitOfWork, *, monday: date, limit: int) -> list[Earned]:
    # One more than is shown: the student's own line may be taken out of it.
    return list(await queries.top_of_week(work.session, monday=monday, limit=limit + 1))


async def _with_you(
    work: UnitOfWork, top: Sequence[Earned], *, you: Student, monday: date, limit: int
) -> Leaderboard:
    """Put what the ledger says of the student in place of what the view still says."""
    account_id = you.account_id
    others = [one for one in top if one.account_id != account_id]
    chosen = await accounts.preferences(work, account_id=account_id)
    if not chosen.on_leaderboard:
        rows = rules.ranked(others, you=account_id)[:limit]
        return Leaderboard(monday, tuple(rows), None)
    points, ahead = await queries.own_place(work.session, account_id, monday=monday)
    mine = Earned(account_id, you.display_name, points)
    rows = rules.ranked([*others, mine] if points else others, you=account_id)[:limit]
    (own,) = rules.ranked([mine], you=account_id)
    shown = next((row for row in rows if row.is_you), replace(own, rank=ahead + 1))
    return Leaderboard(monday, tuple(rows), shown)


async def refresh_leaderboard(work: UnitOfWork) -> None:
    """Bring the shared leaderboard up to date and tell every open tab."""
    await queries.refresh_week(work.session)
    announce_leaderboard(work)


def announce_leaderboard(work: UnitOfWork) -> None:
    """Have everybody look again: who has left is gone at once, before any refresh."""
    work.outdate(Kept.LEADERBOARD, WHOLE_BOARD)
    work.announce(News(Topic.LEADERBOARD, account_id=""))
