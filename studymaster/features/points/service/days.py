"""Closing the days that are over, and how a student stands in the one that is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from studymaster.adapters import cache
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts import rules as accounts_rules
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import rules
from studymaster.features.points.queries import days as queries
from studymaster.features.points.queries import ledger
from studymaster.features.points.queries.days import AccountSpan, Between
from studymaster.features.points.rules import Ending, Facts, Fate, Footing, Span
from studymaster.features.points.schemas import DayMark, Standing, StreakView
from studymaster.features.points.service.ledger import decay_line, entry_of
from studymaster.models import ClosedDay

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
class _Stretch:
    """The days of a student after the last closed one, and the footing they begin on."""

    account_id: UUID
    spans: Sequence[Span]
    footing: Footing


async def close_days(
    work: UnitOfWork, *, account_ids: Sequence[UUID], now: datetime
) -> Mapping[UUID, Sequence[Ending]]:
    """Close the days of students that are over, in order, at most two months of each.

    Running it twice, or twice at once, changes nothing: an account that somebody else is
    closing is left to them, and a day is written once. A day in which a focus session
    began waits until that session is over. Returns what was closed; a student of whom
    there was nothing to close is not in it.
    """
    held = await queries.lock_accounts(work.session, account_ids)
    began = await queries.unfinished_since(work.session, held)
    stretches = [
        _to_close(known, began=began.get(known.account.id), now=now)
        for known in await _between_days(work, held)
    ]
    endings = await _endings(work, stretches)
    await _keep(work, endings, now=now)
    for account_id in endings:
        work.outdate(Kept.STATISTICS, str(account_id))
        work.announce(news_for(account_id, Topic.POINTS))
    return endings


async def _between_days(work: UnitOfWork, account_ids: Sequence[UUID]) -> Sequence[Between]:
    rested = rules.SHORT_DAYS_APART * rules.ONE_DAY
    return await queries.between_days(work.session, account_ids, spared_within=rested)


def _to_close(known: Between, *, began: datetime | None, now: datetime) -> _Stretch:
    clock = Clock(known.account.time_zone, known.account.day_start_hour)
    before = _day_before(known, clock=clock)
    limits = [clock.last_over(now), before + MOST_DAYS_AT_ONCE * rules.ONE_DAY]
    if began is not None:
        limits.append(clock.day_of(began) - rules.ONE_DAY)
    return _stretch(known, last=min(limits), clock=clock)


def _day_before(known: Between, *, clock: Clock) -> date:
    """Return the day that was closed last, or the one before the student came."""
    if known.last is not None:
        return known.last.day
    return clock.day_of(known.account.created_at) - rules.ONE_DAY


def _stretch(known: Between, *, last: date, clock: Clock) -> _Stretch:
    before = _day_before(known, clock=clock)
    spans = rules.spans(
        before + rules.ONE_DAY,
        last,
        after=known.last.ended_at if known.last else clock.end_of(before),
        time_zone=clock.time_zone,
        day_start_hour=clock.day_start_hour,
    )
    return _Stretch(known.account.id, spans, _footing(known))


def _footing(known: Between) -> Footing:
    if known.last is None:
        return Footing()
    then, _ = known.sums
    return Footing(then, known.last.streak, known.last.freezes, known.spared_on)


async def _endings(
    work: UnitOfWork, stretches: Sequence[_Stretch]
) -> dict[UUID, list[Ending]]:
    """Return how the days of each stretch end, if it has any; nothing is written."""
    spans = [
        AccountSpan(one.account_id, span.day, span.start, span.end)
        for one in stretches
        for span in one.spans
    ]
    if not spans:
        return {}
    facts = {
        (account_id, day): Facts(*figures)
        for account_id, day, figures in await queries.facts_of_spans(work.session, spans)
    }
    return {
        one.account_id: rules.end_days(
            one.footing, [(span, facts[one.account_id, span.day]) for span in one.spans]
        )
        for one in stretches
        if one.spans
    }


async def _keep(
    work: UnitOfWork, endings: Mapping[UUID, Sequence[Ending]], *, now: datetime
) -> None:
    """Write down how days ended, and what each took."""
    days = {
        (account_id, ending.span.day): ending
        for account_id, own in endings.items()
        for ending in own
    }
    if not days:
        return
    rows = [_row(account_id, ending, now=now) for (account_id, _), ending in days.items()]
    written = await queries.keep_closed(work.session, rows)
    entries = [
        entry_of(account_id, decay_line(ending))
        for (account_id, day), ending in days.items()
        if ending.decay and (account_id, day) in written
    ]
    if entries:
        await ledger.add_entries(work.session, entries)


def _row(account_id: UUID, ending: Ending, *, now: datetime) -> ClosedDay:
    return ClosedDay(
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


@dataclass(frozen=True, slots=True)
class Present:
    """The days since the last closed one: those over, and the one that is not.

    `open` tells how the open day would end if nothing more happened; `balance` is what the
    ledger holds now.
    """

    over: Sequence[Ending]
    open: Ending
    balance: int


async def get_present(work: UnitOfWork, *, student: Student, now: datetime) -> Present:
    """Return the student's open day at this moment, whatever the job has closed so far."""
    found = await get_presents(work, account_ids=[student.account_id], now=now)
    return found[student.account_id]


async def get_presents(
    work: UnitOfWork, *, account_ids: Sequence[UUID], now: datetime
) -> Mapping[UUID, Present]:
    """Return the open days of several students at this moment."""
    between = await _between_days(work, account_ids)
    endings = await _endings(work, [_until_now(known, now=now) for known in between])
    return {
        known.account.id: Present(
            over=endings[known.account.id][:-1],
            open=endings[known.account.id][-1],
            balance=known.sums[-1],
        )
        for known in between
    }


def _until_now(known: Between, *, now: datetime) -> _Stretch:
    clock = Clock(known.account.time_zone, known.account.day_start_hour)
    # After a move westward the day by the wall clock may be closed already.
    today = max(clock.day_of(now), _day_before(known, clock=clock) + rules.ONE_DAY)
    return _stretch(known, last=today, clock=clock)


def standing_of(present: Present) -> Standing:
    """Return balance and streak, and what the rest of today could still cost."""
    return Standing(
        balance=present.balance,
        streak=_streak(present.open),
        loss=present.open.decay,
        covered=present.open.fate is Fate.FROZEN,
    )


def _streak(ending: Ending) -> StreakView:
    # An idle day ends the streak, and a freeze is used, only when the day is over.
    active = ending.fate is Fate.ACTIVE
    footing = ending.after if active else ending.before
    return StreakView(footing.streak, footing.freezes, active)


async def standing(work: UnitOfWork, *, student: Student, now: datetime) -> Standing:
    """Return how the student stands at this moment."""
    return standing_of(await get_present(work, student=student, now=now))


async def find_standing(*, student: Student, now: datetime) -> Standing:
    """Return how the student stands, kept until they learn, earn or lose something.

    Call it outside of a unit of work.
    """

    async def look() -> Standing:
        async with unit_of_work() as work:
            return await standing(work, student=student, now=now)

    clock = f"{student.time_zone}:{student.day_start_hour}"
    return await cache.kept(
        Kept.STATISTICS,
        str(student.account_id),
        f"standing:{student.day_of(now)}:{clock}",
        shape=Standing,
        make=look,
    )


async def calendar(
    work: UnitOfWork, *, student: Student, weeks: int, present: Present
) -> list[DayMark]:
    """Return the days of so many weeks, the last one holding today, from a Monday on."""
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
