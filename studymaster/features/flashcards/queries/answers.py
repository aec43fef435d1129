"""Every SELECT on what was answered, and on what it adds up to. The account comes first."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, case, func, literal
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.rules.statistics import MATURE_FROM
from studymaster.features.flashcards.schemas import ELAPSED_LIMIT_MS
from studymaster.models import Card, Course, Deck, LogKind, ReviewLog

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


class DayAnswers(NamedTuple):
    """One day, and how many answers were given on it."""

    day: date
    answers: int


class Recall(NamedTuple):
    """First answers of a day on cards that were due, and how many were remembered."""

    mature: bool
    recent: bool
    asked: int
    recalled: int


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


async def answers_by_day(
    session: AsyncSession, account_id: UUID, *, since: date
) -> Sequence[DayAnswers]:
    """Return each day with answers from `since` on."""
    statement = (
        select(col(ReviewLog.day), func.count())
        .where(
            col(ReviewLog.account_id) == account_id, col(ReviewLog.day) >= since, IS_ANSWER
        )
        .group_by(col(ReviewLog.day))
    )
    return [DayAnswers(*row) for row in (await session.exec(statement)).all()]


async def answers_by_grade(
    session: AsyncSession, account_id: UUID, *, since: date
) -> Sequence[tuple[int, int]]:
    """Return for each grade how often it was given from `since` on."""
    statement = (
        select(ReviewLog.grade, func.count())
        .where(
            col(ReviewLog.account_id) == account_id, col(ReviewLog.day) >= since, IS_ANSWER
        )
        .group_by(col(ReviewLog.grade))
    )
    return (await session.exec(statement)).all()


async def recall(
    session: AsyncSession, account_id: UUID, *, since: date, recent_since: date
) -> Sequence[Recall]:
    """Return what was remembered of cards that had rested, by their age before the answer."""
    mature = (col(ReviewLog.interval_before) >= MATURE_FROM).label("mature")
    recent = (col(ReviewLog.day) >= recent_since).label("recent")
    statement = (
        select(mature, recent, func.count(), func.count().filter(RECALLED))
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.day) >= since,
            HAD_RESTED,
        )
        .group_by(mature, recent)
    )
    return [Recall(*row) for row in (await session.exec(statement)).all()]


async def due_by_day(
    session: AsyncSession, account_id: UUID, *, today: date, days: int
) -> Sequence[tuple[date, int]]:
    """Return how many cards come back on each of the next days; what is late comes today.

    New cards do not come back.
    """
    day = case(
        (col(Card.drill_on) == today, literal(today)),
        else_=func.greatest(col(Card.due_on), today),
    ).label("day")
    statement = (
        select(day, func.count())
        .where(
            col(Card.account_id) == account_id,
            col(Card.suspended_at).is_(None),
            col(Card.interval_days) > 0,
            day < today + timedelta(days=days),
        )
        .group_by(day)
    )
    return (await session.exec(statement)).all()


async def count_due_on(session: AsyncSession, account_id: UUID, *, day: date) -> int:
    """Return how many cards that were answered before come back on a day."""
    statement = select(func.count()).where(
        col(Card.account_id) == account_id,
        col(Card.suspended_at).is_(None),
        col(Card.due_on) == day,
        col(Card.turn) > 0,
    )
    return (await session.exec(statement)).one()


async def cards_by_deck(
    session: AsyncSession, account_id: UUID
) -> Sequence[tuple[Deck, Course | None, int, int]]:
    """Return every deck with cards in it, its course, its cards and the mature of them."""
    mature = col(Card.interval_days) >= MATURE_FROM
    statement = (
        select(Deck, Course, func.count(), func.count().filter(mature))
        .select_from(Card)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .where(col(Card.account_id) == account_id)
        .group_by(col(Deck.id), col(Course.id))
        .order_by(func.lower(func.coalesce(Course.shortname, Deck.name)), col(Deck.id))
    )
    return (await session.exec(statement)).all()


async def recall_by_deck(
    session: AsyncSession, account_id: UUID, *, since: date
) -> Sequence[tuple[UUID, int, int]]:
    """Return for each deck how often its rested cards were asked, and how often known."""
    statement = (
        select(Card.deck_id, func.count(), func.count().filter(RECALLED))
        .select_from(ReviewLog)
        .join(Card, col(Card.id) == col(ReviewLog.card_id))
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.day) >= since,
            HAD_RESTED,
        )
        .group_by(col(Card.deck_id))
    )
    return (await session.exec(statement)).all()
