"""Puts today together: what is due, what is coming, and how it has gone so far."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from studymaster.adapters import cache
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts.rules import DISCONNECTED
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.service import hosting
from studymaster.features.dashboard import queries, rules
from studymaster.features.dashboard.queries import CourseFigures, DayFigures
from studymaster.features.dashboard.schemas import (
    CourseTile,
    Dashboard,
    DeadlineRow,
    Figures,
    Reviews,
    ShellView,
    Stage,
    SyncChip,
    SyncState,
)
from studymaster.features.dashboard.service import route
from studymaster.features.dashboard.service.facts import Facts, gather
from studymaster.features.deadlines.queries.dates import DueRow
from studymaster.features.deadlines.service.listing import address_of
from studymaster.features.flashcards.rules.statistics import heat_days
from studymaster.features.flashcards.schemas import HeatDay
from studymaster.features.flashcards.service.day import kept_left
from studymaster.features.points import service as points
from studymaster.features.points.schemas import Standing
from studymaster.features.sync.rules import PROMPT
from studymaster.models import ConnectionState, RunState, SyncRun

TILES = 6

NEXT_STEPS = {
    Stage.CONNECT: "Connect your Moodle, and your day will stand here.",
    Stage.SYNC: "Your courses are on their way from Moodle.",
    Stage.NO_COURSES: "Moodle lists no courses for you yet.",
    Stage.CARDS: "Your courses are here. Make your first cards from a lecture.",
}


async def find_shell(*, student: Student, now: datetime) -> ShellView:
    """Return what the frame of every page shows. Call it outside of a unit of work."""
    standing = await points.find_standing(student=student, now=now)
    left = await kept_left(student=student, now=now)
    async with unit_of_work() as work:
        found = await queries.frame(work.session, student.account_id)
    return ShellView(
        name=found.name,
        initials=rules.initials(found.name),
        summary=f"{standing.balance:,} pts · {standing.streak.days}-day streak",
        due=left.cards,
        theme=found.theme.value,
    )


async def find_is_host(*, student: Student) -> bool:
    """Tell whether the student hosts the product, kept for a minute.

    It only decides what is shown; the host's own page asks for itself.
    """

    async def look() -> bool:
        async with unit_of_work() as work:
            return await hosting.is_host(work, account_id=student.account_id)

    owner, key = str(student.account_id), f"host:{sorted(get_settings().admins)}"
    return await cache.kept(Kept.SESSIONS, owner, key, shape=bool, make=look)


async def find_dashboard(*, student: Student, now: datetime) -> Dashboard:
    """Return the student's day, true figures only. Call it outside of a unit of work.

    `fresh` counts materials that arrived or changed in the last 14 days and were not opened
    since. What is remembered is, as in Statistics, the share of answers to cards that had
    rested at least a day with grade 3 or more, over 30 days. Minutes are those of all stops
    that are left; a review takes the student's own median answer time of those 30 days, or
    12 s before there is one.
    """
    standing = await points.find_standing(student=student, now=now)
    left = await kept_left(student=student, now=now)
    async with unit_of_work() as work:
        facts = await gather(work, student=student, left=left, now=now)
    late, ahead = route.by_lateness(facts.due_rows, now=now)
    minutes = route.minutes_left(facts, now=now)
    stops = route.stops(facts, student=student, now=now)
    return Dashboard(
        stage=facts.stage,
        greeting=_greeting(student, now=now),
        sentence=_sentence(facts, minutes=minutes, now=now),
        minutes_left=f"{minutes} min left" if minutes else "",
        due=facts.totals.due,
        start=route.start(stops),
        sync=_sync_chip(facts, now=now),
        stops=stops,
        courses=[_tile(row) for row in facts.courses[:TILES]],
        course_count=len(facts.courses),
        deadlines=[_deadline(row, student=student, now=now) for row in ahead],
        passed=[_deadline(row, student=student, now=now) for row in late],
        figures=_figures(facts, standing),
        reviews=_reviews(
            [rules.DayCount(row.answers, row.asked, row.recalled) for row in facts.days]
        ),
        heat=_heat(facts.days, today=student.day_of(now)),
    )


def _greeting(student: Student, *, now: datetime) -> str:
    hour = now.astimezone(ZoneInfo(student.time_zone)).hour
    return rules.greeting(student.display_name, hour=hour)


def _sentence(facts: Facts, *, minutes: int, now: datetime) -> str:
    if facts.stage in NEXT_STEPS:
        return NEXT_STEPS[facts.stage]
    deadlines = len(route.of_the_week(facts.due_rows, now=now))
    return rules.day_sentence(deadlines=deadlines, minutes=minutes)


def _sync_chip(facts: Facts, *, now: datetime) -> SyncChip:
    connection, run = facts.connection, facts.run
    if connection is None:
        return SyncChip(SyncState.NONE, "No Moodle connected")
    if connection.failure_code == DISCONNECTED:
        return SyncChip(SyncState.NONE, "Moodle disconnected")
    if connection.state is ConnectionState.BROKEN:
        return SyncChip(SyncState.BROKEN, "Moodle wants you to sign in again")
    if run is not None and run.state in {RunState.QUEUED, RunState.RUNNING}:
        waits = run.state is RunState.QUEUED and now - run.created_at >= PROMPT
        text = "The Moodle sync waits its turn" if waits else "Moodle is syncing"
        return SyncChip(SyncState.RUNNING, text)
    return _chip_of_past(connection.last_synced_at, run, changes=facts.changes)


def _chip_of_past(
    synced_at: datetime | None, run: SyncRun | None, *, changes: int
) -> SyncChip:
    failed = run is not None and run.state is RunState.FAILED and not run.cancelled_at
    if synced_at is None:
        text = "The last sync did not finish" if failed else "Moodle not synced yet"
        return SyncChip(SyncState.WAITING, text)
    moment = synced_at.isoformat()
    if failed:
        return SyncChip(SyncState.FAILED, "Last sync failed · data from", moment)
    return SyncChip(
        SyncState.DONE,
        "Moodle synced",
        moment=moment,
        note=f"{changes:,} {'change' if changes == 1 else 'changes'}" if changes else "",
    )


def _figures(facts: Facts, standing: Standing) -> Figures:
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
    deadline, course = row.deadline, row.course
    return DeadlineRow(
        id=str(deadline.id),
        title=deadline.title,
        course=course.fullname,
        line=course.line,
        when=rules.moment_words(deadline.due_at, now=now, time_zone=student.time_zone),
        address=address_of(row),
    )


def _heat(days: Sequence[DayFigures], *, today: date) -> list[HeatDay]:
    answers = {row.day: row.answers for row in days}
    return [HeatDay(*day) for day in heat_days(answers, today=today)]


def _reviews(days: Sequence[rules.DayCount]) -> Reviews:
    return Reviews(
        total=f"{sum(day.answers for day in days):,}",
        note=rules.half_year_note(days),
        summary=rules.half_year_summary(days),
    )
