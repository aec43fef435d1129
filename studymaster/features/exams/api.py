"""Exams over HTTP: named, changed, deleted, planned."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.exams.schemas import NO_EXAM, ExamItem, ExamWish
from studymaster.features.exams.service import exams as service
from studymaster.features.exams.service import planning
from studymaster.features.flashcards.schemas import pile_key

router = APIRouter(prefix="/exams", tags=["exams"])


class ExamBody(BaseModel):
    """What a student says of an exam.

    `day` (ISO 8601) counts unless `deadline_id` names a quiz or an assignment of Moodle,
    whose day it then follows. `course_ids` are numbers in Moodle; an exam that follows a due
    date and names neither courses nor decks is about the course of that. `minutes` is the
    most on a day, 0 for as long as it takes.
    """

    name: str
    day: str | None = None
    deadline_id: str | None = None
    course_ids: list[int] = []
    deck_ids: list[str] = []
    tags: list[str] = []
    retention: int = 90
    minutes: int = 0


@router.get("")
async def exams(student: CurrentStudent) -> list[ExamItem]:
    """List the student's exams with their plans: those ahead, then the last that are over."""
    async with unit_of_work() as work:
        return await service.list_items(work, student=student, now=clock.now())


@router.post("", status_code=HTTPStatus.CREATED)
async def create(student: CurrentStudent, body: ExamBody) -> ExamItem:
    """Make an exam; its plan follows within seconds."""
    async with unit_of_work() as work:
        wish = await _wish(work, student, body)
        return await service.make_exam(work, student=student, wish=wish, now=clock.now())


@router.get("/{exam_id}")
async def show(student: CurrentStudent, exam_id: str) -> ExamItem:
    """Return an exam with its plan."""
    async with unit_of_work() as work:
        return await service.get_item(
            work, student=student, exam_id=_exam(exam_id), now=clock.now()
        )


@router.put("/{exam_id}")
async def change(student: CurrentStudent, exam_id: str, body: ExamBody) -> ExamItem:
    """Change an exam; its plan is made anew."""
    async with unit_of_work() as work:
        wish = await _wish(work, student, body)
        return await service.change_exam(
            work, student=student, exam_id=_exam(exam_id), wish=wish, now=clock.now()
        )


@router.delete("/{exam_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete(student: CurrentStudent, exam_id: str) -> None:
    """Delete an exam; its cards come back when their decks bring them."""
    async with unit_of_work() as work:
        await service.delete_exam(work, student=student, exam_id=_exam(exam_id))


@router.post(
    "/plan", status_code=HTTPStatus.ACCEPTED, dependencies=[Depends(expensive("exams"))]
)
async def plan(student: CurrentStudent) -> None:
    """Ask for the plans of all exams anew, with the cards and the answers of today."""
    async with unit_of_work() as work:
        planning.request_plan(work, account_id=student.account_id)


def _exam(exam_id: str) -> UUID:
    return parse_id(exam_id, missing=NO_EXAM)


async def _wish(work: UnitOfWork, student: Student, body: ExamBody) -> ExamWish:
    scope = [pile_key(course_id=None, deck_id=one) for one in body.deck_ids]
    for number in body.course_ids:
        course = await courses.course_of_moodle_id(
            work, account_id=student.account_id, moodle_id=number
        )
        scope.append(pile_key(course_id=course.id, deck_id=None))
    return ExamWish(
        name=body.name,
        day=body.day or "",
        deadline_id=body.deadline_id,
        scope=scope,
        tags=body.tags,
        retention=body.retention,
        minutes=body.minutes,
    )
