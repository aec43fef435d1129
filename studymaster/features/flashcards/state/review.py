"""A review session, as one browser tab holds it."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.rules.limits import parse_asking
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    MOST_WAITING,
    NO_ANSWER,
    NO_CARD,
    Answer,
    CardFace,
    Counts,
    DayReport,
    GradeResult,
    LeechView,
    Pile,
    log_id_of,
    parse_answer,
    parse_pile_key,
    parse_turn,
    parse_waiting,
)
from studymaster.features.flashcards.service import (
    day,
    leeches,
    review,
    taking_back,
    undoing,
)
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.ui.notice import notify


class ReviewState(SessionState):
    """The next cards, what is left, and what today holds already.

    The browser turns and grades by itself; `cards` runs a little ahead of it. It keeps
    every answer under the name `outbox` until its key (card:turn) stands in `settled`.
    `undo_count` is above zero where a step can be taken back. `leech` is the card that the
    last answer made one, and `leeches` how many this visit has seen.
    """

    cards: list[CardFace] = []
    counts: Counts = Counts()
    report: DayReport = DayReport()
    minutes_left: int = 0
    total: int = 0
    next_step_at: str = ""
    held_new: int = 0
    held_due: int = 0
    one_course: bool = False
    loaded: bool = False
    undo_count: int = 0
    leech: LeechView = LeechView()
    leeches: int = 0
    due_tomorrow: int = 0
    timebox_minutes: int = 0
    can_suggest: bool = False
    outbox: str = ""
    settled: list[str] = []
    _pile: str = ""
    _mark: str = ""

    @rx.event
    async def load(self) -> EventSpec:
        """Lay out what is due: everything, one course (`?course=`) or one deck (`?deck=`).

        A card that was left open on another page is not in the way here.
        """
        student = await self._require_student()
        self._watch(Topic.CARDS, ReviewState.refresh)
        asked = self.router.url.query_parameters
        keys = [f"{kind}:{asked[kind]}" for kind in ("course", "deck") if asked.get(kind)]
        self._pile = await self._find_pile(student, keys) if keys else ""
        self.one_course = self._pile != ""
        self.leech, self.leeches = LeechView(), 0
        async with unit_of_work() as work:
            chosen = await accounts.preferences(work, account_id=student.account_id)
            self.can_suggest = await accounts.has_model(work, account_id=student.account_id)
        self.timebox_minutes = chosen.timebox_minutes
        await self._show(student)
        return cast("EventSpec", CardEditorState.close(False))  # noqa: FBT003  (an event takes no names)

    @rx.event
    async def refresh(self) -> None:
        """Bring the table up to date, unless it is: a tab hears of its own answers too."""
        student = await self._require_student()
        mark = await review.mark_of_cards(student=student, now=clock.now())
        if mark != self._mark:
            await self._show(student)

    @rx.event
    async def look_again(self) -> None:
        """See what has come by now; a step comes without anything else changing."""
        await self._show(await self._require_student())

    @rx.event
    async def ask_more(self, kind: str) -> None:
        """Let today ask some more new or due cards than its limits."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await day.allow_more(
                work,
                student=student,
                pile=self._chosen(),
                asking=parse_asking(kind),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def grade(
        self, card_id: str, turn: int, grade: int, elapsed_ms: int, answer_id: str
    ) -> None:
        """Count one answer and lay out what comes next."""
        student = await self._require_student()
        answer = parse_answer(
            card_id=card_id,
            turn=turn,
            grade=grade,
            elapsed_ms=elapsed_ms,
            answer_id=answer_id,
        )
        async with unit_of_work() as work:
            result = await review.grade(
                work, student=student, answer=answer, now=clock.now()
            )
        self._settle([answer])
        await self._meet_leeches(student, [result])
        await self._show(student)

    @rx.event
    async def resend(self, waiting: list[dict[str, object]]) -> None:
        """Count the answers that the browser kept, each once, in their order."""
        student = await self._require_student()
        answers = parse_waiting(waiting)
        results: list[GradeResult | None] = []
        for answer in answers:
            async with unit_of_work() as work:
                result = await review.grade_late(
                    work, student=student, answer=answer, now=clock.now()
                )
            results.append(result)
        self._settle(answers)
        await self._meet_leeches(student, results)
        await self._show(student)

    @rx.event
    async def take_back(self, card_id: str, turn: int, answer_id: str) -> EventSpec | None:
        """Undo an answer of today that was a slip, and lay its card out again."""
        student = await self._require_student()
        card, place = parse_id(card_id, missing=NO_CARD), parse_turn(turn)
        answer = parse_id(answer_id, missing=NO_ANSWER)
        async with unit_of_work() as work:
            said = await taking_back.take_back(
                work,
                student=student,
                card_id=card,
                log_id=log_id_of(card_id=card, turn=place, answer_id=answer),
                now=clock.now(),
            )
        undone = f"{card_id}:{place}"
        self.settled = [key for key in self.settled if key != undone]
        await self._show(student)
        return notify(said, "success") if said else None

    def _settle(self, answers: list[Answer]) -> None:
        keys = [answer.key for answer in answers]
        self.settled = [*self.settled, *keys][-MOST_WAITING:]

    async def _meet_leeches(
        self, student: Student, results: Sequence[GradeResult | None]
    ) -> None:
        """Tell of the last card that an answer made a leech."""
        found = [result.card_id for result in results if result and result.leech]
        if not found:
            return
        async with unit_of_work() as work:
            self.leech = await leeches.get_leech(
                work, account_id=student.account_id, card_id=UUID(found[-1])
            )
        self.leeches += len(found)

    async def _look_around(self, work: UnitOfWork, student: Student) -> None:
        """Read what stands around the cards: what can be taken back, and the leech."""
        account_id, now = student.account_id, clock.now()
        steps = await undoing.list_steps(work, student=student, now=now, limit=1)
        self.undo_count = len(steps)
        if self.leech.card_id and not await leeches.is_leech(
            work, account_id=account_id, card_id=UUID(self.leech.card_id)
        ):
            self.leech, self.leeches = LeechView(), max(0, self.leeches - 1)
        if not self.counts.left:
            self.due_tomorrow = await review.count_tomorrow(work, student=student, now=now)

    async def _show(self, student: Student) -> None:
        # Before the table is read: what changes meanwhile is looked at again.
        self._mark = await review.mark_of_cards(student=student, now=clock.now())
        async with unit_of_work() as work:
            table = await review.get_table(
                work, student=student, pile=self._chosen(), now=clock.now()
            )
            self.counts = table.counts
            await self._look_around(work, student)
        self.cards, self.report = table.cards, table.report
        self.minutes_left, self.total = table.minutes_left, table.total
        self.next_step_at = table.next_step_at
        self.held_new, self.held_due = table.held_new, table.held_due
        self.outbox, self.loaded = review.outbox_name(student.account_id), True

    async def _find_pile(self, student: Student, keys: list[str]) -> str:
        async with unit_of_work() as work:
            return await review.find_pile(work, account_id=student.account_id, keys=keys)

    def _chosen(self) -> Pile:
        return parse_pile_key(self._pile) if self._pile else EVERYTHING
