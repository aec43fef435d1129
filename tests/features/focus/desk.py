"""Focus sessions asked for and put into the database by hand, and moments to look at them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.focus.rules import asking
from studymaster.features.focus.schemas import Asked
from studymaster.features.focus.service import sessions
from studymaster.models import FocusSession, FocusState, Notification, PointsEntry
from tests.conftest import NOON


def after(minutes: float = 0, *, seconds: float = 0) -> datetime:
    return NOON + timedelta(minutes=minutes, seconds=seconds)


def asked(*, focus: int = 25, rest: int = 5, rounds: int = 1, **fields) -> Asked:
    plan = asking.require_plan(focus=focus, rest=rest, rounds=rounds)
    return Asked(plan=plan, **fields)


async def start(student: Student, *, now: datetime = NOON, **fields) -> UUID:
    async with unit_of_work() as work:
        return await sessions.start(work, student=student, asked=asked(**fields), now=now)


async def step(name: str, student: Student, session_id: UUID, now: datetime) -> None:
    async with unit_of_work() as work:
        take = getattr(sessions, name)
        await take(work, student=student, session_id=session_id, now=now)


async def row_of(session_id: UUID) -> FocusSession:
    async with unit_of_work() as work:
        return await work.session.get_one(FocusSession, session_id)


async def finished(student: Student, *, minutes: int, at: datetime = NOON, **fields):
    """Put a finished session into the database."""
    row = FocusSession(
        **{
            "account_id": student.account_id,
            "focus_minutes": minutes,
            "state": FocusState.FINISHED,
            "started_at": at,
            "ended_at": at + timedelta(minutes=minutes),
            "spent": timedelta(minutes=minutes),
            "focused_seconds": minutes * 60,
            "day": student.day_of(at),
            "created_at": at,
            **fields,
        }
    )
    async with unit_of_work() as work:
        work.session.add(row)
    return row


async def told() -> tuple[list[PointsEntry], list[Notification]]:
    """Return every line of every ledger, and every notification."""
    async with unit_of_work() as work:
        ledger = (await work.session.exec(select(PointsEntry))).all()
        inbox = (await work.session.exec(select(Notification))).all()
        return list(ledger), list(inbox)
