"""Practice quizzes over HTTP: make one, read it, answer a question, do the wrong ones again."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.quizzes import service
from studymaster.features.quizzes.schemas import (
    NO_PILE,
    NO_QUIZ,
    ItemView,
    Pile,
    QuizView,
    WholeQuiz,
    parse_answer,
    parse_count,
)
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/quizzes", tags=["quizzes"])

BOTH = "A quiz is made from a course (course_id) or from a deck (deck_id), not from both."


class QuizBody(BaseModel):
    """What to make a quiz from: a course (its number in Moodle), a deck, or all cards."""

    count: int = 10
    course_id: int | None = None
    deck_id: str | None = None


class AnswerBody(BaseModel):
    """The option that was chosen, as it was shown, or what was typed.

    For pairs it is a JSON list of the options, in the order of what they belong to.
    """

    given: str


@router.get("")
async def quizzes(
    student: CurrentStudent, offset: int = 0, limit: int = 50
) -> Stretch[QuizView]:
    """List the student's quizzes, the newest first."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await service.list_quizzes(
            work, account_id=student.account_id, window=window
        )


@router.post("", status_code=HTTPStatus.CREATED)
async def create(student: CurrentStudent, body: QuizBody) -> QuizView:
    """Make a quiz from the student's cards."""
    count = parse_count(body.count)
    async with unit_of_work() as work:
        return await service.create_quiz(
            work,
            account_id=student.account_id,
            pile=await _pile(work, student, body),
            count=count,
            now=clock.now(),
        )


@router.get("/{quiz_id}")
async def quiz(student: CurrentStudent, quiz_id: str) -> WholeQuiz:
    """Return a quiz; a question shows its answer once it is answered."""
    async with unit_of_work() as work:
        return await service.get_quiz(
            work, account_id=student.account_id, quiz_id=_quiz(quiz_id)
        )


@router.delete("/{quiz_id}", status_code=HTTPStatus.NO_CONTENT)
async def discard(student: CurrentStudent, quiz_id: str) -> None:
    """Throw away a quiz that was left open; the result of a finished one stays."""
    async with unit_of_work() as work:
        await service.discard(work, account_id=student.account_id, quiz_id=_quiz(quiz_id))


@router.post("/{quiz_id}/items/{position}/answer")
async def answer(
    student: CurrentStudent, quiz_id: str, position: int, body: AnswerBody
) -> ItemView:
    """Answer a question (from 0); the first answer counts, however often it is sent."""
    given = parse_answer(body.given)
    async with unit_of_work() as work:
        whole = await service.answer_item(
            work,
            account_id=student.account_id,
            quiz_id=_quiz(quiz_id),
            position=position,
            given=given,
            now=clock.now(),
        )
    return whole.items[position]


@router.post("/{quiz_id}/again", status_code=HTTPStatus.CREATED)
async def again(student: CurrentStudent, quiz_id: str) -> QuizView:
    """Make a quiz of the questions that were answered wrong."""
    async with unit_of_work() as work:
        return await service.practise_again(
            work,
            account_id=student.account_id,
            quiz_id=_quiz(quiz_id),
            now=clock.now(),
        )


def _quiz(quiz_id: str) -> UUID:
    return parse_id(quiz_id, missing=NO_QUIZ)


async def _pile(work: UnitOfWork, student: Student, body: QuizBody) -> Pile:
    if body.course_id is not None and body.deck_id is not None:
        raise InvalidInputError(BOTH)
    if body.deck_id is not None:
        return Pile(deck_id=parse_id(body.deck_id, missing=NO_PILE))
    if body.course_id is None:
        return Pile()
    course = await courses.course_of_moodle_id(
        work, account_id=student.account_id, moodle_id=body.course_id
    )
    return Pile(course_id=UUID(course.id))
