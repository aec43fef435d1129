"""What a student did, put into the log at a moment: answers, focus, points."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import col, select, update

from studymaster.adapters.cache import Kept
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.models import (
    Account,
    ClosedDay,
    FocusSession,
    FocusState,
    PointsEntry,
    Preferences,
    ReviewLog,
)


def answers(
    student: Student, at: datetime, *, count: int = 1, card_id: UUID | None = None, **fields
) -> list[ReviewLog]:
    """Return answers to as many cards."""
    return [
        ReviewLog(
            account_id=student.account_id,
            card_id=card_id or uuid4(),
            created_at=at,
            day=student.day_of(at),
            **{
                "turn": 0,
                "grade": 4,
                "drill": False,
                "elapsed_ms": 4_000,
                "easiness_before": 250,
                "easiness_after": 250,
                "interval_before": 0,
                "interval_after": 1,
                "repetitions_before": 0,
                "repetitions_after": 1,
            }
            | fields,
        )
        for _ in range(count)
    ]


def focused(student: Student, until: datetime, *, minutes: int) -> FocusSession:
    """Return a session that was finished."""
    began = until - timedelta(minutes=minutes)
    return FocusSession(
        account_id=student.account_id,
        created_at=began,
        focus_minutes=max(minutes, 1),
        state=FocusState.FINISHED,
        started_at=began,
        ended_at=until,
        focused_seconds=minutes * 60,
        day=student.day_of(began),
    )


def earned(student: Student, at: datetime, amount: int) -> PointsEntry:
    """Return a line of the ledger."""
    return PointsEntry(
        account_id=student.account_id,
        created_at=at,
        amount=amount,
        cause=f"test:{uuid4()}",
        sentence="Earned.",
        day=student.day_of(at),
    )


async def keep(*rows) -> None:
    """Write rows; as after the product's own writes, nothing kept from before is served."""
    async with unit_of_work() as work:
        work.session.add_all(rows)
        owners = {str(row.account_id) for row in rows if hasattr(row, "account_id")}
        work.outdate(Kept.STATISTICS, *owners)


async def arrive(student: Student, at: datetime) -> None:
    """Have the student be here since a moment."""
    async with unit_of_work() as work:
        await work.session.exec(
            update(Account)
            .where(col(Account.id) == student.account_id)
            .values(created_at=at)
        )


async def show(student: Student) -> None:
    """Put the student on the leaderboard."""
    await keep(Preferences(account_id=student.account_id, on_leaderboard=True))


async def closed(student: Student) -> list[ClosedDay]:
    async with unit_of_work() as work:
        rows = await work.session.exec(
            select(ClosedDay)
            .where(ClosedDay.account_id == student.account_id)
            .order_by(col(ClosedDay.day))
        )
        return list(rows.all())


async def ledger(student: Student) -> list[PointsEntry]:
    async with unit_of_work() as work:
        rows = await work.session.exec(
            select(PointsEntry)
            .where(PointsEntry.account_id == student.account_id)
            .order_by(col(PointsEntry.created_at))
        )
        return list(rows.all())
