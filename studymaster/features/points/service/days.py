"""Closing the days that are over, and how a student stands in the one that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts import rules as accounts_rules
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import rules
from studymaster.features.points.queries import days as queries
from studymaster.features.points.queries import ledger
from studymaster.features.points.rules import Ending, Facts, Fate, Footing, Span
from studymaster.features.points.schemas import DayMark, Standing, StreakView
from studymaster.features.points.service.ledger import book, decay_line
from studymaster.models import Account, ClosedDay

CLOSED_AFTER = timedelta(minutes=10)
"""What was under way when a day ended is stored by then."""

MOST_DAYS_AT_ONCE = 62
"""A longer absence is caught up in several steps."""


@dataclass(frozen=True, slots=True)
class Clock:
    """By which clock a student's days end."""

    time_zone: str
    day_start_hour: int

    def day_of(self, moment: datetime) -> date:
        """Return the day that holds a moment."""
        return accounts_rules.day_of(
            moment, time_zone=self.time_zone, day_start_hour=self.day_start_hour
        )

    def last_over(self, moment: datetime) -> date:
        """Return the newest day that may be closed at a moment."""
        return self.day_of(moment - CLOSED_AFTER) - rules.ONE_DAY

    def end_of(self, day: date) -> datetime:
        """Return when a day is over."""
        return rules.end_of_day(
            day, time_zone=self.time_zone, day_start_hour=self.day_start_hour
        )


