"""Focus sessions over HTTP: start one, steer it, list them, and what they add up to."""

from collections.abc import Awaitable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.focus.rules import asking
from studymaster.features.focus.schemas import NO_SESSION, Asked, FocusStats, SessionView
from studymaster.features.focus.service import listing, sessions, settle, statistics
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/focus", tags=["focus"])


class StartBody(BaseModel):
    """A session to start: minutes of one round, the breaks between rounds, and sounds.

    `course_id` is the course's number in Moodle; `sounds` are volumes from 0 to 100 by name,
    null for the mix of last time.
    """

    duration_minutes: int = asking.USUAL_FOCUS
    break_minutes: int = asking.USUAL_BREAK
    rounds: int = 1
    course_id: int | None = None
    task: str = ""
    sounds: dict[str, int] | None = None


class Step(Protocol):
    """What a student does to a session."""

    def __call__(
        self, work: UnitOfWork, *, student: Student, session_id: UUID, now: datetime
    ) -> Awaitable[None]:
        """Do it."""
        ...


@router.post(
    "/sessions",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(expensive("focus"))],
)
async def start(student: CurrentStudent, body: StartBody) -> SessionView:
    """Start a session now; only one can go on at a time."""
    now = clock.now()
    plan = asking.require_plan(
        focus=body.duration_minutes, rest=body.break_minutes, rounds=body.rounds
    )
    async with unit_of_work() as work:
        asked = Asked(
            plan=plan,
            task=asking.require_task(body.task),
            course_id=await _course(work, student, moodle_id=body.course_id),
            mix=None if body.sounds is None else asking.require_mix(body.sounds),
        )
        session_id = await sessions.start(work, student=student, asked=asked, now=now)
        return await listing.get_session(
            work, student=student, session_id=session_id, now=now
        )


async def _course(
    work: UnitOfWork, student: Student, *, moodle_id: int | None
) -> UUID | None:
    if moodle_id is None:
        return None
    course = await courses.course_of_moodle_id(
        work, account_id=student.account_id, moodle_id=moodle_id
    )
    return UUID(course.id)


@router.get("/sessions")
async def list_sessions(
    student: CurrentStudent,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[SessionView]:
    """List the student's sessions, newest first."""
    now, window = clock.now(), Window(offset, limit)
    async with unit_of_work() as work:
        await settle(work, student=student, now=now)
        return await listing.list_sessions(work, student=student, window=window, now=now)


@router.get("/sessions/{session_id}")
async def get_session(student: CurrentStudent, session_id: str) -> SessionView:
    """Return one session as the server's clock has it."""
    now = clock.now()
    async with unit_of_work() as work:
        await settle(work, student=student, now=now)
        return await listing.get_session(
            work, student=student, session_id=_id(session_id), now=now
        )


@router.post("/sessions/{session_id}/pause")
async def pause(student: CurrentStudent, session_id: str) -> SessionView:
    """Stop the clock for a while."""
    return await _take(sessions.pause, student, session_id)


@router.post("/sessions/{session_id}/resume")
async def resume(student: CurrentStudent, session_id: str) -> SessionView:
    """Let the clock go on."""
    return await _take(sessions.resume, student, session_id)


@router.post("/sessions/{session_id}/finish")
async def finish(student: CurrentStudent, session_id: str) -> SessionView:
    """End it early; what was focused counts, from a minute on."""
    return await _take(sessions.finish, student, session_id)


@router.post("/sessions/{session_id}/abandon")
async def abandon(student: CurrentStudent, session_id: str) -> SessionView:
    """Throw it away: no minutes, no points."""
    return await _take(sessions.abandon, student, session_id)


async def _take(step: Step, student: Student, session_id: str) -> SessionView:
    now, known = clock.now(), _id(session_id)
    async with unit_of_work() as work:
        await step(work, student=student, session_id=known, now=now)
        return await listing.get_session(work, student=student, session_id=known, now=now)


@router.get("/stats")
async def stats(student: CurrentStudent) -> FocusStats:
    """Return what finished sessions add up to: today, 14 days, 8 weeks, by course."""
    return await statistics.get_stats(student=student, now=clock.now())


def _id(text: str) -> UUID:
    return parse_id(text, missing=NO_SESSION)
