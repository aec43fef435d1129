"""Puts today together: what is due, what is coming, and how it has gone so far."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    HeatDay,
    Reviews,
    ShellView,
    Stage,
    Stop,
    SyncChip,
    SyncState,
)
from studymaster.features.flashcards.service import review
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
TILES = 6
STUDY, DEADLINES = "study", "acct"
"""The lines of the map that a stop can be on."""

NEXT_STEPS = {
    Stage.CONNECT: "Connect your Moodle, and your day will stand here.",
    Stage.SYNC: "Your courses are on their way from Moodle.",
    Stage.NO_COURSES: "Moodle lists no courses for you yet.",
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


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the database says about a student's day."""

    totals: CardTotals
    courses: Sequence[CourseFigures]
    due_rows: Sequence[DueRow]
    days: Sequence[DayFigures]
    done: DoneToday
    connection: MoodleConnection | None
    run: SyncRun | None
    minutes: int
    streak: int
    points: int

    @property
    def stage(self) -> Stage:
        if self.totals.total:
            return Stage.READY
        if self.courses:
            return Stage.CARDS
        if self.connection is None:
            return Stage.CONNECT
        return Stage.NO_COURSES if self.connection.last_synced_at else Stage.SYNC


async def dashboard(work: UnitOfWork, *, student: Student, now: datetime) -> Dashboard:
    """Return the student's day, true figures only.

    `fresh` counts materials that arrived or changed in the last 14 days and were not opened
    since. What is remembered is the share of first answers of a day with grade 3 or more,
    over 30 days. Minutes use the student's own median answer time of those 30 days, or 12 s
    before there is one.
    """
    today = student.day_of(now)
    facts = await _facts(work, student=student, now=now, today=today)
    late, ahead = _by_lateness(facts.due_rows, now=now)
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
        stops=_stops(facts, student=student, now=now),
        courses=[_tile(row) for row in facts.courses[:TILES]],
        course_count=len(facts.courses),
        deadlines=[_deadline(row, student=student, now=now) for row in ahead],
        passed=[_deadline(row, student=student, now=now) for row in late],
        figures=Figures(f"{facts.streak:,}", f"{facts.done.cards:,}", f"{facts.points:,}"),
        reviews=_reviews(list(by_day.values())),
        heat=[HeatDay(*day) for day in rules.heat_days(by_day, today=today)],
    )


async def _facts(
    work: UnitOfWork, *, student: Student, now: datetime, today: date
) -> _Facts:
    session, account_id = work.session, student.account_id
    totals = await queries.card_totals(session, account_id, today=today)
    return _Facts(
        totals=totals,
        courses=await queries.course_figures(
            session,
            account_id,
            today=today,
            fresh_since=now - NEW_FOR,
            reviews_since=today - REVIEWS_COUNT_FOR,
        ),
        due_rows=await queries.deadlines(
            session, account_id, after=now - LOOK_BACK, before=now + LOOK_AHEAD
        ),
        days=await queries.review_days(session, account_id, since=rules.heat_start(today)),
        done=await queries.done_on(session, account_id, day=today),
        connection=await queries.newest_connection(session, account_id),
        run=await queries.newest_run(session, account_id),
        minutes=await review.estimate_minutes(
            work, account_id=student.account_id, cards=totals.due, today=today
        ),
        streak=await _streak(work, student=student, today=today),
        points=await points.balance(work, account_id=account_id),
    )


async def _streak(work: UnitOfWork, *, student: Student, today: date) -> int:
    last_day, length = await queries.newest_streak(work.session, student.account_id)
    return rules.alive_streak(last_day, length, today=today)


def _greeting(student: Student, *, now: datetime) -> str:
    hour = now.astimezone(ZoneInfo(student.time_zone)).hour
    return rules.greeting(student.display_name, hour=hour)


def _sentence(facts: _Facts, *, now: datetime) -> str:
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


def _stops(facts: _Facts, *, student: Student, now: datetime) -> list[Stop]:
    stops = [
        *_done_stop(facts.done, student=student),
        *_due_stop(facts, today=student.day_of(now)),
        *_deadline_stops(facts.due_rows, student=student, now=now),
    ]
    following = [*(stop.line for stop in stops), ""][1:]
    return [
        replace(stop, next_line=line) for stop, line in zip(stops, following, strict=True)
    ]


def _done_stop(done: DoneToday, *, student: Student) -> list[Stop]:
    if done.last_at is None:
        return []
    at = done.last_at.astimezone(ZoneInfo(student.time_zone))
    return [
        Stop(
            title=f"Reviewed {rules.counted(done.cards, 'card')}",
            detail=_course_words(done.courses),
            when=f"done {at:%H:%M}",
            line=STUDY,
            next_line="",
            state="done",
        )
    ]


def _due_stop(facts: _Facts, *, today: date) -> list[Stop]:
    totals = facts.totals
    if not totals.total:
        return []
    if totals.due:
        names = [row.course.fullname for row in facts.courses if row.due]
        title = f"Review {rules.counted(totals.due, 'card')}"
        detail, when = f"{_course_words(names)} · {facts.minutes} min", "now"
    else:
        title, when = "All cards reviewed", "done for today"
        detail = _next_words(totals.next_on, today=today)
    state = "now" if totals.due else "done"
    return [Stop(title, detail.removeprefix(" · "), when, STUDY, "", state)]


def _next_words(next_on: date | None, *, today: date) -> str:
    if next_on is None:
        return ""
    days = (next_on - today).days
    return "The next are due tomorrow" if days == 1 else f"The next are due in {days} days"


def _course_words(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} courses" if names else ""


def _by_lateness(
    rows: Sequence[DueRow], *, now: datetime
) -> tuple[list[DueRow], list[DueRow]]:
    late = [row for row in rows if row[0].due_at < now]
    return late, [row for row in rows if row[0].due_at >= now]


def _deadline_stops(
    rows: Sequence[DueRow], *, student: Student, now: datetime
) -> list[Stop]:
    _, ahead = _by_lateness(rows, now=now)
    return [
        Stop(
            title=deadline.title,
            detail=course.fullname,
            when=rules.moment_words(deadline.due_at, now=now, time_zone=student.time_zone),
            line=DEADLINES,
            next_line="",
            state="next",
        )
        for deadline, course in ahead[:STOPS_FOR_DEADLINES]
    ]


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
