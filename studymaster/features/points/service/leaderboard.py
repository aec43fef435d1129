"""The week's leaderboard: only who wants to be seen, the student's own line always fresh."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from studymaster.adapters import cache
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import rules
from studymaster.features.points.queries import days
from studymaster.features.points.queries import leaderboard as queries
from studymaster.features.points.schemas import Earned, Leaderboard
from studymaster.models import Account

EVERYBODY = "leaderboard"
"""Who owns what is kept of the leaderboard."""


async def find_leaderboard(*, student: Student, now: datetime, limit: int) -> Leaderboard:
    """Return the first `limit` places of the student's own week, and the student's.

    The places are kept for an hour or until they move. Call it outside of a unit of work.
    """
    monday = rules.monday_of(student.day_of(now))

    async def look() -> list[Earned]:
        async with unit_of_work() as work:
            return await _top(work, monday=monday, limit=limit)

    top = await cache.kept(
        Kept.LEADERBOARD, EVERYBODY, f"{monday}:{limit}", shape=list[Earned], make=look
    )
    async with unit_of_work() as work:
        account = await days.get_account(work.session, student.account_id)
        return await _with_you(work, top, you=account, monday=monday, limit=limit)


async def _top(work: UnitOfWork, *, monday: date, limit: int) -> list[Earned]:
    # One more than is shown: the student's own line may be taken out of it.
    return list(await queries.top_of_week(work.session, monday=monday, limit=limit + 1))


async def _with_you(
    work: UnitOfWork, top: Sequence[Earned], *, you: Account, monday: date, limit: int
) -> Leaderboard:
    """Put what the ledger says of the student in place of what the view still says."""
    others = [one for one in top if one.account_id != you.id]
    chosen = await accounts.preferences(work, account_id=you.id)
    if not chosen.on_leaderboard:
        rows = rules.ranked(others, you=you.id)[:limit]
        return Leaderboard(monday, tuple(rows), None)
    points = await queries.earned_in_week(work.session, you.id, monday=monday)
    mine = Earned(you.id, you.display_name, points)
    rows = rules.ranked([*others, mine] if points else others, you=you.id)[:limit]
    before = await queries.ahead(work.session, you.id, monday=monday, points=points)
    (own,) = rules.ranked([mine], you=you.id)
    shown = next((row for row in rows if row.is_you), replace(own, rank=before + 1))
    return Leaderboard(monday, tuple(rows), shown)


async def refresh_leaderboard(work: UnitOfWork) -> None:
    """Bring the shared leaderboard up to date and tell every open tab."""
    await queries.refresh_week(work.session)
    announce_leaderboard(work)


def announce_leaderboard(work: UnitOfWork) -> None:
    """Have everybody look again: who has left is gone at once, before any refresh."""
    work.outdate(Kept.LEADERBOARD, EVERYBODY)
    work.announce(News(Topic.LEADERBOARD, account_id=""))
