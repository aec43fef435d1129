"""Which days are over for whom, what happened in them, and how they were closed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Integer,
    String,
    TableValuedAlias,
    column,
    values,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from studymaster.models import (
    Account,
    ClosedDay,
    FocusSession,
    FocusState,
    PointsEntry,
    ReviewLog,
)

MOMENT = DateTime(timezone=True)
NEAR = timedelta(days=2)
"""A row's own day is at most so far from the day of the span that holds its moment."""


class DayClock(NamedTuple):
    """A time zone and a day start that some student has."""

    time_zone: str
    day_start_hour: int


class LastOver(NamedTuple):
    """For one clock: the last day that is over, and when it ended."""

    time_zone: str
    day_start_hour: int
    day: date
    ended_at: datetime


class SpanFacts(NamedTuple):
    """What is booked between the start and the end of one day."""

    day: date
    reviews: int
    focus_seconds: int
    points: int


async def day_clocks(session: AsyncSession) -> Sequence[DayClock]:
    """Return every combination of time zone and day start in use."""
    statement = select(Account.time_zone, Account.day_start_hour).distinct()
    return [DayClock(*row) for row in (await session.exec(statement)).all()]


async def accounts_behind(
    session: AsyncSession, *, over: Sequence[LastOver], after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Return accounts with a day that is over and not closed, in the order of their ids."""
    clock = _clock_table(over)
    closed = (
        select(func.max(ClosedDay.day))
        .where(col(ClosedDay.account_id) == col(Account.id))
        .correlate(Account)
        .scalar_subquery()
    )
    statement = (
        select(col(Account.id))
        .join(
            clock,
            (clock.c.time_zone == col(Account.time_zone))
            & (clock.c.day_start_hour == col(Account.day_start_hour)),
        )
        .where(
            col(Account.deleting_since).is_(None),
            or_(
                closed < clock.c.day,
                closed.is_(None) & (col(Account.created_at) < clock.c.ended_at),
            ),
        )
        .order_by(col(Account.id))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(col(Account.id) > after)
    return (await session.exec(statement)).all()


def _clock_table(over: Sequence[LastOver]) -> FromClause:
    columns = (
        column("time_zone", String),
        column("day_start_hour", Integer),
        column("day", Date),
        column("ended_at", MOMENT),
    )
    return values(*columns, name="clock").data([tuple(one) for one in over]).alias("clock")


async def lock_account(session: AsyncSession, account_id: UUID) -> Account | None:
    """Return the account, held until the transaction ends; None if somebody holds it."""
    statement = (
        select(Account)
        .where(col(Account.id) == account_id, col(Account.deleting_since).is_(None))
        .with_for_update(skip_locked=True, key_share=True)
    )
    return (await session.exec(statement)).one_or_none()


async def get_account(session: AsyncSession, account_id: UUID) -> Account:
    """Return the account itself."""
    statement = select(Account).where(col(Account.id) == account_id)
    return (await session.exec(statement)).one()


async def unfinished_since(session: AsyncSession, account_id: UUID) -> datetime | None:
    """Return when the account's focus session began that is not over yet."""
    statement = select(func.min(FocusSession.started_at)).where(
        col(FocusSession.account_id) == account_id,
        col(FocusSession.state).in_((FocusState.RUNNING, FocusState.PAUSED)),
    )
    return (await session.exec(statement)).one()


async def last_closed(session: AsyncSession, account_id: UUID) -> ClosedDay | None:
    """Return the day that was closed last."""
    statement = (
        select(ClosedDay)
        .where(col(ClosedDay.account_id) == account_id)
        .order_by(col(ClosedDay.day).desc())
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def spared_since(
    session: AsyncSession, account_id: UUID, *, since: date
) -> date | None:
    """Return the last short day that cost nothing, from `since` on."""
    statement = select(func.max(ClosedDay.day)).where(
        col(ClosedDay.account_id) == account_id,
        col(ClosedDay.day) >= since,
        col(ClosedDay.spared),
    )
    return (await session.exec(statement)).one()


async def closed_days(
    session: AsyncSession, account_id: UUID, *, since: date
) -> Sequence[ClosedDay]:
    """Return the closed days from `since` on, the oldest first."""
    statement = (
        select(ClosedDay)
        .where(col(ClosedDay.account_id) == account_id, col(ClosedDay.day) >= since)
        .order_by(col(ClosedDay.day))
    )
    return (await session.exec(statement)).all()


async def keep_closed(session: AsyncSession, account_id: UUID, *, row: ClosedDay) -> bool:
    """Write down how a day ended unless that is done; tell whether it was written."""
    statement = (
        insert(ClosedDay)
        .values({**row.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing(index_elements=["account_id", "day"])
        .returning(col(ClosedDay.day))
    )
    return (await session.exec(statement)).first() is not None


def _span_table(spans: Sequence[tuple[date, datetime, datetime]]) -> TableValuedAlias:
    # Arrays, not VALUES: their number does not change the statement, so it is compiled once.
    days, starts, ends = zip(*spans, strict=True)
    return (
        func.unnest(
            sql_cast(days, ARRAY(Date)),
            sql_cast(starts, ARRAY(MOMENT)),
            sql_cast(ends, ARRAY(MOMENT)),
        )
        .table_valued(column("day", Date), column("start", MOMENT), column("end", MOMENT))
        .render_derived(name="span")
    )


async def facts_of_spans(
    session: AsyncSession,
    account_id: UUID,
    *,
    spans: Sequence[tuple[date, datetime, datetime]],
) -> Sequence[SpanFacts]:
    """Return what happened from each start up to, but not at, each end.

    A focus session counts where it ended. A row's own day only narrows the search.
    """
    span = _span_table(spans)
    reviews = select(func.count()).where(
        col(ReviewLog.account_id) == account_id,
        *_inside(span, ReviewLog.created_at, ReviewLog.day),
    )
    focus = select(func.coalesce(func.sum(FocusSession.focused_seconds), 0)).where(
        col(FocusSession.account_id) == account_id,
        *_inside(span, FocusSession.ended_at, FocusSession.day),
    )
    points = select(func.coalesce(func.sum(PointsEntry.amount), 0)).where(
        col(PointsEntry.account_id) == account_id,
        *_inside(span, PointsEntry.created_at, PointsEntry.day),
    )
    statement = select(
        sql_cast(span.c.day, Date),
        _figure(reviews, span),
        _figure(focus, span),
        _figure(points, span),
    ).order_by(span.c.day)
    rows = (await session.exec(statement)).all()
    return [SpanFacts._make(row) for row in rows]


def _figure(part: SelectOfScalar[int], span: FromClause) -> ColumnElement[int]:
    return sql_cast(part.correlate(span).scalar_subquery(), BigInteger)


def _inside(
    span: FromClause, moment: datetime | None, day: date
) -> tuple[ColumnElement[bool], ...]:
    return (
        col(moment) >= span.c.start,
        col(moment) < span.c.end,
        col(day) >= span.c.day - NEAR.days,
        col(day) <= span.c.day + NEAR.days,
    )
