"""What the database says about a student's day, asked once for the whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard import queries
from studymaster.features.dashboard.queries import (
    CardTotals,
    CourseFigures,
    DayFigures,
    DoneToday,
    GroupSession,
    Lecture,
)
from studymaster.features.dashboard.schemas import Stage
from studymaster.features.deadlines.queries import dates
from studymaster.features.deadlines.queries.dates import DueRow
from studymaster.features.flashcards.rules.statistics import RECENT_DAYS, heat_start
from studymaster.features.flashcards.service import review
from studymaster.features.flashcards.service.day import LeftToday
from studymaster.features.focus import service as focus
from studymaster.features.focus.schemas import FocusWeek, TimerView
from studymaster.models import MoodleConnection, SyncRun

WEEK = timedelta(days=7)
NEW_FOR = timedelta(days=14)
LOOK_AHEAD = timedelta(days=14)
LOOK_BACK = timedelta(days=3)
A_WHILE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database says about a student's day; `lecture` is there until they have cards.

    `due_rows` are the due dates that nothing says are handed in or graded, the nearest first.
    """

    totals: CardTotals
    courses: Sequence[CourseFigures]
    due_rows: Sequence[DueRow]
    days: Sequence[DayFigures]
    done: DoneToday
    connection: MoodleConnection | None
    run: SyncRun | None
    changes: int
    review_minutes: int
    focus: FocusWeek
    timer: TimerView
    groups: Sequence[GroupSession]
    lecture: Lecture | None

    @property
    def stage(self) -> Stage:
        """How far the student has come."""
        if self.totals.total:
            return Stage.READY
        if self.courses:
            return Stage.CARDS
        if self.connection is None:
            return Stage.CONNECT
        return Stage.NO_COURSES if self.connection.last_synced_at else Stage.SYNC


async def gather(
    work: UnitOfWork, *, student: Student, left: LeftToday, now: datetime
) -> Facts:
    """Return the facts of a student's present day."""
    today = student.day_of(now)
    session, account_id = work.session, student.account_id
    totals = await queries.card_totals(session, account_id, today=today, due=left.cards)
    newest = await queries.newest_sync(session, account_id)
    connection, run, changes = newest or (None, None, 0)
    return Facts(
        totals=totals,
        courses=await queries.course_figures(
            session,
            account_id,
            due=left.courses,
            fresh_since=now - NEW_FOR,
            reviews_since=today - timedelta(days=RECENT_DAYS - 1),
        ),
        due_rows=await dates.unsettled(
            session, account_id, since=now - LOOK_BACK, before=now + LOOK_AHEAD
        ),
        days=await queries.review_days(session, account_id, since=heat_start(today)),
        done=await queries.done_on(session, account_id, day=today),
        connection=connection,
        run=run,
        changes=changes,
        review_minutes=await review.estimate_minutes(
            work, account_id=student.account_id, cards=totals.due, today=today
        ),
        focus=await focus.week(work, student=student, now=now),
        timer=await focus.get_timer(work, student=student, now=now),
        groups=await queries.group_sessions(
            session, account_id, after=now - A_WHILE, before=now + WEEK
        ),
        lecture=None if totals.total else await queries.newest_lecture(session, account_id),
    )
