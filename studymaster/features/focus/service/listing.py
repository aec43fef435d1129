"""What a student sees of their focus sessions: the one going on, and those before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import local_moment
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.focus import queries
from studymaster.features.focus.rules import asking, clock, statistics
from studymaster.features.focus.schemas import (
    NO_SESSION,
    CourseChoice,
    SessionRow,
    SessionView,
    TimerView,
)
from studymaster.features.focus.service import settling
from studymaster.models import Distraction, FocusSession, FocusState
from studymaster.paging import Stretch, Window, stretch

ROWS: Final = 20
A_MILLISECOND: Final = timedelta(milliseconds=1)


async def get_timer(work: UnitOfWork, *, student: Student, now: datetime) -> TimerView:
    """Return the clock of the session going on; an empty one when there is none."""
    found = await queries.unfinished(work.session, student.account_id)
    if found is None:
        return TimerView()
    row, facts = found.session, settling.clock_of(found.session)
    spent = clock.spent_at(facts, now)
    at = clock.place(facts.plan, spent)
    return TimerView(
        id=str(row.id),
        running=row.resumed_at is not None,
        phase=at.phase,
        round=at.round,
        rounds=row.rounds,
        focus_ms=facts.plan.focus // A_MILLISECOND,
        break_ms=facts.plan.rest // A_MILLISECOND,
        spent_ms=spent // A_MILLISECOND,
        moment=now.isoformat(),
        course=found.course.fullname if found.course else "",
        task=row.task,
    )


async def get_session(
    work: UnitOfWork, *, student: Student, session_id: UUID, now: datetime
) -> SessionView:
    """Return one of the student's sessions.

    Raises:
        NotFoundError: it is not theirs.
    """
    found = await queries.session_by_id(
        work.session, student.account_id, session_id=session_id
    )
    if found is None:
        raise NotFoundError(NO_SESSION)
    noted = await queries.distractions(
        work.session, student.account_id, session_ids=[session_id]
    )
    return _view(found, noted=_texts(noted).get(session_id, []), now=now)


async def list_sessions(
    work: UnitOfWork, *, student: Student, window: Window, now: datetime
) -> Stretch[SessionView]:
    """Return a stretch of the student's sessions, newest first."""
    rows = await queries.sessions(work.session, student.account_id, window=window)
    texts = _texts(
        await queries.distractions(
            work.session,
            student.account_id,
            session_ids=[found.session.id for found in rows],
        )
    )
    views = [_view(found, noted=texts.get(found.session.id, []), now=now) for found in rows]
    return stretch(views, window=window)


def _texts(noted: Sequence[Distraction]) -> dict[UUID, list[str]]:
    texts: dict[UUID, list[str]] = {}
    for one in noted:
        texts.setdefault(one.session_id, []).append(one.text)
    return texts


def _view(found: queries.SessionRow, *, noted: list[str], now: datetime) -> SessionView:
    row, course = found
    facts = settling.clock_of(row)
    spent = clock.spent_at(facts, now)
    at = clock.place(facts.plan, spent)
    seconds = _focused_seconds(row, now)
    is_finished = row.state is FocusState.FINISHED
    return SessionView(
        id=str(row.id),
        user_id=str(row.account_id),
        course_id=course.moodle_id if course else None,
        course=course.fullname if course else "",
        line=course.line if course else -1,
        task=row.task,
        duration_minutes=row.focus_minutes,
        break_minutes=row.break_minutes,
        rounds=row.rounds,
        state=row.state,
        phase=at.phase,
        round=at.round,
        progress=round(clock.progress(facts.plan, spent), 4),
        started_at=row.started_at,
        ends_at=settling.ended_by_itself(row) if row.resumed_at else None,
        ended_at=row.ended_at,
        focused_seconds=seconds,
        points=clock.points_for(timedelta(seconds=seconds)) if is_finished else 0,
        completed=is_finished and seconds > 0,
        ambient_sound=asking.sound_names(row.sounds),
        distractions=tuple(noted),
    )


def _focused_seconds(row: FocusSession, now: datetime) -> int:
    if row.ended_at is not None:
        return row.focused_seconds
    facts = settling.clock_of(row)
    return int(clock.focused(facts.plan, clock.spent_at(facts, now)).total_seconds())


OUTCOMES: Final = {
    FocusState.RUNNING: "going on",
    FocusState.PAUSED: "paused",
    FocusState.ABANDONED: "abandoned, counts for nothing",
}


def describe(view: SessionView, *, student: Student) -> SessionRow:
    """Put a session into the words of a list, on the student's wall clock."""
    rounds = f"{view.rounds} rounds of " if view.rounds > 1 else ""
    return SessionRow(
        id=view.id,
        when=local_moment(view.started_at, time_zone=student.time_zone),
        title=" · ".join(part for part in (view.course, view.task) if part) or "Focus",
        line=view.line,
        outcome=outcome(view),
        plan=f"{rounds}{view.duration_minutes} min",
        distractions=list(view.distractions),
    )


def outcome(view: SessionView) -> str:
    """Say what became of a session: `50 min, 10 points`."""
    told = OUTCOMES.get(FocusState(view.state))
    if told is not None:
        return told
    if not view.completed:
        return "under a minute, too short to count"
    words = statistics.duration(statistics.minutes(view.focused_seconds))
    return f"{words}, {view.points} {'point' if view.points == 1 else 'points'}"


async def list_courses(work: UnitOfWork, *, account_id: UUID) -> list[CourseChoice]:
    """Return the courses that a session can belong to."""
    return [
        CourseChoice(id=course.id, name=course.fullname)
        for course in await courses.list_courses(work, account_id=account_id)
        if course.listed
    ]


async def list_rows(
    work: UnitOfWork, *, student: Student, stretches: int, now: datetime
) -> tuple[list[SessionRow], bool]:
    """Return the newest sessions in words, twenty a stretch, and whether there are more."""
    rows: list[SessionRow] = []
    for place in range(stretches):
        part = await list_sessions(
            work, student=student, window=Window(place * ROWS, ROWS), now=now
        )
        rows += [describe(view, student=student) for view in part.items]
        if part.next_offset is None:
            return rows, False
    return rows, True


async def list_distractions(
    work: UnitOfWork, *, student: Student, session_id: str
) -> list[str]:
    """Return what distracted in a session, in the order in which it did."""
    if not session_id:
        return []
    noted = await queries.distractions(
        work.session, student.account_id, session_ids=[UUID(session_id)]
    )
    return [one.text for one in noted]


def farewell(view: SessionView) -> str:
    """Say what became of a session that has just ended."""
    if view.state == FocusState.ABANDONED:
        return "That session is gone. It counts for nothing; the next one can."
    if not view.completed:
        return settling.TOO_SHORT
    return f"Session finished: {outcome(view)}."
