"""Every SELECT and write of challenges, achievements and pledges, and what the log counts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Uuid, case, cast, union
from sqlalchemy.dialects.postgresql import array, insert
from sqlmodel import col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from studymaster.models import (
    Account,
    Achievement,
    Card,
    ChallengeEntry,
    ClosedDay,
    Course,
    Deck,
    FocusSession,
    Pledge,
    PledgeState,
    PointsEntry,
    ReviewLog,
)

ONE_DAY = timedelta(days=1)
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


class LedgerFold(NamedTuple):
    """Lines of one day that say the same, their sum, and the course or deck they are of."""

    day: date
    sentence: str
    place: str
    sums: Sequence[int]

    @property
    def points(self) -> int:
        """What they add up to."""
        return self.sums[0]

    @property
    def lines(self) -> int:
        """How many they are."""
        return self.sums[1]


class EndedPledge(NamedTuple):
    """To whom a pledge was made that is over, and from which day it counted."""

    buddy_id: UUID
    from_day: date


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
    active: ActiveFrom,
) -> dict[UUID, LogCounts]:
    """Count what students learnt from `since` to `until`, both included."""
    reviews = (
        col(ReviewLog.account_id) == col(Account.id),
        col(ReviewLog.day).between(since, until),
    )
    focus = (
        col(FocusSession.account_id) == col(Account.id),
        col(FocusSession.day).between(since, until),
    )
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


async def add_pledge(session: AsyncSession, account_id: UUID, *, pledge: Pledge) -> bool:
    """Keep a pledge unless one of its kind is open; tell whether it was kept."""
    statement = (
        insert(Pledge)
        .values({**pledge.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing()
        .returning(col(Pledge.id))
    )
    return (await session.exec(statement)).first() is not None


async def has_same_pledge(
    session: AsyncSession, account_id: UUID, *, pledge: Pledge
) -> bool:
    """Tell whether the very same promise is open."""
    statement = select(Pledge.id).where(
        col(Pledge.account_id) == account_id,
        col(Pledge.state) == PledgeState.OPEN,
        col(Pledge.buddy_id) == pledge.buddy_id,
        col(Pledge.kind) == pledge.kind,
        col(Pledge.amount) == pledge.amount,
        col(Pledge.from_day) == pledge.from_day,
        col(Pledge.until_day) == pledge.until_day,
    )
    return (await session.exec(statement)).first() is not None


async def is_anything_promised(
    session: AsyncSession, account_id: UUID, *, buddy_id: UUID, from_day: date
) -> bool:
    """Tell whether a pledge of the student to a buddy is open that began on a day."""
    statement = select(Pledge.id).where(
        col(Pledge.account_id) == account_id,
        col(Pledge.state) == PledgeState.OPEN,
        col(Pledge.buddy_id) == buddy_id,
        col(Pledge.from_day) == from_day,
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
    session: AsyncSession, account_ids: Sequence[UUID], *, until: date
) -> Sequence[Pledge]:
    """Return the open pledges of students whose last day is over."""
    statement = select(Pledge).where(
        col(Pledge.account_id).in_(account_ids),
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
) -> EndedPledge | None:
    """End an open pledge of the student; None when it is not open."""
    statement = (
        update(Pledge)
        .where(
            col(Pledge.id) == pledge_id,
            col(Pledge.account_id) == account_id,
            col(Pledge.state) == PledgeState.OPEN,
        )
        .values(state=state, settled_at=now)
        .returning(col(Pledge.buddy_id), col(Pledge.from_day))
        .execution_options(synchronize_session=False)
    )
    row = (await session.exec(statement)).first()
    return EndedPledge._make(row) if row else None


async def ledger_folds(
    session: AsyncSession, account_id: UUID, *, reviews: str, limit: int
) -> Sequence[LedgerFold]:
    """Return the ledger, newest day first, with the lines that say the same as one.

    After `reviews`, a cause goes on with the id of a card, which tells the place.
    """
    entry, newest = PointsEntry, func.max(PointsEntry.created_at)
    card_id = case(
        (
            col(entry.cause).regexp_match(f"^{reviews}[0-9a-f-]{{36}}:"),
            cast(func.split_part(entry.cause, ":", 2), Uuid),
        )
    )
    place = func.coalesce(Course.shortname, Deck.name, "")
    sums = cast(array([func.sum(entry.amount), func.count()]), ARRAY(BigInteger))
    statement = (
        select(col(entry.day), col(entry.sentence), place, sums)
        .outerjoin(Card, (col(Card.id) == card_id) & (col(Card.account_id) == account_id))
        .outerjoin(Deck, col(Deck.id) == col(Card.deck_id))
        .outerjoin(Course, col(Course.id) == col(Deck.course_id))
        .where(col(entry.account_id) == account_id)
        .group_by(col(entry.day), col(entry.sentence), col(entry.amount), place)
        .order_by(
            col(entry.day).desc(),
            newest.desc(),
            col(entry.sentence),
            place,
            col(entry.amount),
        )
        .limit(limit)
    )
    return [LedgerFold._make(row) for row in (await session.exec(statement)).all()]


async def earners(session: AsyncSession, *, since: datetime) -> Sequence[UUID]:
    """Return the accounts that have earned points from a moment on."""
    # A line's own day is near the moment it was written; the days have an index.
    statement = (
        select(col(PointsEntry.account_id))
        .where(
            col(PointsEntry.day) >= since.date() - ONE_DAY,
            col(PointsEntry.created_at) >= since,
            col(PointsEntry.amount) > 0,
        )
        .distinct()
        .order_by(col(PointsEntry.account_id))
    )
    return (await session.exec(statement)).all()


async def get_account(session: AsyncSession, account_id: UUID) -> Account:
    """Return the account itself."""
    statement = select(Account).where(col(Account.id) == account_id)
    return (await session.exec(statement)).one()
