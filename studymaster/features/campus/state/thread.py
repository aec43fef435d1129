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
from studymaster.features.campus.schemas.questions import AnswerView, QuestionView
from studymaster.features.campus.service import buddies, questions
from studymaster.features.campus.state.changes import put
from studymaster.features.campus.state.lists import PIECE, first
from studymaster.ui import notice


class ThreadState(SessionState):
    """The question that is open below its line in the list; one at a time.

    `reporting` is the id of the question or answer whose report is being written, `sent`
    counts the answers that went out: the form starts empty again only then.
    """

    question: QuestionView = QuestionView()
    answers: list[AnswerView] = []
    more: bool = False
    reporting: str = ""
    sent: int = 0
    _shown: int = PIECE

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
    async def refresh(self) -> None:
        """Bring the open question up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def show_more(self) -> None:
        """Show twenty more answers."""
        student = await self._require_student()
        self._shown += PIECE
        await self._show(student)

    @rx.event
    async def answer(self, form: dict[str, str]) -> None:
        """Answer the open question."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await questions.answer(
                work,
                student=student,
                question_id=_question(self.question.id),
                text=form.get("text"),
                now=clock.now(),
            )
        self.sent += 1
        await self._show(student)

    @rx.event
    async def vote(self, answer_id: str, useful: bool) -> None:  # noqa: FBT001  (sent in place)
        """Say that an answer is useful, or take that back."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await questions.vote(
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
            await questions.mark_helped(
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
            await questions.remove_answer(
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
    async def report(self, form: dict[str, str]) -> EventSpec:
        """Send the report that is open."""
        student = await self._require_student()
        about, reason = _question(self.reporting), form.get("reason")
        account_id, now = student.account_id, clock.now()
        async with unit_of_work() as work:
            if self.reporting == self.question.id:
                await questions.report_question(
                    work, account_id=account_id, question_id=about, reason=reason, now=now
                )
            else:
                await questions.report_answer(
                    work, account_id=account_id, answer_id=about, reason=reason, now=now
                )
        self.reporting = ""
        await self._show(student)
        return notice.notify("Reported. Three reports hide it.", "success")

    @rx.event
    async def block(self, account_id: str) -> EventSpec:
        """See nothing more of an author."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await buddies.block(
                work,
                account_id=student.account_id,
                other_id=parse_id(account_id, missing=buddies.NOBODY),
                now=clock.now(),
            )
        await self._show(student)
        return notice.notify("Blocked. You can lift it under Buddies.", "success")

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
        if not self.question.id:
            return
        account_id, question_id = student.account_id, UUID(self.question.id)
        async with unit_of_work() as work:
            question = await questions.find_question(
                work, account_id=account_id, question_id=question_id
            )
            if question is None:
                self._close()
                return
            found, more = await first(
                self._shown,
                lambda window: questions.list_answers(
                    work, account_id=account_id, question_id=question_id, window=window
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
    return parse_id(answer_id, missing=questions.NO_ANSWER)
