"""One quiz that is being answered or looked back at, as one browser tab holds it."""

from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.quizzes import service
from studymaster.features.quizzes.schemas import (
    NO_QUIZ,
    ItemView,
    QuizView,
    WholeQuiz,
    parse_answer,
    parse_pairs,
    parse_position,
)

QUESTION = "question"
"""Where the focus goes when another question comes."""


class QuizState(SessionState):
    """The quiz that the address names: the question on the table, and at the end all.

    A reload shows the answered question again until the student went on from it, else the
    first open one; the answers are kept by the server.
    """

    quiz: QuizView = QuizView()
    item: ItemView = ItemView()
    wrong: list[ItemView] = []
    is_over: bool = False
    missing: bool = False
    loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Open the quiz that the address names."""
        student = await self._require_student()
        self._watch(Topic.CARDS, QuizState.refresh)
        was_over, self.loaded, self.missing, self.is_over = (
            self.is_over,
            False,
            False,
            False,
        )
        whole = await self._find(student)
        self.missing = whole is None
        if whole is not None:
            is_here = whole.quiz.id == self.quiz.id and not was_over
            is_told = is_here and self.item.state != "open"
            self._show(whole, position=self.item.position if is_told else None)

    @rx.event
    async def refresh(self) -> None:
        """Bring the quiz up to date: another tab may have answered."""
        student = await self._require_student()
        whole = await self._find(student)
        if whole is not None:
            self._show(whole, position=None if self.is_over else self.item.position)

    @rx.event
    async def answer(self, position: int, given: str) -> None:
        """Keep the answer to a question and show whether it was right."""
        student = await self._require_student()
        text, place = parse_answer(given), parse_position(position)
        async with unit_of_work() as work:
            whole = await service.answer_item(
                work,
                account_id=student.account_id,
                quiz_id=self._quiz_id(),
                position=place,
                given=text,
                now=clock.now(),
            )
        self._show(whole, position=place)

    @rx.event
    async def answer_typed(self, form: dict[str, object]) -> None:
        """Keep what was typed."""
        student = await self._require_student()
        text = parse_answer(form.get("given"))
        async with unit_of_work() as work:
            whole = await service.answer_item(
                work,
                account_id=student.account_id,
                quiz_id=self._quiz_id(),
                position=self.item.position,
                given=text,
                now=clock.now(),
            )
        self._show(whole, position=self.item.position)

    @rx.event
    async def answer_pairs(self, form: dict[str, object]) -> None:
        """Keep what was matched."""
        await self._require_student()
        given = parse_pairs(form, count=len(self.item.pairs))
        await QuizState.answer.fn(self, self.item.position, given)

    @rx.event
    async def go_on(self) -> EventSpec | None:
        """Show the next open question, or after the last one the result."""
        student = await self._require_student()
        whole = await self._find(student)
        if whole is None:
            raise NotFoundError(NO_QUIZ)
        self._show(whole, position=None)
        # A typed answer has its own field to begin in.
        is_typed = self.item.kind == "short" and not self.is_over
        return None if is_typed else rx.set_focus(QUESTION)

    @rx.event
    async def practise_again(self) -> EventSpec:
        """Make a quiz of the wrong ones and open it."""
        student = await self._require_student()
        async with unit_of_work() as work:
            quiz = await service.practise_again(
                work,
                account_id=student.account_id,
                quiz_id=self._quiz_id(),
                now=clock.now(),
            )
        return rx.redirect(f"/smart-study/quiz/{quiz.id}")

    async def _find(self, student: Student) -> WholeQuiz | None:
        async with unit_of_work() as work:
            return await service.find_quiz(
                work, account_id=student.account_id, address=self._named()
            )

    def _show(self, whole: WholeQuiz, *, position: int | None) -> None:
        """Show the question at a position, else the first open one, else the result."""
        waiting = [item for item in whole.items if item.state == "open"]
        self.quiz = whole.quiz
        if position is not None:
            self.item = whole.items[position]
        elif waiting:
            self.item = waiting[0]
        self.is_over = position is None and not waiting
        self.wrong = [one for one in whole.items if self.is_over and one.state == "wrong"]
        self.loaded = True

    def _quiz_id(self) -> UUID:
        return parse_id(self.quiz.id, missing=NO_QUIZ)
