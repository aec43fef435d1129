"""Starting a focus session and what its student does to it, on the server's clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.focus import queries
from studymaster.features.focus.rules import asking, clock
from studymaster.features.focus.schemas import NO_SESSION, Asked, Sound
from studymaster.features.focus.service import settling
from studymaster.models import Distraction, FocusSession, FocusState

MOST_DISTRACTIONS: Final = 30
ALREADY_ONE: Final = (
    "A focus session is going on already, perhaps in another tab. Finish it first."
)
OVER: Final = "That focus session is over. Start a new one."

Change = Callable[[UnitOfWork, FocusSession, datetime], None]


async def start(work: UnitOfWork, *, student: Student, asked: Asked, now: datetime) -> UUID:
    """Start a session and return its id; its sounds become the mix to come back to.

    Raises:
        NotFoundError: the course is not the student's.
        ConflictError: another session is going on.
    """
    account_id = student.account_id
    await settling.settle(work, student=student, now=now)
    if asked.course_id is not None:
        await courses.get_course(work, account_id=account_id, course_id=asked.course_id)
    if asked.mix is not None:
        await save_mix(work, account_id=account_id, mix=dict(asked.mix))
    row = _new(asked, student=student, now=now)
    row.sounds = await queries.mix(work.session, account_id)
    if not await queries.add_unfinished(work.session, account_id, row=row):
        raise ConflictError(ALREADY_ONE)
    settling.announce(work, row)
    return row.id


def _new(asked: Asked, *, student: Student, now: datetime) -> FocusSession:
    return FocusSession(
        account_id=student.account_id,
        course_id=asked.course_id,
        task=asked.task,
        focus_minutes=asked.plan.focus // timedelta(minutes=1),
        break_minutes=asked.plan.rest // timedelta(minutes=1),
        rounds=asked.plan.rounds,
        state=FocusState.RUNNING,
        started_at=now,
        resumed_at=now,
        day=student.day_of(now),
        created_at=now,
    )


async def pause(
    work: UnitOfWork, *, student: Student, session_id: UUID, now: datetime
) -> None:
    """Stop the clock for a while; a paused session stays as it is."""
    await _change(work, student=student, session_id=session_id, now=now, change=_pause)


def _pause(work: UnitOfWork, row: FocusSession, now: datetime) -> None:
    if row.resumed_at is not None:
        row.spent = clock.spent_at(settling.clock_of(row), now)
        row.state, row.resumed_at, row.paused_at = FocusState.PAUSED, None, now
        settling.announce(work, row)


async def resume(
    work: UnitOfWork, *, student: Student, session_id: UUID, now: datetime
) -> None:
    """Let the clock go on; a running session stays as it is."""
    await _change(work, student=student, session_id=session_id, now=now, change=_resume)


def _resume(work: UnitOfWork, row: FocusSession, now: datetime) -> None:
    if row.resumed_at is None:
        row.state, row.resumed_at, row.paused_at = FocusState.RUNNING, now, None
        settling.announce(work, row)


async def skip_break(
    work: UnitOfWork, *, student: Student, session_id: UUID, now: datetime
) -> None:
    """Go to the next round at once; outside of a break there is nothing to skip."""
    await _change(work, student=student, session_id=session_id, now=now, change=_skip)


def _skip(work: UnitOfWork, row: FocusSession, now: datetime) -> None:
    facts = settling.clock_of(row)
    spent = clock.spent_at(facts, now)
    after = clock.after_break(facts.plan, spent)
    if after != spent:
        row.spent = after
        row.resumed_at = None if row.resumed_at is None else now
        settling.announce(work, row)


async def _change(
    work: UnitOfWork,
    *,
    student: Student,
    session_id: UUID,
    now: datetime,
    change: Change,
) -> None:
    """Change a session that goes on; one that has just reached its end is ended instead.

    Raises:
        NotFoundError: the session is not the student's.
        ConflictError: it was over before.
    """
    row = await _locked(work, student=student, session_id=session_id)
    if row.ended_at is not None:
        raise ConflictError(OVER)
    if not await settling.settle_locked(work, row, student=student, now=now):
        change(work, row, now)


async def finish(
    work: UnitOfWork, *, student: Student, session_id: UUID, now: datetime
) -> None:
    """End a session early: what was focused counts. Asking twice ends it once.

    Raises:
        NotFoundError: the session is not the student's.
        ConflictError: it was abandoned.
    """
    row = await _locked(work, student=student, session_id=session_id)
    if row.state is FocusState.ABANDONED:
        raise ConflictError(OVER)
    if row.ended_at is not None:
        return
    if not await settling.settle_locked(work, row, student=student, now=now):
        await settling.book(work, row, student=student, at=now, now=now)


async def abandon(
    work: UnitOfWork, *, student: Student, session_id: UUID, now: datetime
) -> None:
    """Throw a session away: no minutes, no points. Asking twice does it once.

    Raises:
        NotFoundError: the session is not the student's.
        ConflictError: it was finished.
    """
    row = await _locked(work, student=student, session_id=session_id)
    if row.state is FocusState.FINISHED:
        raise ConflictError(OVER)
    if row.ended_at is not None:
        return
    if not await settling.settle_locked(work, row, student=student, now=now):
        settling.close(work, row, FocusState.ABANDONED, at=now)


async def _locked(work: UnitOfWork, *, student: Student, session_id: UUID) -> FocusSession:
    row = await queries.session_for_update(
        work.session, student.account_id, session_id=session_id
    )
    if row is None:
        raise NotFoundError(NO_SESSION)
    return row


async def note_distraction(
    work: UnitOfWork, *, student: Student, session_id: UUID, text: object, now: datetime
) -> None:
    """Note what pulled the student away; the clock goes on.

    Raises:
        NotFoundError: the session is not the student's.
        ConflictError: it is over, or holds as many notes as it can.
        InvalidInputError: nothing was written, or too much.
    """
    line = asking.require_distraction(text)
    row = await _locked(work, student=student, session_id=session_id)
    if row.ended_at is not None:
        raise ConflictError(OVER)
    noted = await queries.distractions(
        work.session, student.account_id, session_ids=[session_id]
    )
    if len(noted) >= MOST_DISTRACTIONS:
        msg = f"{MOST_DISTRACTIONS} notes are as many as a session holds. Time for a break."
        raise ConflictError(msg)
    work.session.add(
        Distraction(
            account_id=student.account_id, session_id=row.id, text=line, created_at=now
        )
    )
    settling.announce(work, row)


async def list_sounds(work: UnitOfWork, *, account_id: UUID) -> list[Sound]:
    """Return every sound with its volume in the mix to come back to."""
    volumes = await queries.mix(work.session, account_id)
    return [Sound(key, name, volumes.get(key, 0)) for key, name in asking.SOUNDS.items()]


async def save_mix(work: UnitOfWork, *, account_id: UUID, mix: object) -> None:
    """Keep a mix (volumes by sound) for the next time and with the session going on.

    Raises:
        InvalidInputError: a sound or a volume is none.
    """
    sounds = asking.require_mix(mix)
    await queries.keep_mix(work.session, account_id, sounds=sounds)
