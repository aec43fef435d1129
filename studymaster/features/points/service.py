"""Awarding points and reading balances."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import queries
from studymaster.models import PointsEntry


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
    entry = PointsEntry(
        account_id=student.account_id,
        amount=amount,
        cause=cause,
        sentence=sentence,
        day=student.day_of(now),
        created_at=now,
    )
    return await queries.add_entry(work.session, student.account_id, entry=entry)


async def balance(work: UnitOfWork, *, account_id: UUID) -> int:
    """Return how many points the account has."""
    return await queries.balance(work.session, account_id)
