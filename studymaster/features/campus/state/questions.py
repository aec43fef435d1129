"""Quick questions, as one browser tab holds them."""

from collections.abc import Sequence
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.rules.questions import parse_order, search_words
from studymaster.features.campus.schemas.audience import CourseChoice, CourseKey
from studymaster.features.campus.schemas.questions import (
    QuestionOrder,
    QuestionView,
    TypedQuestion,
    WantedQuestions,
)
from studymaster.features.campus.service import audience, questions
from studymaster.features.campus.service.pace import Act, take_turn
from studymaster.features.campus.state.address import linked_question
from studymaster.features.campus.state.changes import put
from studymaster.features.campus.state.lists import PIECE, ListState, first
from studymaster.ui import notice


class QuestionsState(SessionState, ListState):
    """The questions of the student's courses, of all or of one, with the words searched for.

    `sent` is the key under which the browser sent the last one that was asked. `_linked` is
    the question that the address names: it stands first until the list is narrowed.
    """

    questions: list[QuestionView] = []
    courses: list[CourseChoice] = []
    course: str = ""
    order: str = QuestionOrder.UNANSWERED.value
    words: str = ""
    sent: str = ""
    loaded: bool = False
    _linked: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the questions, and keep them up to date."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, QuestionsState.refresh)
        self.course, self.words, self._shown = "", "", PIECE
        self.order = QuestionOrder.UNANSWERED.value
        self._linked = linked_question(self)
        await self._show(student)

    @rx.event
    async def choose_course(self, course_id: str) -> None:
        """Show the questions of one course, or of all."""
        student = await self._require_student()
        known = {one.id for one in self.courses}
        self.course = course_id if course_id in known else ""
        await self._narrow(student)

    @rx.event
    async def choose_order(self, value: str) -> None:
        """Put the unanswered or the newest first."""
        student = await self._require_student()
        self.order = parse_order(value).value
        await self._narrow(student)

    @rx.event
    async def search(self, words: str) -> None:
        """Show the questions in which all these words occur."""
        student = await self._require_student()
        self.words = " ".join(search_words(words))
        await self._narrow(student)

    @rx.event
    async def ask(self, form: dict[str, str]) -> EventSpec:
        """Ask everybody who has the course; the same key twice is one question."""
        student = await self._require_student()
        course_id = parse_id(form.get("course"), missing=audience.NO_COURSE)
        typed = TypedQuestion(form.get("title"), form.get("text", ""), form.get("sent_key"))
        await take_turn(Act.QUESTION, account_id=student.account_id)
        async with unit_of_work() as work:
            course = await audience.get_course(
                work, account_id=student.account_id, course_id=course_id
            )
            await questions.ask(
                work, student=student, course=course, typed=typed, now=clock.now()
            )
        self.sent = str(form.get("sent_key", ""))
        await self._show(student)
        return notice.notify("Asked. You are told when somebody answers.", "success")

    async def _narrow(self, student: Student) -> None:
        self._linked, self._shown = "", PIECE
        await self._show(student)

    async def _show(self, student: Student) -> None:
        account_id = student.account_id
        async with unit_of_work() as work:
            put(self, courses=await audience.course_choices(work, account_id=account_id))
            if self.course not in {one.id for one in self.courses}:
                self.course = ""
            wanted = WantedQuestions(
                await self._course(work, account_id),
                QuestionOrder(self.order),
                search_words(self.words),
            )
            found, more = await first(
                self._shown,
                lambda window: questions.list_questions(
                    work, account_id=account_id, wanted=wanted, window=window
                ),
            )
            linked = (
                await self._linked_first(work, account_id, found) if self._linked else []
            )
        first_ids = {one.id for one in linked}
        found = linked + [one for one in found if one.id not in first_ids]
        put(self, questions=found, more=more, loaded=True)

    async def _linked_first(
        self, work: UnitOfWork, account_id: UUID, listed: Sequence[QuestionView]
    ) -> list[QuestionView]:
        # What is listed was read just now; only an older question is asked for.
        there = [one for one in listed if one.id == self._linked]
        if there:
            return there
        found = await questions.find_linked(
            work, account_id=account_id, address=self._linked
        )
        return [found] if found else []

    async def _course(self, work: UnitOfWork, account_id: UUID) -> CourseKey | None:
        if not self.course:
            return None
        return await audience.get_course(
            work, account_id=account_id, course_id=UUID(self.course)
        )
