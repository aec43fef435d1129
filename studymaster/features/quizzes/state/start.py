"""What a quiz can be made from, and the quizzes so far, as one browser tab holds them."""

from uuid import uuid4

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import local_moment, parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.quizzes import service
from studymaster.features.quizzes.schemas import (
    NO_QUIZ,
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
    """The form for a new quiz, and the history.

    `visit` names the quiz to be made: the same form sent twice opens the first one again.
    `discarding` is the id of the quiz that may be thrown away, while the student is asked.
    """

    piles: list[PileChoice] = []
    cards: int = 0
    quizzes: list[QuizRow] = []
    more: bool = False
    loaded: bool = False
    visit: str = ""
    discarding: str = ""
    discarding_name: str = ""
    _limit: int = FIRST_QUIZZES
    _started: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Show what can be asked and what was asked before."""
        student = await self._require_student()
        self._watch(Topic.CARDS, QuizStartState.refresh)
        self._limit, self.discarding = FIRST_QUIZZES, ""
        self.visit = str(uuid4())
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
        visit = str(form.get("visit") or uuid4())
        if visit in self._started:
            return rx.redirect(f"/smart-study/quiz/{self._started[visit]}")
        pile, count = parse_pile_key(form.get("pile")), parse_count(form.get("count"))
        async with unit_of_work() as work:
            quiz = await service.create_quiz(
                work,
                account_id=student.account_id,
                pile=pile,
                count=count,
                now=clock.now(),
            )
        self._started = {visit: quiz.id}
        return rx.redirect(f"/smart-study/quiz/{quiz.id}")

    @rx.event
    async def ask_discard(self, quiz_id: str) -> None:
        """Ask whether a quiz that was left open shall be thrown away."""
        await self._require_student()
        asked = next((one for one in self.quizzes if one.id == quiz_id), None)
        if asked is not None:
            self.discarding, self.discarding_name = asked.id, asked.name

    @rx.event
    async def close(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Keep the quiz; the window opens by asking."""
        await self._require_student()
        if not is_open:
            self.discarding = ""

    @rx.event
    async def discard(self) -> None:
        """Throw the quiz away that was asked about; pressed twice it is done once."""
        student = await self._require_student()
        if not self.discarding:
            return
        quiz_id = parse_id(self.discarding, missing=NO_QUIZ)
        self.discarding = ""
        async with unit_of_work() as work:
            await service.discard(work, account_id=student.account_id, quiz_id=quiz_id)
        await self._show(student)

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
