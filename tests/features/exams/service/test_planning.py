from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, delete, select

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.exams.service import exams, planning
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import EVERYTHING, Answer
from studymaster.features.flashcards.service import review, undoing
from studymaster.jobs import JobName
from studymaster.models import Card, Deadline, DeadlineKind, Exam, Notification
from studymaster.paging import Window
from tests.conftest import NOBODYS_ID, NOON
from tests.features.deadlines.due import days, make_deadline
from tests.features.exams.made import (
    ahead_of,
    in_days,
    item_of,
    make_exam,
    plan,
    row_of,
    wish,
)
from tests.features.flashcards.pile import TODAY, choose, make_deck, make_own_card
from tests.features.library.shelf import make_course
from tests.jobs import carry_out
from workers.exams import plan_due_exams, plan_exams

NAME = UUID(int=1)
KNOWN = {
    "turn": 3,
    "interval_days": 80,
    "repetitions": 3,
    "stability": 20.0,
    "difficulty": 5.0,
    "reviewed_on": TODAY - timedelta(days=10),
}


class Named(NamedTuple):
    """A card by its id."""

    id: UUID


async def table(student, *, now=NOON):
    async with unit_of_work() as work:
        return await review.get_table(
            work, student=student, pile=EVERYTHING, now=now, window=Window(limit=100)
        )


async def grade(student, card, *, turn=0, now=NOON, value=Grade.GOOD):
    async with unit_of_work() as work:
        answer = Answer(card.id, turn, value, 4_000, NAME)
        return await review.grade(work, student=student, answer=answer, now=now)


async def told(student) -> list[tuple[str, bool]]:
    statement = select(Notification).where(Notification.account_id == student.account_id)
    async with unit_of_work() as work:
        rows = (await work.session.exec(statement.order_by(col(Notification.title)))).all()
    return [(row.title, row.read_at is None) for row in rows]


def at(monkeypatch, count: int):
    moment = NOON + timedelta(days=count)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


async def test_an_exam_asks_beyond_the_limit_of_a_deck_and_its_answers_count_for_it(
    student,
) -> None:
    deck, other = await make_deck(student, "Exam"), await make_deck(student, "Rest")
    for one in (deck, other):
        await choose(one, new_per_day=2)
    for one in range(30):
        made = NOON + timedelta(seconds=one)
        await make_own_card(student, deck, front=f"e{one:02}", created_at=made)
        await make_own_card(student, other, front=f"r{one:02}")
    await make_exam(student, scope=[f"deck:{deck}"], day=in_days(4).isoformat())
    before = await table(student)
    assert (before.counts.new, before.counts.left) == (4, 4)
    await plan(student)
    after = await table(student)
    # 30 cards on the three days that are left for new ones, and the two of the other deck;
    # the deck of the exam has two more of its own.
    fronts = [card.front for card in after.cards]
    assert fronts[:10] == [f"e{one:02}" for one in range(10)]
    assert after.counts.new == 10 + 2 + 2
    for card in after.cards[:10]:
        await grade(student, card_of(card))
    left = await table(student)
    assert (left.counts.new, [one.front[0] for one in left.cards]) == (2, ["r", "r"])


def card_of(face) -> Named:
    return Named(UUID(face.id))


async def test_a_card_that_rests_is_asked_for_the_exam_and_then_rests_again(
    student, monkeypatch
) -> None:
    deck = await make_deck(student, "Latin")
    await choose(deck, scheduler="fsrs")
    card = await make_own_card(student, deck, due_on=in_days(70), **KNOWN)
    await make_exam(student, scope=[f"deck:{deck}"], day=in_days(60).isoformat())
    await plan(student)
    day = await ahead_of(card)
    assert day is not None
    assert TODAY < day < in_days(60)
    assert (await table(student)).counts.left == 0
    then = at(monkeypatch, (day - TODAY).days)
    asked = await table(student, now=then)
    assert (asked.counts.due, [one.front for one in asked.cards]) == (1, ["canis"])
    result = await grade(student, card, turn=3, now=then)
    assert result.counted
    assert result.due_on > day.isoformat()
    assert await ahead_of(card) is None
    assert (await table(student, now=then)).counts.left == 0


