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
    Uuid,
    column,
    true,
    values,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.orm import aliased
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from studymaster.models import (
    Account,
    ClosedDay,
    FocusSession,
    FocusState,
    LogKind,
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


class Between(NamedTuple):
    """How an account stands between two days.

    `last` is the day that was closed last, None before the first. `sums` are those of the
    ledger: just before that day ended, and now.
    """

    account: Account
    last: ClosedDay | None
    spared_on: date | None
    sums: Sequence[int]


class AccountSpan(NamedTuple):
    """One day of one account: `start` belongs to it, `end` to the next."""

    account_id: UUID
    day: date
    start: datetime
    end: datetime


class SpanFacts(NamedTuple):
    """What is booked of an account between the start and the end of one day.

    `figures` are its answers, focused seconds and points.
    """

    account_id: UUID
    day: date
    figures: Sequence[int]


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


async def lock_accounts(
    session: AsyncSession, account_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Hold accounts until the transaction ends; return those that nobody else holds."""
    statement = (
        select(col(Account.id))
        .where(col(Account.id).in_(account_ids), col(Account.deleting_since).is_(None))
        .order_by(col(Account.id))
        .with_for_update(skip_locked=True, key_share=True)
    )
    return (await session.exec(statement)).all()


async def between_days(
    session: AsyncSession, account_ids: Sequence[UUID], *, spared_within: timedelta
) -> Sequence[Between]:
    """Return how accounts stand since the day that was closed last, by id.

    `spared_on` is the last short day that cost nothing, at most so long before that one.
    """
    newest = (
        select(ClosedDay)
        .where(col(ClosedDay.account_id) == col(Account.id))
        .order_by(col(ClosedDay.day).desc())
        .limit(1)
        .correlate(Account)
        .lateral("last")
    )
    last = aliased(ClosedDay, newest)
    spared = (
        select(func.max(ClosedDay.day))
        .where(
            col(ClosedDay.account_id) == col(Account.id),
            col(ClosedDay.day) >= newest.c.day - spared_within.days,
            col(ClosedDay.spared),
        )
        .correlate(Account, newest)
        .scalar_subquery()
    )
    statement = (
        select(
            Account,
            last,
            spared,
            _sums(newest.c.ended_at).correlate(Account, newest).scalar_subquery(),
        )
        .outerjoin(last, true())
        .where(col(Account.id).in_(account_ids))
        .order_by(col(Account.id))
    )
    return [Between._make(row) for row in (await session.exec(statement)).all()]


def _sums(moment: ColumnElement[datetime]) -> SelectOfScalar[Sequence[int]]:
    """Add up an account's ledger: as it stood just before a moment, and as it is."""
    total = func.sum(PointsEntry.amount)
    then = total.filter(col(PointsEntry.created_at) < moment)
    both = array([func.coalesce(then, 0), func.coalesce(total, 0)])
    return select(sql_cast(both, ARRAY(BigInteger))).where(
        col(PointsEntry.account_id) == col(Account.id)
    )


async def unfinished_since(
    session: AsyncSession, account_ids: Sequence[UUID]
) -> dict[UUID, datetime]:
    """Return when the focus sessions of accounts began that are not over yet."""
    statement = (
        select(col(FocusSession.account_id), func.min(FocusSession.started_at))
        .where(
            col(FocusSession.account_id).in_(account_ids),
            col(FocusSession.state).in_((FocusState.RUNNING, FocusState.PAUSED)),
        )
        .group_by(col(FocusSession.account_id))
    )
    return dict((await session.exec(statement)).all())


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


async def keep_closed(
    session: AsyncSession, rows: Sequence[ClosedDay]
) -> set[tuple[UUID, date]]:
    """Write down how days ended unless that is done; return whose and which were written."""
    statement = (
        insert(ClosedDay)
        .on_conflict_do_nothing(index_elements=["account_id", "day"])
        .returning(col(ClosedDay.account_id), col(ClosedDay.day))
    )
    found = await session.exec(statement, params=[row.model_dump() for row in rows])
    return {(account_id, day) for account_id, day in found}


def _span_table(spans: Sequence[AccountSpan]) -> TableValuedAlias:
    # Arrays, not VALUES: their number does not change the statement, so it is compiled once.
    accounts, days, starts, ends = zip(*spans, strict=True)
    return (
        func.unnest(
            sql_cast(accounts, ARRAY(Uuid)),
            sql_cast(days, ARRAY(Date)),
            sql_cast(starts, ARRAY(MOMENT)),
            sql_cast(ends, ARRAY(MOMENT)),
        )
        .table_valued(
            column("account_id", Uuid),
            column("day", Date),
            column("start", MOMENT),
            column("end", MOMENT),
        )
        .render_derived(name="span")
    )


async def facts_of_spans(
    session: AsyncSession, spans: Sequence[AccountSpan]
) -> Sequence[SpanFacts]:
    """Return what happened in each of the days, of one account or of many.

    A focus session counts where it ended. A row's own day only narrows the search.
    """
    span = _span_table(spans)
    reviews = select(func.count()).where(
        col(ReviewLog.account_id) == span.c.account_id,
        col(ReviewLog.kind) == LogKind.REVIEW,
        *_inside(span, ReviewLog.created_at, ReviewLog.day),
    )
    focus = select(func.coalesce(func.sum(FocusSession.focused_seconds), 0)).where(
        col(FocusSession.account_id) == span.c.account_id,
        *_inside(span, FocusSession.ended_at, FocusSession.day),
    )
    points = select(func.coalesce(func.sum(PointsEntry.amount), 0)).where(
        col(PointsEntry.account_id) == span.c.account_id,
        *_inside(span, PointsEntry.created_at, PointsEntry.day),
    )
    figures = [_figure(part, span) for part in (reviews, focus, points)]
    statement = select(
        sql_cast(span.c.account_id, Uuid[UUID]()),
        sql_cast(span.c.day, Date),
        sql_cast(array(figures), ARRAY(BigInteger)),
    )
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
