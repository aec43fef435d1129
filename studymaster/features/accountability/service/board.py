"""The leaderboard as the page shows it, and the choice to be on it."""

from datetime import datetime, timedelta

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accountability.schemas import Board
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service as points
from studymaster.features.points.schemas import Leaderboard

PLACES = 20


async def find_board(*, student: Student, now: datetime) -> Board:
    """Return the first places of the student's week. Call it outside of a unit of work."""
    return _board(await points.find_leaderboard(student=student, now=now, limit=PLACES))


def _board(found: Leaderboard) -> Board:
    sunday = found.monday + timedelta(days=6)
    shown = any(row.is_you for row in found.rows)
    return Board(
        week=f"{found.monday:%-d %b} to {sunday:%-d %b}",
        rows=list(found.rows),
        below=[found.you] if found.you and not shown else [],
    )


async def show_on_leaderboard(work: UnitOfWork, *, student: Student, on: bool) -> None:
    """Keep whether the student wants to be seen; who leaves is gone at once."""
    await accounts.save_preference(
        work, account_id=student.account_id, name="on_leaderboard", on=on
    )
    points.announce_leaderboard(work)