async def accounts_behind(
    work: UnitOfWork, *, now: datetime, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Return accounts that have a day to close, by id, from the one after `after` on."""
    over = list[queries.LastOver]()
    for row in await queries.day_clocks(work.session):
        clock = Clock(*row)
        day = clock.last_over(now)
        over.append(queries.LastOver(*row, day, clock.end_of(day)))
    if not over:
        return []
    return await queries.accounts_behind(work.session, over=over, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class _Before:
    """How a student stood when the last closed day ended; `day` is that day."""

    day: date
    ended_at: datetime
    footing: Footing


async def close_days(
    work: UnitOfWork, *, account_id: UUID, now: datetime
) -> Sequence[Ending]:
    """Close the days that are over, in order, at most two months of them; return those.

    Running it twice, or twice at once, changes nothing: an account that somebody else is
    closing is left to them, and a day is written once. A day in which a focus session
    began waits until that session is over.
    """
    account = await queries.lock_account(work.session, account_id)
    if account is None:
        return []
    clock = Clock(account.time_zone, account.day_start_hour)
    before = await _before(work, account, clock=clock)
    last = await _last_to_close(work, account_id, before=before, clock=clock, now=now)
    endings = await _endings(work, account_id, before=before, last=last, clock=clock)
    for ending in endings:
        await _keep(work, account_id, ending, now=now)
    if endings:
        work.outdate(Kept.STATISTICS, str(account_id))
        work.announce(news_for(account_id, Topic.POINTS))
    return endings


async def _last_to_close(
    work: UnitOfWork, account_id: UUID, *, before: _Before, clock: Clock, now: datetime
) -> date:
    limits = [clock.last_over(now), before.day + MOST_DAYS_AT_ONCE * rules.ONE_DAY]
    began = await queries.unfinished_since(work.session, account_id)
    if began is not None:
        limits.append(clock.day_of(began) - rules.ONE_DAY)
    return min(limits)


async def _before(work: UnitOfWork, account: Account, *, clock: Clock) -> _Before:
    last = await queries.last_closed(work.session, account.id)
    if last is None:
        day = clock.day_of(account.created_at) - rules.ONE_DAY
        return _Before(day, clock.end_of(day), Footing())
    spared_on = await queries.spared_since(
        work.session,
        account.id,
        since=last.day - rules.SHORT_DAYS_APART * rules.ONE_DAY,
    )
    balance = await ledger.balance_before(work.session, account.id, last.ended_at)
    footing = Footing(balance, last.streak, last.freezes, spared_on)
    return _Before(last.day, last.ended_at, footing)


async def _endings(
    work: UnitOfWork, account_id: UUID, *, before: _Before, last: date, clock: Clock
) -> list[Ending]:
    """Return how the days after `before` end, up to `last`; nothing is written."""
    spans = rules.spans(
        before.day + rules.ONE_DAY,
        last,
        after=before.ended_at,
        time_zone=clock.time_zone,
        day_start_hour=clock.day_start_hour,
    )
    facts = await _facts(work, account_id, spans)
    return rules.end_days(before.footing, zip(spans, facts, strict=True))


async def _facts(
    work: UnitOfWork, account_id: UUID, spans: Sequence[Span]
) -> Sequence[Facts]:
    if not spans:
        return []
    rows = await queries.facts_of_spans(
        work.session, account_id, spans=[(one.day, one.start, one.end) for one in spans]
    )
    return [Facts(row.reviews, row.focus_seconds, row.points) for row in rows]


async def _keep(
    work: UnitOfWork, account_id: UUID, ending: Ending, *, now: datetime
) -> None:
    row = ClosedDay(
        account_id=account_id,
        day=ending.span.day,
        ended_at=ending.span.end,
        closed_at=now,
        active=ending.fate is Fate.ACTIVE,
        frozen=ending.fate is Fate.FROZEN,
        spared=ending.fate is Fate.SPARED,
        streak=ending.after.streak,
        freezes=ending.after.freezes,
        decay=ending.decay,
    )
    written = await queries.keep_closed(work.session, account_id, row=row)
    if written and ending.decay:
        await book(work, account_id=account_id, line=decay_line(ending))


@dataclass(frozen=True, slots=True)
class _Present:
    """The days since the last closed one: those over, and the one that is not.

    `open` tells how the open day would end if nothing more happened.
    """

    over: Sequence[Ending]
    open: Ending


async def _present(work: UnitOfWork, *, student: Student, now: datetime) -> _Present:
    clock = Clock(student.time_zone, student.day_start_hour)
    account = await queries.get_account(work.session, student.account_id)
    before = await _before(work, account, clock=clock)
    # After a move westward the day by the wall clock may be closed already.
    today = max(clock.day_of(now), before.day + rules.ONE_DAY)
    *over, present = await _endings(
        work, account.id, before=before, last=today, clock=clock
    )
    return _Present(over, present)


async def streak(work: UnitOfWork, *, student: Student, now: datetime) -> StreakView:
    """Return the student's streak at this moment, whatever the job has closed so far."""
    present = await _present(work, student=student, now=now)
    return _streak(present.open)


def _streak(ending: Ending) -> StreakView:
    # An idle day ends the streak, and a freeze is used, only when the day is over.
    active = ending.fate is Fate.ACTIVE
    footing = ending.after if active else ending.before
    return StreakView(footing.streak, footing.freezes, active)


async def standing(work: UnitOfWork, *, student: Student, now: datetime) -> Standing:
    """Return balance and streak, and what the rest of today could still cost."""
    present = await _present(work, student=student, now=now)
    return Standing(
        balance=await ledger.balance(work.session, student.account_id),
        streak=_streak(present.open),
        loss=present.open.decay,
        covered=present.open.fate is Fate.FROZEN,
    )


async def calendar(
    work: UnitOfWork, *, student: Student, now: datetime, weeks: int
) -> list[DayMark]:
    """Return the days of so many weeks, the last one holding today, from a Monday on."""
    present = await _present(work, student=student, now=now)
    monday = rules.monday_of(present.open.span.day)
    first = monday - (weeks - 1) * timedelta(days=rules.DAYS_PER_WEEK)
    rows = await queries.closed_days(work.session, student.account_id, since=first)
    fates = {row.day: (_fate(row), row.decay) for row in rows}
    fates |= {one.span.day: (one.fate, one.decay) for one in present.over}
    return [
        _mark(first + timedelta(days=offset), fates, present=present.open)
        for offset in range(weeks * rules.DAYS_PER_WEEK)
    ]


def _fate(row: ClosedDay) -> Fate:
    flags = {Fate.ACTIVE: row.active, Fate.FROZEN: row.frozen, Fate.SPARED: row.spared}
    return next((fate for fate, holds in flags.items() if holds), Fate.IDLE)


def _mark(day: date, fates: dict[date, tuple[Fate, int]], *, present: Ending) -> DayMark:
    if day in fates:
        fate, cost = fates[day]
        return DayMark(day, fate.value, rules.day_words(day, fate, cost=cost))
    if day == present.span.day:
        active = present.fate is Fate.ACTIVE
        words = "active" if active else "today, nothing yet"
        return DayMark(day, "active" if active else "open", f"{day:%a %-d %b}: {words}")
    state = "none" if day < present.span.day else "ahead"
    return DayMark(day, state, f"{day:%a %-d %b}")
