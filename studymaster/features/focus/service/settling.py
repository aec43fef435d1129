"""Ending focus sessions, by the student's hand or by the clock: each is booked once."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.focus import queries
from studymaster.features.focus.rules import clock, statistics
from studymaster.features.focus.rules.clock import Clock, Plan
from studymaster.features.notifications import service as notifications
from studymaster.features.notifications.schemas import Notice
from studymaster.features.points import service as points
from studymaster.models import Account, FocusSession, FocusState, NotificationKind

POINTS_CAUSE: Final = "focus:"
PATH: Final = "/focus"
TOO_SHORT: Final = "Under a minute of focus is too short to count."
NOBODY_SIGNED_IN: Final = UUID(int=0)
"""A session that ends by itself does so for its student, in no session of theirs."""


async def settle(work: UnitOfWork, *, student: Student, now: datetime) -> bool:
    """End the student's session if it reached its end, or its pauses last too long.

    It ends at the moment of its end, not when somebody looked. Returns whether this call
    ended it; of several at once one does.
    """
    found = await queries.unfinished(work.session, student.account_id)
    if found is None or not _is_due(found.session, now):
        return False
    row = await queries.unfinished_for_update(work.session, student.account_id)
    return row is not None and await settle_locked(work, row, student=student, now=now)


async def settle_locked(
    work: UnitOfWork, row: FocusSession, *, student: Student, now: datetime
) -> bool:
    """End a locked session if it is due, and tell the student; see `settle`."""
    if not _is_due(row, now):
        return False
    words = _farewell(row, now=now)
    at = row.paused_at or ended_by_itself(row)
    await book(work, row, student=student, at=at, now=now)
    await notifications.notify(
        work, account_id=student.account_id, notice=_notice(row, *words), now=now
    )
    return True


async def book(
    work: UnitOfWork, row: FocusSession, *, student: Student, at: datetime, now: datetime
) -> None:
    """End a locked session at a moment; its minutes and points count from `now` on.

    One with less than a minute of focus is ended too, and counts for nothing.
    """
    facts = clock_of(row)
    focus = clock.counted(clock.focused(facts.plan, clock.spent_at(facts, at)))
    row.focused_seconds = int(focus.total_seconds())
    close(work, row, FocusState.FINISHED, at=at)
    amount = clock.points_for(focus)
    if amount:
        await points.award(
            work,
            student=student,
            amount=amount,
            cause=f"{POINTS_CAUSE}{row.id}",
            sentence=f"You focused for {focused_words(row)}.",
            now=now,
        )


def close(work: UnitOfWork, row: FocusSession, state: FocusState, *, at: datetime) -> None:
    """Stop a session's clock for good."""
    row.spent = clock.spent_at(clock_of(row), at)
    row.state, row.ended_at = state, at
    row.resumed_at = row.paused_at = None
    announce(work, row)
    work.outdate(Kept.STATISTICS, str(row.account_id))


def announce(work: UnitOfWork, row: FocusSession) -> None:
    """Tell the student's tabs that a session changed."""
    work.announce(news_for(row.account_id, Topic.FOCUS, subject=str(row.id)))


async def overdue_students(work: UnitOfWork, *, now: datetime) -> list[Student]:
    """Return whose session has to be ended by now."""
    accounts = await queries.overdue_accounts(
        work.session,
        now=now,
        paused_before=now - clock.FORGOTTEN_AFTER,
        begun_before=now - clock.OLDEST,
    )
    return [_student(account) for account in accounts]


def _student(account: Account) -> Student:
    return Student(
        account_id=account.id,
        session_id=NOBODY_SIGNED_IN,
        display_name=account.display_name,
        time_zone=account.time_zone,
        day_start_hour=account.day_start_hour,
    )


def plan_of(row: FocusSession) -> Plan:
    """Return what a session planned."""
    return Plan(
        focus=timedelta(minutes=row.focus_minutes),
        rest=timedelta(minutes=row.break_minutes),
        rounds=row.rounds,
    )


def clock_of(row: FocusSession) -> Clock:
    """Return the facts of a session's clock."""
    return Clock(plan_of(row), spent=row.spent, resumed_at=row.resumed_at)


def ended_by_itself(row: FocusSession) -> datetime:
    """Return when a running session ends by itself."""
    end = clock.ends_at(clock_of(row))
    assert end is not None
    return min(end, row.started_at + clock.OLDEST)


def _is_due(row: FocusSession, now: datetime) -> bool:
    if row.paused_at is not None:
        is_old = row.started_at <= now - clock.OLDEST
        return is_old or row.paused_at <= now - clock.FORGOTTEN_AFTER
    return row.resumed_at is not None and ended_by_itself(row) <= now


def focused_words(row: FocusSession) -> str:
    """Say how long was focused: `1 h 15 min`."""
    return statistics.duration(statistics.minutes(row.focused_seconds))


def _farewell(row: FocusSession, *, now: datetime) -> tuple[str, str]:
    """Return title and text for the end of a session that is due, without its figures."""
    if row.paused_at is None and ended_by_itself(row) == clock.ends_at(clock_of(row)):
        return "Focus session finished: {words}", "Stand up for a moment before the next."
    title, counts = "Your paused focus session was ended", "Its focus of {words} counts."
    if row.paused_at is not None and row.paused_at <= now - clock.FORGOTTEN_AFTER:
        return title, f"It stood still for 12 hours. {counts}"
    return title, f"It began two days ago. {counts}"


def _notice(row: FocusSession, title: str, text: str) -> Notice:
    words = focused_words(row)
    told = f"{earned_words(row)} {text.format(words=words)}"
    return Notice(
        kind=NotificationKind.FOCUS,
        title=title.format(words=words),
        text=told if row.focused_seconds else TOO_SHORT,
        path=PATH,
        cause=f"{POINTS_CAUSE}{row.id}",
    )


def earned_words(row: FocusSession) -> str:
    """Say what an ended session brought: `5 points are yours.`."""
    amount = clock.points_for(timedelta(seconds=row.focused_seconds))
    if not amount:
        return "Points begin with five full minutes."
    return "1 point is yours." if amount == 1 else f"{amount} points are yours."
