"""Booking points and reading the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Line:
    """What the ledger shall say: `day` is the student's, `at` the moment it counts from."""

    amount: int
    cause: str
    sentence: str
    day: date
    at: datetime


async def award(
    work: UnitOfWork,
    *,
    student: Student,
    amount: int,
    cause: str,
    sentence: str,
    now: datetime,
) -> bool:
    """Book points once per cause; tell whether this call booked them.

    Points that were taken back on the same day can be won again.
    """
    account_id = student.account_id
    line = Line(amount, cause, sentence, day=student.day_of(now), at=now)
    if await book(work, account_id=account_id, line=line):
        return True
    told = await _told(work, account_id, line)
    if not told or sum(told):
        return False
    return await book(work, account_id=account_id, line=_next(line, told))


async def take_back(
    work: UnitOfWork, *, student: Student, cause: str, sentence: str, now: datetime
) -> int:
    """Book today's points of a cause away again; return how many they were.

    What was won stays in the ledger, and so does that it was taken back. Done twice, or
    twice at once, it takes them once.
    """
    account_id = student.account_id
    line = Line(0, cause, sentence, day=student.day_of(now), at=now)
    told = await _told(work, account_id, line)
    if not (won := sum(told)):
        return 0
    line = replace(_next(line, told), amount=-won)
    return won if await book(work, account_id=account_id, line=line) else 0


async def _told(work: UnitOfWork, account_id: UUID, line: Line) -> Sequence[int]:
    """Return what the day's lines of a cause say so far: points won, and taken back."""
    return await queries.amounts_of_cause(
        work.session, account_id, day=line.day, cause=line.cause
    )


def _next(line: Line, told: Sequence[int]) -> Line:
    # One name for one place in the row: of two at once, the ledger takes one.
    return replace(line, cause=f"{line.cause}:{len(told)}")


async def book(work: UnitOfWork, *, account_id: UUID, line: Line) -> bool:
    """Write a line unless its cause is booked; open tabs and the leaderboard follow."""
    if not await queries.add_entries(work.session, [entry_of(account_id, line)]):
        return False
    work.outdate(Kept.STATISTICS, str(account_id))
    work.announce(news_for(account_id, Topic.POINTS))
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
    return Line(
        -cost, f"{rules.DECAY_CAUSE}{span.day}", sentence, day=span.day, at=span.end
    )
