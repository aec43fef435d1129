"""Booking points and reading the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import rules
from studymaster.features.points.queries import ledger as queries
from studymaster.features.points.schemas import LedgerLine
from studymaster.jobs import JobName
from studymaster.models import PointsEntry
from studymaster.paging import Stretch, Window, stretch


async def award(
    work: UnitOfWork,
    *,
    student: Student,
    amount: int,
    cause: str,
    sentence: str,
    now: datetime,
) -> bool:
    """Book points once per cause; tell whether this call booked them."""
    line = Line(amount, cause, sentence, day=student.day_of(now), at=now)
    return await book(work, account_id=student.account_id, line=line)


@dataclass(frozen=True, slots=True)
class Line:
    """What the ledger shall say: `day` is the student's, `at` the moment it counts from."""

    amount: int
    cause: str
    sentence: str
    day: date
    at: datetime


async def book(work: UnitOfWork, *, account_id: UUID, line: Line) -> bool:
    """Write a line unless its cause is booked; open tabs and the leaderboard follow."""
    if not await queries.add_entries(work.session, [entry_of(account_id, line)]):
        return False
    work.outdate(Kept.STATISTICS, str(account_id))
    work.announce(news_for(account_id, Topic.POINTS))
    if line.amount > 0:
        work.enqueue(JobName.REFRESH_LEADERBOARD)
    return True


def entry_of(account_id: UUID, line: Line) -> PointsEntry:
    """Return a line as a row of an account's ledger."""
    return PointsEntry(
        account_id=account_id,
        amount=line.amount,
        cause=line.cause,
        sentence=line.sentence,
        day=line.day,
        created_at=line.at,
    )


async def balance(work: UnitOfWork, *, account_id: UUID) -> int:
    """Return how many points the account has."""
    return await queries.balance(work.session, account_id)


async def list_entries(
    work: UnitOfWork, *, account_id: UUID, window: Window
) -> Stretch[LedgerLine]:
    """Return lines of the ledger, the newest day first."""
    rows = await queries.entries(
        work.session, account_id, offset=window.offset, limit=window.probe
    )
    lines = [LedgerLine(str(row.id), row.amount, row.sentence, row.day) for row in rows]
    return stretch(lines, window=window)


def decay_line(ending: rules.Ending) -> Line:
    """Return the line that an idle day leaves; it counts from the moment the day ended."""
    span, cost = ending.span, ending.decay
    sentence = rules.decay_sentence(span.day, balance=ending.before.balance, cost=cost)
    return Line(-cost, f"decay:{span.day}", sentence, day=span.day, at=span.end)
