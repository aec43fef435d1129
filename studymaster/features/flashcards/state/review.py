"""A review session, as one browser tab holds it."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    MOST_WAITING,
    Answer,
    CardFace,
    Counts,
    DayReport,
    Pile,
    parse_answer,
    parse_pile_key,
    parse_waiting,
)
from studymaster.features.flashcards.service import decks, review


class ReviewState(SessionState):
    """The next cards, what is left, and what today holds already.

    The browser turns and grades by itself; `cards` runs a little ahead of it. It keeps
    every answer under the name `outbox` until its key (card:turn) stands in `settled`.
    """

    cards: list[CardFace] = []
    counts: Counts = Counts()
    report: DayReport = DayReport()
    minutes_left: int = 0
    total: int = 0
    one_course: bool = False
    loaded: bool = False
    outbox: str = ""
    settled: list[str] = []
    _pile: str = ""

    @rx.event
    async def load(self) -> None:
        """Lay out what is due: everything, one course (`?course=`) or one deck (`?deck=`)."""
        student = await self._require_student()
        self._watch(Topic.CARDS, ReviewState.refresh)
        asked = self.router.url.query_parameters
        wanted = {f"course:{asked.get('course', '')}", f"deck:{asked.get('deck', '')}"}
        async with unit_of_work() as work:
            known = await decks.list_shelves(work, student=student, now=clock.now())
        keys = {deck.key for deck in [*known.courses, *known.own]}
        self._pile = next(iter(wanted & keys), "")
        self.one_course = self._pile != ""
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the table up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def grade(self, card_id: str, turn: int, grade: int, elapsed_ms: int) -> None:
        """Count one answer and lay out what comes next."""
        student = await self._require_student()
        answer = parse_answer(
            card_id=card_id, turn=turn, grade=grade, elapsed_ms=elapsed_ms
        )
        async with unit_of_work() as work:
            await review.grade(work, student=student, answer=answer, now=clock.now())
        self._settle([answer])
        await self._show(student)

    @rx.event
    async def resend(self, waiting: list[dict[str, object]]) -> None:
        """Count the answers that the browser kept, each once, in their order."""
        student = await self._require_student()
        answers = parse_waiting(waiting)
        for answer in answers:
            async with unit_of_work() as work:
                await review.grade_late(
                    work, student=student, answer=answer, now=clock.now()
                )
        self._settle(answers)
        await self._show(student)

    def _settle(self, answers: list[Answer]) -> None:
        keys = [answer.key for answer in answers]
        self.settled = [*self.settled, *keys][-MOST_WAITING:]

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            table = await review.get_table(
                work, student=student, pile=self._chosen(), now=clock.now()
            )
        self.cards, self.counts, self.report = table.cards, table.counts, table.report
        self.minutes_left, self.total = table.minutes_left, table.total
        self.outbox, self.loaded = review.outbox_name(student.account_id), True

    def _chosen(self) -> Pile:
        return parse_pile_key(self._pile) if self._pile else EVERYTHING
