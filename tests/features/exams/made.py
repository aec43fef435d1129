"""Exams made as a student makes them, and planned as a worker does it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.exams.schemas import ExamItem, ExamWish
from studymaster.features.exams.service import exams
from studymaster.models import Card, Exam
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY
from tests.jobs import carry_out
from workers.exams import plan_exams


def in_days(count: int) -> date:
    return TODAY + timedelta(days=count)


def wish(**fields) -> ExamWish:
    return ExamWish(
        **{
            "name": "Midterm",
            "day": in_days(10).isoformat(),
            "deadline_id": "",
            "scope": [],
            "tags": "",
            "retention": "90",
            "minutes": "",
            **fields,
        }
    )


async def make_exam(student: Student, *, now: datetime = NOON, **fields) -> ExamItem:
    async with unit_of_work() as work:
        return await exams.make_exam(work, student=student, wish=wish(**fields), now=now)


async def plan(student: Student) -> None:
    await carry_out(plan_exams, account_id=str(student.account_id))


async def item_of(student: Student, exam_id: str) -> ExamItem:
    async with unit_of_work() as work:
        return await exams.get_item(
            work, student=student, exam_id=UUID(exam_id), now=clock.now()
        )


async def row_of(exam_id: str) -> Exam:
    async with unit_of_work() as work:
        return await work.session.get_one(Exam, UUID(exam_id))


async def ahead_of(card: Card) -> date | None:
    async with unit_of_work() as work:
        return (await work.session.get_one(Card, card.id)).ahead_on
