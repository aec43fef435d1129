"""What a student's cards and habits are like, to look weeks ahead. The account comes first."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.answers import HAD_RESTED, RECALLED
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.models import Card, LogKind, ReviewLog


class Reviewed(NamedTuple):
    """Where a card stands that was reviewed; without a memory it goes by SM-2."""

    easiness: int
    interval_days: int
    due_on: date
    stability: float | None
    difficulty: float | None
    reviewed_on: date | None


async def reviewed_cards(session: AsyncSession, account_id: UUID) -> list[Reviewed]:
    """Return where every card of the account stands that was reviewed and may be asked."""
    statement = (
        select_columns(
            col(Card.easiness),
            col(Card.interval_days),
            col(Card.due_on),
            col(Card.stability),
            col(Card.difficulty),
            col(Card.reviewed_on),
        )
        .where(
            col(Card.account_id) == account_id,
            col(Card.interval_days) > 0,
            col(Card.suspended_at).is_(None),
        )
        .order_by(col(Card.id))
    )
    connection = await session.connection()
    return [Reviewed._make(row) for row in await connection.execute(statement)]


async def first_grades(
    session: AsyncSession, account_id: UUID, *, since: date
) -> dict[Grade, int]:
    """Return how often each grade was given to a new card from a day on."""
    statement = (
        select(ReviewLog.grade, func.count())
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.day) >= since,
            col(ReviewLog.turn) == 0,
            col(ReviewLog.kind) == LogKind.REVIEW,
        )
        .group_by(col(ReviewLog.grade))
        .order_by(col(ReviewLog.grade))
    )
    return {Grade(one): count for one, count in (await session.exec(statement)).all()}


async def recalled_grades(
    session: AsyncSession, account_id: UUID, *, since: date
) -> dict[Grade, int]:
    """Return how often each grade was given to a rested card that was known."""
    statement = (
        select(ReviewLog.grade, func.count())
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.day) >= since,
            HAD_RESTED,
            RECALLED,
        )
        .group_by(col(ReviewLog.grade))
        .order_by(col(ReviewLog.grade))
    )
    return {Grade(one): count for one, count in (await session.exec(statement)).all()}
