"""Every SELECT on what was answered, and on what it adds up to. The account comes first."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import ELAPSED_LIMIT_MS
from studymaster.models import Card, LogKind, ReviewLog

IS_ANSWER: Final = col(ReviewLog.kind) == LogKind.REVIEW
"""Holds for the lines that are answers, not days set by hand or cards begun anew."""

ANSWER_MS: Final = func.least(ReviewLog.elapsed_ms, ELAPSED_LIMIT_MS)
"""How long an answer took, at most a minute: whoever was away was not thinking."""

HAD_RESTED: Final = and_(
    IS_ANSWER, ~col(ReviewLog.drill), col(ReviewLog.interval_before) > 0
)
"""Holds for answers that tell something about memory: to cards that had rested a day.

A drill of the same day does not, nor does the first look at a new card.
"""

RECALLED: Final = col(ReviewLog.grade) >= Grade.HARD
"""Holds for answers to cards that were remembered, however hard it was."""


NEWEST: Final = 500
"""So many answers show a student's pace; more would only take longer to read."""


async def last_line(
    session: AsyncSession, account_id: UUID, card_id: UUID
) -> ReviewLog | None:
    """Return the last line of the log about a card of the account."""
    statement = (
        select(ReviewLog)
        .where(col(ReviewLog.account_id) == account_id, col(ReviewLog.card_id) == card_id)
        .order_by(col(ReviewLog.turn).desc())
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def median_answer_ms(
    session: AsyncSession, account_id: UUID, *, since: date
) -> float | None:
    """Return the middle time of the account's newest answers from a day on; None without any."""
    newest = (
        select(ANSWER_MS.label("elapsed_ms"))
        .where(
            col(ReviewLog.account_id) == account_id, col(ReviewLog.day) >= since, IS_ANSWER
        )
        .order_by(col(ReviewLog.day).desc())
        .limit(NEWEST)
        .subquery()
    )
    middle = func.percentile_cont(0.5).within_group(newest.c.elapsed_ms)
    return (await session.exec(select(middle))).one()


async def count_due_on(session: AsyncSession, account_id: UUID, *, day: date) -> int:
    """Return how many cards that were answered before come back on a day."""
    statement = select(func.count()).where(
        col(Card.account_id) == account_id,
        col(Card.suspended_at).is_(None),
        col(Card.due_on) == day,
        col(Card.turn) > 0,
    )
    return (await session.exec(statement)).one()
