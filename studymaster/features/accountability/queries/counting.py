"""What the log holds of students' days, and what is booked of their whole time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ColumnElement, cast, union
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from studymaster.models import (
    Account,
    Card,
    ChallengeEntry,
    ClosedDay,
    Deck,
    FocusSession,
    LogKind,
    Pledge,
    PledgeState,
    ReviewLog,
)

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9999, 1, 1)
SECONDS = func.coalesce(func.sum(FocusSession.focused_seconds), 0)


class LogCounts(NamedTuple):
    """What the log holds of some days; drills are no reviews."""

    reviews: int
    focus_minutes: int
    days: int
    courses: int


class Totals(NamedTuple):
    """What is booked of a student's whole time, apart from the log."""

    best_streak: int
    challenges: int
    pledges: int


class ActiveFrom(NamedTuple):
    """From what on a day is active and a course counts."""

    focus_seconds: int
    cards_per_course: int


async def log_counts(
    session: AsyncSession,
    account_ids: Sequence[UUID],
    *,
    since: date = FIRST_DAY,
    until: date = LAST_DAY,
    after: datetime | None = None,
    active: ActiveFrom,
) -> dict[UUID, LogCounts]:
    """Count what students learnt from `since` to `until`, both included.

    With `after`, only answers given and focus sessions begun from that moment on count.
    """
    reviews = [
        col(ReviewLog.account_id) == col(Account.id),
        col(ReviewLog.day).between(since, until),
        col(ReviewLog.kind) == LogKind.REVIEW,
    ]
    focus = [
        col(FocusSession.account_id) == col(Account.id),
        col(FocusSession.day).between(since, until),
    ]
    if after is not None:
        reviews.append(col(ReviewLog.created_at) >= after)
        focus.append(col(FocusSession.started_at) >= after)
    days = union(
        select(col(ReviewLog.day)).where(*reviews).correlate(Account),
        _focused_days(focus, from_seconds=active.focus_seconds).correlate(Account),
    ).subquery()
    courses = _learnt_courses(reviews, from_cards=active.cards_per_course)
    figures = (
        select(func.count()).where(*reviews, ~col(ReviewLog.drill)),
        select(SECONDS // 60).where(*focus),
        select(func.count()).select_from(days),
        select(func.count()).select_from(courses.correlate(Account).subquery()),
    )
    rows = await session.exec(_of_accounts(account_ids, figures))
    return {account_id: LogCounts._make(found) for account_id, found in rows.all()}


def _of_accounts(
    account_ids: Sequence[UUID], figures: Sequence[SelectOfScalar[int]]
) -> Select[UUID, Sequence[int]]:
    """Ask for figures of several accounts; each refers to the account that it is of."""
    parts = [one.correlate(Account).scalar_subquery() for one in figures]
    return select(Account.id, cast(array(parts), ARRAY(BigInteger))).where(
        col(Account.id).in_(account_ids)
    )


def _focused_days(
    focus: Sequence[ColumnElement[bool]], *, from_seconds: int
) -> SelectOfScalar[date]:
    return (
        select(col(FocusSession.day))
        .where(*focus)
        .group_by(col(FocusSession.day))
        .having(from_seconds <= SECONDS)
    )


def _learnt_courses(
    reviews: Sequence[ColumnElement[bool]], *, from_cards: int
) -> SelectOfScalar[UUID | None]:
    return (
        select(col(Deck.course_id))
        .select_from(ReviewLog)
        .join(Card, col(Card.id) == col(ReviewLog.card_id))
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .where(*reviews, col(Deck.course_id).is_not(None))
        .group_by(col(Deck.course_id))
        .having(func.count(func.distinct(ReviewLog.card_id)) >= from_cards)
    )


async def totals(session: AsyncSession, account_ids: Sequence[UUID]) -> dict[UUID, Totals]:
    """Return best streaks of closed days, finished challenges and kept pledges."""
    figures = (
        select(func.coalesce(func.max(ClosedDay.streak), 0)).where(
            col(ClosedDay.account_id) == col(Account.id)
        ),
        select(func.count()).where(
            col(ChallengeEntry.account_id) == col(Account.id),
            col(ChallengeEntry.done_at).is_not(None),
        ),
        select(func.count()).where(
            col(Pledge.account_id) == col(Account.id),
            col(Pledge.state) == PledgeState.KEPT,
        ),
    )
    rows = await session.exec(_of_accounts(account_ids, figures))
    return {account_id: Totals._make(found) for account_id, found in rows.all()}
