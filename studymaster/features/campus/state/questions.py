"""Quick questions, as one browser tab holds them."""

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
    WantedQuestions,
)
from studymaster.features.campus.service import audience, questions
from studymaster.features.campus.state.changes import put
from studymaster.features.campus.state.lists import PIECE, first
from studymaster.ui import notice


class QuestionsState(SessionState):
    """The questions of the student's courses, of all or of one, with the words searched for.

    `asking` says that the form for a new one is open.
    """

    questions: list[QuestionView] = []
    more: bool = False
    courses: list[CourseChoice] = []
    course: str = ""
    order: str = QuestionOrder.UNANSWERED.value
    words: str = ""
    asking: bool = False
    loaded: bool = False
    _shown: int = PIECE

    @rx.event
    async def load(self) -> None:
        """Show the questions, and keep them up to date."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, QuestionsState.refresh)
        self.course, self.words, self._shown = "", "", PIECE
        self.order = QuestionOrder.UNANSWERED.value
        self.asking = False
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring everything up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def show_more(self) -> None:
        """Show twenty more questions."""
        student = await self._require_student()
        self._shown += PIECE
        await self._show(student)

    @rx.event
    async def choose_course(self, course_id: str) -> None:
        """Show the questions of one course, or of all."""
        student = await self._require_student()
        known = {one.id for one in self.courses}
        self.course, self._shown = course_id if course_id in known else "", PIECE
        await self._show(student)

    @rx.event
    async def choose_order(self, value: str) -> None:
        """Put the unanswered or the newest first."""
        student = await self._require_student()
        self.order, self._shown = parse_order(value).value, PIECE
        await self._show(student)

    @rx.event
    async def search(self, words: str) -> None:
        """Show the questions in which all these words occur."""
        student = await self._require_student()
        self.words, self._shown = " ".join(search_words(words)), PIECE
        await self._show(student)

    @rx.event
    async def toggle_asking(self) -> None:
        """Open the form for a question, or close it."""
        await self._require_student()
        self.asking = not self.asking

    @rx.event
    async def ask(self, form: dict[str, str]) -> EventSpec:
        """Ask everybody who has the course."""
        student = await self._require_student()
        course_id = parse_id(form.get("course"), missing=audience.NO_COURSE)
        async with unit_of_work() as work:
            course = await audience.get_course(
                work, account_id=student.account_id, course_id=course_id
            )
            await questions.ask(
                work,
                student=student,
                course=course,
                title=form.get("title"),
                text=form.get("text", ""),
                now=clock.now(),
            )
        self.asking = False
        await self._show(student)
        return notice.notify("Asked. You are told when somebody answers.", "success")

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
        put(self, questions=found, more=more, loaded=True)

    async def _course(self, work: UnitOfWork, account_id: UUID) -> CourseKey | None:
        if not self.course:
            return None
        return await audience.get_course(
            work, account_id=account_id, course_id=UUID(self.course)
        )