async def test_taking_an_answer_back_brings_the_wish_of_the_exam_back(student) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    await make_exam(student, scope=[f"deck:{deck}"], day=in_days(1).isoformat())
    await plan(student)
    await grade(student, card)
    async with unit_of_work() as work:
        await undoing.undo_last(work, student=student, now=NOON)
    assert await ahead_of(card) == TODAY


async def test_a_plan_for_what_was_answered_meanwhile_does_not_ask_it_again(
    student,
) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    await make_exam(student, scope=[f"deck:{deck}"], day=in_days(1).isoformat())
    whose = {"account_id": student.account_id, "now": NOON}
    async with unit_of_work() as work:
        looked = await planning.look(work, **whose)
    assert looked is not None
    outcomes = await planning.find(looked)
    await grade(student, card)
    async with unit_of_work() as work:
        await planning.keep(work, looked=looked, outcomes=outcomes, **whose)
    assert await ahead_of(card) is None


async def test_a_plan_for_what_the_exam_was_before_is_not_kept(student) -> None:
    deck = await make_deck(student, "Latin")
    made = await make_exam(student, scope=[f"deck:{deck}"])
    whose = {"account_id": student.account_id, "now": NOON}
    async with unit_of_work() as work:
        looked = await planning.look(work, **whose)
    assert looked is not None
    outcomes = await planning.find(looked)
    async with unit_of_work() as work:
        row = await work.session.get_one(Exam, UUID(made.id))
        row.revision += 1
    async with unit_of_work() as work:
        await planning.keep(work, looked=looked, outcomes=outcomes, **whose)
    assert (await item_of(student, made.id)).plan is None


async def test_a_deleted_exam_wants_nothing_any_more(student) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    made = await make_exam(student, scope=[f"deck:{deck}"])
    await plan(student)
    assert await ahead_of(card) is not None
    async with unit_of_work() as work:
        await exams.delete_exam(work, student=student, exam_id=UUID(made.id))
    await plan(student)
    assert await ahead_of(card) is None


async def test_of_two_exams_the_earlier_wish_counts(student) -> None:
    deck = await make_deck(student, "Latin")
    cards = [await make_own_card(student, deck, front=f"{one}") for one in range(10)]
    await make_exam(student, scope=[f"deck:{deck}"], day=in_days(40).isoformat())
    await plan(student)
    late = [await ahead_of(one) for one in cards]
    await make_exam(student, scope=[f"deck:{deck}"], day=in_days(2).isoformat())
    await plan(student)
    early = [await ahead_of(one) for one in cards]
    assert max(filter(None, early)) <= in_days(1) < max(filter(None, late))


async def test_each_new_day_is_planned_once(student, sent, monkeypatch) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    await make_exam(student, scope=[f"deck:{deck}"])
    sent.clear()
    await carry_out(plan_due_exams)
    assert [job.name for job in sent] == [JobName.PLAN_EXAMS]
    await plan(student)
    sent.clear()
    await carry_out(plan_due_exams)
    assert sent == []
    at(monkeypatch, 1)
    await carry_out(plan_due_exams)
    assert [job.arguments for job in sent] == [{"account_id": str(student.account_id)}]


async def test_when_the_due_date_moves_the_exam_goes_along_and_the_student_is_told(
    student, sent
) -> None:
    course = await make_course(student)
    due = await make_deadline(course, "Quiz 2", days(6), kind=DeadlineKind.QUIZ)
    made = await make_exam(student, deadline_id=str(due.id))
    await plan(student)
    async with unit_of_work() as work:
        row = await work.session.get_one(Deadline, due.id)
        row.due_at = days(9)
    sent.clear()
    await carry_out(plan_due_exams)
    assert len(sent) == 1
    for _ in range(2):
        await plan(student)
    assert (await row_of(made.id)).day == in_days(9)
    assert await told(student) == [("Midterm moved to 25 Jan", True)]
    sent.clear()
    await carry_out(plan_due_exams)
    assert sent == []


