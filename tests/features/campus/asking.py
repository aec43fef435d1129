"""What students do with quick questions, each step in a unit of work of its own."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.schemas.questions import (
    AnswerView,
    QuestionView,
    TypedAnswer,
    TypedQuestion,
    WantedQuestions,
)
from studymaster.features.campus.service import answers as service
from studymaster.features.campus.service import audience, questions
from studymaster.paging import Window
from tests.conftest import NOON

FIRST = Window(limit=20)


async def ask(
    student: Student,
    *,
    title: object = "Why does osmosis stop?",
    text: object = "",
    key: object = None,
    course_id: int = 101,
    now: datetime = NOON,
) -> QuestionView:
    """Ask a course."""
    typed = TypedQuestion(title, text, key)
    async with unit_of_work() as work:
        course = await audience.course_of_moodle_id(
            work, account_id=student.account_id, moodle_id=course_id
        )
        return await questions.ask(
            work, student=student, course=course, typed=typed, now=now
        )


async def answer(
    student: Student,
    question: QuestionView,
    text: object = "Pressure.",
    *,
    key: object = None,
    now=NOON,
) -> AnswerView:
    """Answer a question."""
    typed = TypedAnswer(text, key)
    async with unit_of_work() as work:
        return await service.answer(
            work, student=student, question_id=UUID(question.id), typed=typed, now=now
        )


async def listed(student: Student, **wanted) -> list[QuestionView]:
    """The questions that a student sees first."""
    async with unit_of_work() as work:
        part = await questions.list_questions(
            work,
            account_id=student.account_id,
            wanted=WantedQuestions(**wanted),
            window=FIRST,
        )
    return part.items


async def answers(student: Student, question: QuestionView) -> list[AnswerView]:
    """The answers that a student sees first."""
    async with unit_of_work() as work:
        part = await service.list_answers(
            work, account_id=student.account_id, question_id=UUID(question.id), window=FIRST
        )
    return part.items


async def look(student: Student, question_id: str) -> QuestionView:
    """One question, as a student sees it."""
    async with unit_of_work() as work:
        return await questions.get_question(
            work, account_id=student.account_id, question_id=UUID(question_id)
        )


async def vote(student: Student, answer_id: str, *, useful: bool | None = True):
    """Say that an answer is useful."""
    async with unit_of_work() as work:
        return await service.vote(
            work,
            account_id=student.account_id,
            answer_id=UUID(answer_id),
            useful=useful,
            now=NOON,
        )


async def mark(student: Student, answer_id: str, *, helped: bool = True) -> AnswerView:
    """Say that an answer helped."""
    async with unit_of_work() as work:
        return await service.mark_helped(
            work, student=student, answer_id=UUID(answer_id), helped=helped, now=NOON
        )


async def remove_question(student: Student, question_id: str) -> None:
    """Remove a question."""
    async with unit_of_work() as work:
        await questions.remove_question(
            work, account_id=student.account_id, question_id=UUID(question_id)
        )


async def remove_answer(student: Student, answer_id: str) -> None:
    """Remove an answer."""
    async with unit_of_work() as work:
        await service.remove_answer(
            work, account_id=student.account_id, answer_id=UUID(answer_id)
        )


async def report_question(student: Student, question_id: str, reason="Spam") -> None:
    """Say that a question should not be here."""
    async with unit_of_work() as work:
        await questions.report_question(
            work,
            account_id=student.account_id,
            question_id=UUID(question_id),
            reason=reason,
            now=NOON,
        )


async def report_answer(student: Student, answer_id: str, reason="Spam") -> None:
    """Say that an answer should not be here."""
    async with unit_of_work() as work:
        await service.report_answer(
            work,
            account_id=student.account_id,
            answer_id=UUID(answer_id),
            reason=reason,
            now=NOON,
        )
