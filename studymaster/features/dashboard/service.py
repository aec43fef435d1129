"""Puts today together: what is due, what is coming, and how it has gone so far."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard import queries, rules
from studymaster.features.dashboard.queries import (
    CardTotals,
    CourseFigures,
    DayFigures,
    DoneToday,
)
from studymaster.features.dashboard.schemas import (
    CourseTile,
    Dashboard,
    DeadlineRow,
    Figures,
    Reviews,
    ShellView,
    Stage,
    Stop,
    SyncChip,
    SyncState,
)
from studymaster.features.points import service as points
from studymaster.models import (
    ConnectionState,
    Course,
    Deadline,
    MoodleConnection,
    RunState,
    SyncRun,
)

REVIEWS_COUNT_FOR = timedelta(days=30)
NEW_FOR = timedelta(days=14)
LOOK_AHEAD = timedelta(days=14)
LOOK_BACK = timedelta(days=3)
WEEK = timedelta(days=7)
STOPS_FOR_DEADLINES = 3

NEXT_STEPS = {
    Stage.CONNECT: "Connect your Moodle, and your day will stand here.",
    Stage.SYNC: "Your courses are on their way from Moodle.",
    Stage.CARDS: "Your courses are here. Open a lecture and make its first cards.",
}

DueRow = tuple[Deadline, Course]


async def shell(work: UnitOfWork, *, student: Student, now: datetime) -> ShellView:
    """Return what the frame of every page shows."""
    session, account_id, today = work.session, student.account_id, student.day_of(now)
    account = await queries.get_account(session, account_id)
    totals = await queries.card_totals(session, account_id, today=today)
    streak = await _streak(work, student=student, today=today)
    balance = await points.balance(work, account_id=account_id)
    return ShellView(
        name=account.display_name,
        initials=rules.initials(account.display_name),
        summary=f"{balance:,} pts · {streak}-day streak",
        due=totals.due,
        theme=account.theme.value,
    )


async def dashboard(work: UnitOfWork, *, student: Student, now: datetime) -> Dashboard:
    """Return the student's day with true figures only.

    `fresh` counts materials that arrived or changed in the last 14 days and were not opened
    since; what is remembered is the share of first answers of a day with grade 3 or more,
    over 30 days; minutes use the student's own median answer time, or 12 s before there is one.
    """
    session, account_id, today = work.session, student.account_id, student.day_of(now)
    totals = await queries.card_totals(session, account_id, today=today)
    courses = await queries.course_figures(
        session,
        account_id,
        today=today,
        fresh_since=now - NEW_FOR,
        reviews_since=today - REVIEWS_COUNT_FOR,
    )
    due_rows = await queries.deadlines(
        session, account_id, after=now - LOOK_BACK, before=now + LOOK_AHEAD
    )
    days = await queries.review_days(
        session, account_id, since=rules.heat_start(today)
    )
    done = await queries.done_on(session, account_id, day=today)
    connection = await queries.newest_connection(session, account_id)
    run = await queries.newest_run(session, account_id)
    minutes = await _minutes(work, student=student, due=totals.due, today=today)
    stage = _stage(connection, courses, totals)
    by_day = {
        row.day: rules.DayCount(row.answers, row.firsts, row.recalled) for row in days
    }
    return Dashboard(
        stage=stage,
        greeting=_greeting(student, now=now),
        sentence=_sentence(stage, due_rows, due=totals.due, minutes=minutes, now=now),
        minutes_left=f"{minutes} min left" if minutes else "",
        due=totals.due,
        sync=_sync_chip(connection, run),
        stops=_linked(
            [
                *_done_stop(done, student=student),
                *_due_stop(totals, courses, minutes=minutes, today=today),
                *_deadline_stops(due_rows, student=student, now=now),
            ]
        ),
        courses=[_tile(row) for row in courses],
        deadlines=[_deadline(row, student=student, now=now) for row in due_rows],
        figures=Figures(
            streak=await _streak(work, student=student, today=today),
            reviewed_today=done.cards,
            points=await points.balance(work, account_id=account_id),
        ),
        reviews=_reviews(days),
        heat=rules.heat_days(by_day, today=today),
    )