async def test_when_the_due_date_is_gone_the_exam_stays_and_the_student_is_told(
    student,
) -> None:
    course = await make_course(student)
    due = await make_deadline(course, "Quiz 2", days(6), kind=DeadlineKind.QUIZ)
    made = await make_exam(student, deadline_id=str(due.id))
    async with unit_of_work() as work:
        await work.session.exec(delete(Deadline).where(col(Deadline.id) == due.id))
    await plan(student)
    row = await row_of(made.id)
    assert (row.day, row.follows) == (in_days(6), False)
    assert await told(student) == [("The due date of Midterm is gone from Moodle", True)]


async def test_what_does_not_work_out_is_told_once_and_settled_when_it_does(
    student,
) -> None:
    deck = await make_deck(student, "Latin")
    for one in range(80):
        await make_own_card(student, deck, front=f"{one}")
    tight = {"scope": [f"deck:{deck}"], "day": in_days(2).isoformat(), "minutes": "5"}
    made = await make_exam(student, **tight)
    for _ in range(2):
        await plan(student)
    item = await item_of(student, made.id)
    assert "would not be seen" in item.verdict
    assert "instead of 5 it would" in item.verdict
    assert await told(student) == [("The plan for Midterm does not work out", True)]
    async with unit_of_work() as work:
        await exams.change_exam(
            work,
            student=student,
            exam_id=UUID(made.id),
            wish=wish(**tight | {"minutes": ""}),
            now=NOON,
        )
    await plan(student)
    assert (await item_of(student, made.id)).verdict.startswith("It works out")
    assert await told(student) == [("The plan for Midterm does not work out", False)]


async def test_after_its_day_an_exam_is_over_and_cards_come_as_their_deck_has_it(
    student, monkeypatch
) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    made = await make_exam(student, scope=[f"deck:{deck}"], day=in_days(2).isoformat())
    await plan(student)
    assert await ahead_of(card) == TODAY
    at(monkeypatch, 3)
    await plan(student)
    assert await ahead_of(card) is None
    assert (await row_of(made.id)).closed_on == in_days(3)
    item = await item_of(student, made.id)
    assert (item.is_over, item.verdict.startswith("It is over")) == (True, True)
    assert await told(student) == [("Midterm is over", True)]
    assert (await table(student, now=clock.now())).counts.new == 1


async def test_suspended_cards_count_for_no_exam(student) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck, suspended_at=NOON)
    made = await make_exam(student, scope=[f"deck:{deck}"])
    await plan(student)
    found = (await item_of(student, made.id)).plan
    assert found is not None
    assert found.cards == 0


async def test_a_student_who_is_gone_is_no_fault(student) -> None:
    await carry_out(plan_exams, account_id=NOBODYS_ID)


async def test_a_week_of_plans_shows_every_card_before_the_exam(
    student, monkeypatch
) -> None:
    deck = await make_deck(student, "Latin")
    await choose(deck, new_per_day=1, scheduler="fsrs")
    for one in range(35):
        await make_own_card(student, deck, front=f"{one:02}")
    made = await make_exam(student, scope=[f"deck:{deck}"], day=in_days(7).isoformat())
    for count in range(7):
        now = at(monkeypatch, count)
        await plan(student)
        while (found := await table(student, now=now)).cards:
            for face in found.cards:
                await grade(student, card_of(face), turn=face.turn, now=now)
    item = await item_of(student, made.id)
    assert item.plan is not None
    assert (item.plan.new, item.plan.unseen, item.plan.below) == (0, 0, 0)
    assert item.verdict.startswith("It works out: all 35 cards")
    async with unit_of_work() as work:
        seen = (await work.session.exec(select(Card.turn, col(Card.ahead_on)))).all()
    assert min(turn for turn, _ in seen) >= 1
    assert all(day is None or day <= in_days(6) for _, day in seen)
