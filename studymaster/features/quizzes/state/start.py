"""What a quiz can be made from, and the quizzes so far, as one browser tab holds them."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import local_moment
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.quizzes import service
from studymaster.features.quizzes.schemas import (
    PileChoice,
    QuizRow,
    QuizView,
    parse_count,
    parse_pile_key,
)
from studymaster.paging import Window

FIRST_QUIZZES = 10
MOST_QUIZZES = 100


class QuizStartState(SessionState):
    """The form for a new quiz, and the history."""

    piles: list[PileChoice] = []
    cards: int = 0
    quizzes: list[QuizRow] = []
    more: bool = False
    loaded: bool = False
    _limit: int = FIRST_QUIZZES

    @rx.event
    async def load(self) -> None:
        """Show what can be asked and what was asked before."""
        student = await self._require_student()
        self._watch(Topic.CARDS, QuizStartState.refresh)
        self._limit = FIRST_QUIZZES
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring both up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def show_more(self) -> None:
        """Show ten more of the history."""
        student = await self._require_student()
        self._limit = min(MOST_QUIZZES, self._limit + FIRST_QUIZZES)
        await self._show(student)

    @rx.event
    async def start(self, form: dict[str, object]) -> EventSpec:
        """Make a quiz and open it."""
        student = await self._require_student()
        pile, count = parse_pile_key(form.get("pile")), parse_count(form.get("count"))
        async with unit_of_work() as work:
            quiz = await service.create_quiz(
                work,
                account_id=student.account_id,
                pile=pile,
                count=count,
                now=clock.now(),
            )
        return rx.redirect(f"/smart-study/quiz/{quiz.id}")

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            self.piles = await service.list_piles(work, account_id=student.account_id)
            past = await service.list_quizzes(
                work, account_id=student.account_id, window=Window(limit=self._limit)
            )
        self.cards = self.piles[0].cards
        self.quizzes = [_row(quiz, student) for quiz in past.items]
        self.more = past.next_offset is not None and self._limit < MOST_QUIZZES
        self.loaded = True


def _row(quiz: QuizView, student: Student) -> QuizRow:
    moment = quiz.created_at
    return QuizRow(
        id=quiz.id,
        name=quiz.name,
        when=local_moment(moment, time_zone=student.time_zone) if moment else "",
        total=quiz.total,
        answered=quiz.answered,
        right=quiz.right,
        finished=quiz.finished_at is not None,
    )
