"""What students took on and reached: challenges of a week, achievements for good."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Achievement, ChallengeEntry


async def challenge_entries(
    session: AsyncSession, account_id: UUID, *, week: date
) -> Sequence[ChallengeEntry]:
    """Return what the student took on in one week."""
    statement = select(ChallengeEntry).where(
        col(ChallengeEntry.account_id) == account_id, col(ChallengeEntry.week) == week
    )
    return (await session.exec(statement)).all()


async def unfinished_challenges(
    session: AsyncSession, account_ids: Sequence[UUID], *, since: date
) -> Sequence[ChallengeEntry]:
    """Return what students took on from a week on and have not done."""
    statement = select(ChallengeEntry).where(
        col(ChallengeEntry.account_id).in_(account_ids),
        col(ChallengeEntry.week) >= since,
        col(ChallengeEntry.done_at).is_(None),
    )
    return (await session.exec(statement)).all()


async def join_challenge(
    session: AsyncSession, account_id: UUID, *, code: str, week: date, now: datetime
) -> bool:
    """Take on a challenge of a week; tell whether it was not taken on before."""
    statement = (
        insert(ChallengeEntry)
        .values(id=uuid4(), account_id=account_id, code=code, week=week, created_at=now)
        .on_conflict_do_nothing(index_elements=["account_id", "code", "week"])
        .returning(col(ChallengeEntry.id))
    )
    return (await session.exec(statement)).first() is not None


async def finish_challenge(
    session: AsyncSession, account_id: UUID, *, entry_id: UUID, now: datetime
) -> bool:
    """Mark a challenge as done; False when somebody else just did."""
    statement = (
        update(ChallengeEntry)
        .where(
            col(ChallengeEntry.id) == entry_id,
            col(ChallengeEntry.account_id) == account_id,
            col(ChallengeEntry.done_at).is_(None),
        )
        .values(done_at=now)
        .returning(col(ChallengeEntry.id))
        .execution_options(synchronize_session=False)
    )
    return (await session.exec(statement)).first() is not None


async def achievements(
    session: AsyncSession, account_ids: Sequence[UUID]
) -> Sequence[Achievement]:
    """Return what students have reached."""
    statement = select(Achievement).where(col(Achievement.account_id).in_(account_ids))
    return (await session.exec(statement)).all()


async def add_achievement(
    session: AsyncSession, account_id: UUID, *, code: str, now: datetime
) -> bool:
    """Keep an achievement once; tell whether it is new."""
    statement = (
        insert(Achievement)
        .values(id=uuid4(), account_id=account_id, code=code, created_at=now)
        .on_conflict_do_nothing(index_elements=["account_id", "code"])
        .returning(col(Achievement.id))
    )
    return (await session.exec(statement)).first() is not None
