"""Puts today together: what is due, what is coming, and how it has gone so far."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard import queries, rules
from studymaster.features.dashboard.queries import CourseFigures
from studymaster.features.dashboard.schemas import (
    CourseTile,
    Dashboard,
    DeadlineRow,
    Figures,
    HeatDay,
    Reviews,
    ShellView,
    Stage,
    SyncChip,
    SyncState,
)
from studymaster.features.dashboard.service import route
from studymaster.features.dashboard.service.facts import DueRow, Facts, gather
from studymaster.features.points import service as points
from studymaster.models import ConnectionState, MoodleConnection, RunState, SyncRun

WEEK = timedelta(days=7)
TILES = 6

NEXT_STEPS = {
    Stage.CONNECT: "Connect your Moodle, and your day will stand here.",
    Stage.SYNC: "Your courses are on their way from Moodle.",
    Stage.NO_COURSES: "Moodle lists no courses for you yet.",
    Stage.CARDS: "Your courses are here. Open a lecture and make its first cards.",
}


async def shell(work: UnitOfWork, *, student: Student, now: datetime) -> ShellView:
    """Return what the frame of every page shows."""
    session, account_id, today = work.session, student.account_id, student.day_of(now)
    account = await queries.get_account(session, account_id)
    totals = await queries.card_totals(session, account_id, today=today)
    streak = await points.streak(work, student=student, now=now)
    balance = await points.balance(work, account_id=account_id)
    return ShellView(
        name=account.display_name,
        initials=rules.initials(account.display_name),
        summary=f"{balance:,} pts · {streak.days}-day streak",
        due=totals.due,
        theme=account.theme.value,
    )


async def dashboard(work: UnitOfWork, *, student: Student, now: datetime) -> Dashboard:
    """Return the student's day, true figures only.

    `fresh` counts materials that arrived or changed in the last 14 days and were not opened
    since. What is remembered is the share of first answers of a day with grade 3 or more,
    over 30 days. Minutes use the student's own median answer time of those 30 days, or 12 s
    before there is one.
    """
    today = student.day_of(now)
    facts = await gather(work, student=student, now=now)
    late, ahead = route.by_lateness(facts.due_rows, now=now)
    by_day = {
        row.day: rules.DayCount(row.answers, row.firsts, row.recalled) for row in facts.days
    }
    return Dashboard(
        stage=facts.stage,
        greeting=_greeting(student, now=now),
        sentence=_sentence(facts, now=now),
        minutes_left=f"{facts.minutes} min left" if facts.minutes else "",
        due=facts.totals.due,
        sync=_sync_chip(facts.connection, facts.run),
        stops=route.stops(facts, student=student, now=now),
        courses=[_tile(row) for row in facts.courses[:TILES]],
        course_count=len(facts.courses),
        deadlines=[_deadline(row, student=student, now=now) for row in ahead],
        passed=[_deadline(row, student=student, now=now) for row in late],
        figures=_figures(facts),
        reviews=_reviews(list(by_day.values())),
        heat=[HeatDay(*day) for day in rules.heat_days(by_day, today=today)],
    )


def _greeting(student: Student, *, now: datetime) -> str:
    hour = now.astimezone(ZoneInfo(student.time_zone)).hour
    return rules.greeting(student.display_name, hour=hour)


def _sentence(facts: Facts, *, now: datetime) -> str:
    if facts.stage in NEXT_STEPS:
        return NEXT_STEPS[facts.stage]
    ahead = [row for row, _ in facts.due_rows if now <= row.due_at < now + WEEK]
    return rules.day_sentence(
        deadlines=len(ahead), due=facts.totals.due, minutes=facts.minutes
    )


def _sync_chip(connection: MoodleConnection | None, run: SyncRun | None) -> SyncChip:
    if connection is None:
        return SyncChip(SyncState.NONE, "No Moodle connected")
    if connection.state is ConnectionState.BROKEN:
        return SyncChip(SyncState.BROKEN, "Moodle wants you to sign in again")
    if run is not None and run.state in {RunState.QUEUED, RunState.RUNNING}:
        return SyncChip(SyncState.RUNNING, "Moodle is syncing")
    failed = run is not None and run.state is RunState.FAILED
    if connection.last_synced_at is None:
        text = "The last sync did not finish" if failed else "Moodle not synced yet"
        return SyncChip(SyncState.WAITING, text)
    moment = connection.last_synced_at.isoformat()
    if failed:
        return SyncChip(SyncState.FAILED, "Last sync failed · data from", moment)
    news = run.new_count + run.changed_count if run and run.state is RunState.DONE else 0
    return SyncChip(
        SyncState.DONE,
        "Moodle synced",
        moment=moment,
        note=f"{news:,} new or changed" if news else "",
    )


def _figures(facts: Facts) -> Figures:
    standing = facts.standing
    return Figures(
        streak=f"{standing.streak.days:,}",
        reviewed_today=f"{facts.done.cards:,}",
        focus_week=rules.hours_words(facts.focus.minutes),
        points=f"{standing.balance:,}",
        decay=f"{standing.loss:,} fewer if today stays idle" if standing.loss else "",
    )


def _tile(row: CourseFigures) -> CourseTile:
    return CourseTile(
        id=str(row.course.id),
        shortname=row.course.shortname,
        fullname=row.course.fullname,
        line=row.course.line,
        due=row.due,
        fresh=row.fresh,
        remembered=rules.NOT_YET if row.remembered is None else row.remembered,
    )


def _deadline(row: DueRow, *, student: Student, now: datetime) -> DeadlineRow:
    deadline, course = row
    return DeadlineRow(
        id=str(deadline.id),
        title=deadline.title,
        course=course.fullname,
        line=course.line,
        when=rules.moment_words(deadline.due_at, now=now, time_zone=student.time_zone),
    )


def _reviews(days: Sequence[rules.DayCount]) -> Reviews:
    return Reviews(
        total=f"{sum(day.answers for day in days):,}",
        note=rules.half_year_note(days),
        summary=rules.half_year_summary(days),
    )
