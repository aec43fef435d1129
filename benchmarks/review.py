"""Review: what one answer costs a student with 2,000 cards and 20,000 answers behind them."""

import gc
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlmodel import col, select

from benchmarks import filling
from benchmarks.filling import Known
from benchmarks.measure import timing, watched
from benchmarks.report import Report
from benchmarks.scene import Scene
from benchmarks.tab import Tab
from studymaster.adapters import clock
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer
from studymaster.features.flashcards.service import review
from studymaster.features.flashcards.state import ReviewState
from studymaster.models import Card

TITLE = "Review: 2,000 cards, 20,000 answers"
ROUNDS = 120
WARM_UP = 5
ELAPSED_MS = 6_000


@dataclass(slots=True)
class Taken:
    """How long each part of an answer took (ms)."""

    graded: list[float] = field(default_factory=list[float])
    next_cards: list[float] = field(default_factory=list[float])
    whole: list[float] = field(default_factory=list[float])


async def measure(scene: Scene, now: datetime) -> Report:
    """Measure grading, the next cards, and both as the event of a tab."""
    report = Report(TITLE)
    known = filling.fill_student(scene, filling.fill_peers(scene, now=now), now=now)
    scene.look_over()
    waiting = await _due_cards(known)
    tab, taken = Tab(known.cookie), Taken()
    tab.go_to("/smart-study/review")
    await tab.carry_out(ReviewState.load)
    gc.collect()
    for _ in range(WARM_UP + ROUNDS):
        await _answer_apart(known, waiting.pop(), taken)
        await _answer_in_tab(tab, waiting.pop(), taken)
    for name, rounds in (
        ("grade: log, schedule, points", taken.graded),
        ("next cards and figures of the day", taken.next_cards),
        ("whole event of a tab", taken.whole),
    ):
        report.add(name, timing(rounds[WARM_UP:]).figures())
    await get_engine().dispose()
    return report


async def _due_cards(known: Known) -> list[Card]:
    account_id, today = known.student.account_id, known.student.day_of(clock.now())
    asked = select(Card).where(
        col(Card.account_id) == account_id, col(Card.due_on) <= today
    )
    async with unit_of_work() as work:
        return list((await work.session.exec(asked.order_by(col(Card.id)))).all())


async def _answer_apart(known: Known, card: Card, taken: Taken) -> None:
    answer, now = Answer(card.id, card.turn, Grade.GOOD, ELAPSED_MS), clock.now()
    with watched() as watch:
        async with unit_of_work() as work:
            await review.grade(work, student=known.student, answer=answer, now=now)
    taken.graded.append(watch.ms)
    with watched() as watch:
        async with unit_of_work() as work:
            await review.get_table(work, student=known.student, now=now)
    taken.next_cards.append(watch.ms)


async def _answer_in_tab(tab: Tab, card: Card, taken: Taken) -> None:
    with watched() as watch:
        await tab.call(
            ReviewState,
            "grade",
            card_id=str(card.id),
            turn=card.turn,
            grade=int(Grade.GOOD),
            elapsed_ms=ELAPSED_MS,
            answer_id=str(uuid4()),
        )
    taken.whole.append(watch.ms)
