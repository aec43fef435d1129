"""Every SELECT and write of challenges, achievements and pledges, and what the log counts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, cast, union
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from studymaster.models import (
    Account,
    Achievement,
    Card,
    ChallengeEntry,
    ClosedDay,
    Deck,
    FocusSession,
    Pledge,
    PledgeState,
    ReviewLog,
)

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9999, 1, 1)


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
    account_id: UUID,
    *,
    since: date = FIRST_DAY,
    until: date = LAST_DAY,
    active: ActiveFrom,
) -> LogCounts:
    """Count what was learnt from `since` to `until`, both included."""
    reviews = (
        col(ReviewLog.account_id) == account_id,
        col(ReviewLog.day).between(since, until),
    )
    focus = (
        col(FocusSession.account_id) == account_id,
        col(FocusSession.day).between(since, until),
    )
    days = union(
        select(col(ReviewLog.day)).where(*reviews),
        _focused_days(focus, from_seconds=active.focus_seconds),
    ).subquery()
    courses = _learnt_courses(reviews, from_cards=active.cards_per_course).subquery()
    statement = select(
        _number(select(func.count()).where(*reviews, ~col(ReviewLog.drill))),
        _number(select(SECONDS // 60).where(*focus)),
        _number(select(func.count()).select_from(days)),
        _number(select(func.count()).select_from(courses)),
    )
    return LogCounts._make((await session.exec(statement)).one())


SECONDS = func.coalesce(func.sum(FocusSession.focused_seconds), 0)


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


def _number(statement: SelectOfScalar[int]) -> ScalarSelect[int]:
    return select(cast(statement.scalar_subquery(), BigInteger)).scalar_subquery()


async def totals(session: AsyncSession, account_id: UUID) -> Totals:
    """Return the best streak of closed days, finished challenges and kept pledges."""
    statement = select(
        _number(
            select(func.coalesce(func.max(ClosedDay.streak), 0)).where(
                col(ClosedDay.account_id) == account_id
            )
        ),
        _number(
            select(func.count()).where(
                col(ChallengeEntry.account_id) == account_id,
                col(ChallengeEntry.done_at).is_not(None),
            )
        ),
        _number(
            select(func.count()).where(
                col(Pledge.account_id) == account_id, col(Pledge.state) == PledgeState.KEPT
            )
        ),
    )
    return Totals._make((await session.exec(statement)).one())


async def challenge_entries(
    session: AsyncSession, account_id: UUID, *, week: date
) -> Sequence[ChallengeEntry]:
    """Return what the student took on in one week."""
    statement = select(ChallengeEntry).where(
        col(ChallengeEntry.account_id) == account_id, col(ChallengeEntry.week) == week
    )
    return (await session.exec(statement)).all()


async def unfinished_challenges(
    session: AsyncSession, account_id: UUID, *, since: date
) -> Sequence[ChallengeEntry]:
    """Return what the student took on from a week on and has not done."""
    statement = select(ChallengeEntry).where(
        col(ChallengeEntry.account_id) == account_id,
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


async def achievements(session: AsyncSession, account_id: UUID) -> Sequence[Achievement]:
    """Return what the student has reached."""
    statement = select(Achievement).where(col(Achievement.account_id) == account_id)
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


async def add_pledge(session: AsyncSession, account_id: UUID, *, pledge: Pledge) -> bool:
    """Keep a pledge unless one of its kind is open; tell whether it was kept."""
    statement = (
        insert(Pledge)
        .values({**pledge.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing()
        .returning(col(Pledge.id))
    )
    return (await session.exec(statement)).first() is not None


async def own_pledges(
    session: AsyncSession, account_id: UUID, *, settled_since: datetime
) -> Sequence[tuple[Pledge, Account]]:
    """Return the student's open and lately settled pledges, with their buddies."""
    statement = (
        select(Pledge, Account)
        .join(Account, col(Account.id) == col(Pledge.buddy_id))
        .where(
            col(Pledge.account_id) == account_id,
            or_(
                col(Pledge.state) == PledgeState.OPEN,
                col(Pledge.settled_at) >= settled_since,
            ),
        )
        .order_by(col(Pledge.until_day), col(Pledge.created_at))
    )
    return (await session.exec(statement)).all()


async def pledges_to(
    session: AsyncSession,
    account_id: UUID,
    *,
    makers: Sequence[UUID],
    settled_since: datetime,
) -> Sequence[tuple[Pledge, Account]]:
    """Return what some students promised to this one: open, or settled lately."""
    statement = (
        select(Pledge, Account)
        .join(Account, col(Account.id) == col(Pledge.account_id))
        .where(
            col(Pledge.buddy_id) == account_id,
            col(Pledge.account_id).in_(makers),
            or_(
                col(Pledge.state) == PledgeState.OPEN,
                col(Pledge.settled_at) >= settled_since,
            ),
        )
        .order_by(col(Pledge.until_day), col(Pledge.created_at))
    )
    return (await session.exec(statement)).all()


async def pledges_to_settle(
    session: AsyncSession, account_id: UUID, *, until: date
) -> Sequence[Pledge]:
    """Return the open pledges of the student whose last day is over."""
    statement = select(Pledge).where(
        col(Pledge.account_id) == account_id,
        col(Pledge.state) == PledgeState.OPEN,
        col(Pledge.until_day) <= until,
    )
    return (await session.exec(statement)).all()


async def end_pledge(
    session: AsyncSession,
    account_id: UUID,
    *,
    pledge_id: UUID,
    state: PledgeState,
    now: datetime,
) -> UUID | None:
    """End an open pledge of the student; return its buddy, None when it is not open."""
    statement = (
        update(Pledge)
        .where(
            col(Pledge.id) == pledge_id,
            col(Pledge.account_id) == account_id,
            col(Pledge.state) == PledgeState.OPEN,
        )
        .values(state=state, settled_at=now)
        .returning(col(Pledge.buddy_id))
        .execution_options(synchronize_session=False)
    )
    row = (await session.exec(statement)).first()
    return row[0] if row else None


async def get_account(session: AsyncSession, account_id: UUID) -> Account:
    """Return the account itself."""
    statement = select(Account).where(col(Account.id) == account_id)
    return (await session.exec(statement)).one()
