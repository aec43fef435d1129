"""One open question with its answers, as one browser tab holds it."""

from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.schemas.questions import (
    AnswerView,
    QuestionView,
    TypedAnswer,
)
from studymaster.features.campus.service import answers, questions
from studymaster.features.campus.service.pace import Act, take_turn
from studymaster.features.campus.state.address import linked_question
from studymaster.features.campus.state.changes import put
from studymaster.features.campus.state.lists import PIECE, ListState, first
from studymaster.features.campus.state.others import OthersState
from studymaster.ui import notice


class ThreadState(SessionState, ListState, OthersState):
    """The question that is open below its line in the list; one at a time.

    `reporting` is the id of the question or answer whose report is being written, `sent`
    is the key under which the browser sent the last answer that arrived: the box is emptied
    only then.
    """

    question: QuestionView = QuestionView()
    answers: list[AnswerView] = []
    reporting: str = ""
    sent: str = ""

    @rx.event
    async def load(self) -> EventSpec | None:
        """Open the question that the address names, and keep what is open up to date."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, ThreadState.refresh)
        linked = linked_question(self)
        if not linked:
            await self._show(student)
            return None
        self._close()
        await self._read(student, linked)
        return None if self.question.id else notice.notify(questions.GONE)

    @rx.event
    async def toggle(self, question_id: str) -> None:
        """Open a question with its answers, or close it."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, ThreadState.refresh)
        is_open = question_id == self.question.id
        self._close()
        if not is_open:
            async with unit_of_work() as work:
                self.question = await questions.get_question(
                    work, account_id=student.account_id, question_id=_question(question_id)
                )
            await self._show(student)

    @rx.event
    async def answer(self, form: dict[str, str]) -> None:
        """Answer the open question; the same key twice is one answer."""
        student = await self._require_student()
        await take_turn(Act.ANSWER, account_id=student.account_id)
        async with unit_of_work() as work:
            await answers.answer(
                work,
                student=student,
                question_id=_question(self.question.id),
                typed=TypedAnswer(form.get("text"), form.get("sent_key")),
                now=clock.now(),
            )
        self.sent = str(form.get("sent_key", ""))
        await self._show(student)

    @rx.event
    async def vote(self, answer_id: str, useful: bool) -> None:  # noqa: FBT001  (sent in place)
        """Say that an answer is useful, or take that back."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await answers.vote(
                work,
                account_id=student.account_id,
                answer_id=_answer(answer_id),
                useful=bool(useful),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def mark_helped(self, answer_id: str, helped: bool) -> None:  # noqa: FBT001  (sent in place)
        """Say which answer helped."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await answers.mark_helped(
                work,
                student=student,
                answer_id=_answer(answer_id),
                helped=bool(helped),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def remove_answer(self, answer_id: str) -> None:
        """Remove one's own answer."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await answers.remove_answer(
                work, account_id=student.account_id, answer_id=_answer(answer_id)
            )
        await self._show(student)

    @rx.event
    async def toggle_report(self, about: str) -> None:
        """Open the report of the question or of one of its answers, or close it."""
        await self._require_student()
        known = {self.question.id, *(one.id for one in self.answers)} - {self.reporting}
        self.reporting = about if about in known else ""

    @rx.event
    async def report(self, form: dict[str, str]) -> EventSpec | None:
        """Send the report that is open: a second press finds none."""
        student = await self._require_student()
        if not self.reporting:
            return None
        await take_turn(Act.REPORT, account_id=student.account_id)
        about, reason = _question(self.reporting), form.get("reason")
        account_id, now = student.account_id, clock.now()
        async with unit_of_work() as work:
            if self.reporting == self.question.id:
                await questions.report_question(
                    work, account_id=account_id, question_id=about, reason=reason, now=now
                )
            else:
                await answers.report_answer(
                    work, account_id=account_id, answer_id=about, reason=reason, now=now
                )
        self.reporting = ""
        await self._show(student)
        return notice.notify("Reported. Three reports hide it.", "success")

    @rx.event
    async def remove_question(self, question_id: str) -> None:
        """Remove one's own question."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await questions.remove_question(
                work, account_id=student.account_id, question_id=_question(question_id)
            )
        await self._show(student)

    async def _show(self, student: Student) -> None:
        if self.question.id:
            await self._read(student, self.question.id)

    async def _read(self, student: Student, named: str) -> None:
        account_id = student.account_id
        async with unit_of_work() as work:
            question = await questions.find_linked(
                work, account_id=account_id, address=named
            )
            if question is None:
                self._close()
                return
            found, more = await first(
                self._shown,
                lambda window: answers.list_answers(
                    work,
                    account_id=account_id,
                    question_id=UUID(question.id),
                    window=window,
                ),
            )
        put(self, question=question, answers=found, more=more)
        if self.reporting not in {question.id, *(one.id for one in self.answers)}:
            self.reporting = ""

    def _close(self) -> None:
        self.question, self.answers, self.more = QuestionView(), [], False
        self.reporting, self._shown = "", PIECE


def _question(question_id: object) -> UUID:
    return parse_id(question_id, missing=questions.NO_QUESTION)


def _answer(answer_id: object) -> UUID:
    return parse_id(answer_id, missing=answers.NO_ANSWER)
