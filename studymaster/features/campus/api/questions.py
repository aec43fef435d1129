"""Quick questions and answers over HTTP."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.campus.rules import questions as rules
from studymaster.features.campus.rules.reports import REASON_MAX
from studymaster.features.campus.schemas.questions import (
    AnswerView,
    QuestionOrder,
    QuestionView,
    TypedAnswer,
    TypedQuestion,
    WantedQuestions,
)
from studymaster.features.campus.service import answers, audience, questions
from studymaster.features.campus.service.pace import Act, take_turn
from studymaster.paging import Stretch, Window

router: Final = APIRouter()

Number = Annotated[int, Query()]


class QuestionBody(BaseModel):
    """A question to everybody who has the course, named by its Moodle id."""

    course_id: int
    title: str = Field(description=f"1 to {rules.TITLE_MAX} characters.")
    text: str = Field(default="", description=f"At most {rules.TEXT_MAX} characters.")


class AnswerBody(BaseModel):
    """An answer."""

    text: str = Field(description=f"1 to {rules.TEXT_MAX} characters.")


class UsefulBody(BaseModel):
    """Whether an answer is useful; null turns round what was said before."""

    useful: bool | None = None


class HelpedBody(BaseModel):
    """Whether the answer helped who asked."""

    helped: bool = True


class ComplaintBody(BaseModel):
    """Why it should not be here."""

    reason: str = Field(description=f"1 to {REASON_MAX} characters.")


@router.get("/questions")
async def list_questions(
    student: CurrentStudent,
    course_id: int | None = None,
    order: QuestionOrder = QuestionOrder.UNANSWERED,
    words: str = "",
    offset: Number = 0,
    limit: Number = 50,
) -> Stretch[QuestionView]:
    """List the questions of the student's courses, or of one; `words` have all to occur."""
    window, searched = Window(offset, limit), rules.search_words(words)
    account_id = student.account_id
    async with unit_of_work() as work:
        course = None
        if course_id is not None:
            course = await audience.course_of_moodle_id(
                work, account_id=account_id, moodle_id=course_id
            )
        wanted = WantedQuestions(course, order, searched)
        return await questions.list_questions(
            work, account_id=account_id, wanted=wanted, window=window
        )


@router.post("/questions", status_code=HTTPStatus.CREATED)
async def ask(student: CurrentStudent, body: QuestionBody) -> QuestionView:
    """Ask everybody who has one of the student's own courses; at most 5 times a minute."""
    await take_turn(Act.QUESTION, account_id=student.account_id)
    async with unit_of_work() as work:
        course = await audience.course_of_moodle_id(
            work, account_id=student.account_id, moodle_id=body.course_id
        )
        return await questions.ask(
            work,
            student=student,
            course=course,
            typed=TypedQuestion(body.title, body.text),
            now=clock.now(),
        )


@router.get("/questions/{question_id}")
async def get_question(student: CurrentStudent, question_id: str) -> QuestionView:
    """Return one question with all its words."""
    async with unit_of_work() as work:
        return await questions.get_question(
            work, account_id=student.account_id, question_id=_question(question_id)
        )


@router.delete("/questions/{question_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_question(student: CurrentStudent, question_id: str) -> None:
    """Remove one's own question with its answers."""
    async with unit_of_work() as work:
        await questions.remove_question(
            work, account_id=student.account_id, question_id=_question(question_id)
        )


@router.post("/questions/{question_id}/report", status_code=HTTPStatus.NO_CONTENT)
async def report_question(
    student: CurrentStudent, question_id: str, body: ComplaintBody
) -> None:
    """Say that a question should not be here; the third report hides it."""
    await take_turn(Act.REPORT, account_id=student.account_id)
    async with unit_of_work() as work:
        await questions.report_question(
            work,
            account_id=student.account_id,
            question_id=_question(question_id),
            reason=body.reason,
            now=clock.now(),
        )


@router.get("/questions/{question_id}/answers")
async def list_answers(
    student: CurrentStudent, question_id: str, offset: Number = 0, limit: Number = 50
) -> Stretch[AnswerView]:
    """List the answers: the one that helped first, then by votes."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await answers.list_answers(
            work,
            account_id=student.account_id,
            question_id=_question(question_id),
            window=window,
        )


@router.post("/questions/{question_id}/answers", status_code=HTTPStatus.CREATED)
async def answer(student: CurrentStudent, question_id: str, body: AnswerBody) -> AnswerView:
    """Answer a question; at most 10 times a minute."""
    await take_turn(Act.ANSWER, account_id=student.account_id)
    async with unit_of_work() as work:
        return await answers.answer(
            work,
            student=student,
            question_id=_question(question_id),
            typed=TypedAnswer(body.text),
            now=clock.now(),
        )


@router.post("/answers/{answer_id}/vote")
async def vote(
    student: CurrentStudent, answer_id: str, body: UsefulBody | None = None
) -> AnswerView:
    """Say that an answer is useful, or take that back."""
    async with unit_of_work() as work:
        return await answers.vote(
            work,
            account_id=student.account_id,
            answer_id=_answer(answer_id),
            useful=body.useful if body else None,
            now=clock.now(),
        )


@router.post("/answers/{answer_id}/helped")
async def mark_helped(
    student: CurrentStudent, answer_id: str, body: HelpedBody | None = None
) -> AnswerView:
    """Say that an answer to one's own question helped, or that it did not."""
    async with unit_of_work() as work:
        return await answers.mark_helped(
            work,
            student=student,
            answer_id=_answer(answer_id),
            helped=body.helped if body else True,
            now=clock.now(),
        )


@router.post("/answers/{answer_id}/report", status_code=HTTPStatus.NO_CONTENT)
async def report_answer(
    student: CurrentStudent, answer_id: str, body: ComplaintBody
) -> None:
    """Say that an answer should not be here; the third report hides it."""
    await take_turn(Act.REPORT, account_id=student.account_id)
    async with unit_of_work() as work:
        await answers.report_answer(
            work,
            account_id=student.account_id,
            answer_id=_answer(answer_id),
            reason=body.reason,
            now=clock.now(),
        )


@router.delete("/answers/{answer_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_answer(student: CurrentStudent, answer_id: str) -> None:
    """Remove one's own answer."""
    async with unit_of_work() as work:
        await answers.remove_answer(
            work, account_id=student.account_id, answer_id=_answer(answer_id)
        )


def _question(question_id: str) -> UUID:
    return parse_id(question_id, missing=questions.NO_QUESTION)


def _answer(answer_id: str) -> UUID:
    return parse_id(answer_id, missing=answers.NO_ANSWER)
