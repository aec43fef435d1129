from asyncio import create_task, gather
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.flashcards.rules.rewards import POINTS
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer, log_id_of
from studymaster.features.flashcards.service import review
from studymaster.features.flashcards.service.taking_back import take_back
from studymaster.features.points import service as points
from studymaster.models import Card, ReviewLog
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_deck, make_own_card
from tests.features.points.log import ledger, show
from tests.waiting import until_it_waits

PLACE = {
    "turn",
    "easiness",
    "interval_days",
    "repetitions",
    "due_on",
    "drill_on",
    "last_reviewed_at",
}


FIRST, SECOND = UUID(int=1), UUID(int=2)
"""What a browser calls its answers."""


async def grade(student, card, value, *, turn, now=NOON, name=FIRST) -> None:
    async with unit_of_work() as work:
        answer = Answer(card.id, turn, value, 4_000, name)
        await review.grade(work, student=student, answer=answer, now=now)


async def undo(student, card, *, turn, now=NOON, name=FIRST) -> str | None:
    log_id = log_id_of(card_id=card.id, turn=turn, answer_id=name)
    async with unit_of_work() as work:
        return await take_back(
            work, student=student, card_id=card.id, log_id=log_id, now=now
        )


async def place_of(card) -> dict[str, object]:
    async with unit_of_work() as work:
        found = await work.session.get(Card, card.id)
        return found.model_dump(include=PLACE)


async def answers() -> int:
    async with unit_of_work() as work:
        return len((await work.session.exec(select(ReviewLog))).all())


async def new_card(student) -> Card:
    return await make_own_card(student, await make_deck(student, "Latin"))


@pytest.mark.parametrize("slip", list(Grade))
async def test_a_new_card_is_new_again_whatever_was_pressed(student, slip) -> None:
    card = await new_card(student)
    before = await place_of(card)
    await grade(student, card, slip, turn=0)
    assert await undo(student, card, turn=0)
    assert await place_of(card) == before
    assert await answers() == 0


async def test_a_card_of_many_days_is_due_as_before_and_can_be_answered_again(
    student,
) -> None:
    card = await new_card(student)
    days = (0, 1, 9)
    for turn, days_on in enumerate(days):
        at = NOON + timedelta(days=days_on)
        await grade(student, card, Grade.GOOD, turn=turn, now=at)
    late = NOON + timedelta(days=40)
    before = await place_of(card)
    await grade(student, card, Grade.AGAIN, turn=3, now=late)
    assert await undo(student, card, turn=3, now=late)
    assert await place_of(card) == before
    await grade(student, card, Grade.EASY, turn=3, now=late)
    assert (await place_of(card))["repetitions"] == len(days) + 1


async def test_a_drill_is_taken_back_one_answer_at_a_time(student) -> None:
    card = await new_card(student)
    new = await place_of(card)
    await grade(student, card, Grade.AGAIN, turn=0)
    drilled = await place_of(card)
    await grade(student, card, Grade.GOOD, turn=1, now=NOON + timedelta(minutes=1))
    assert await undo(student, card, turn=1)
    assert await place_of(card) == drilled
    assert drilled["drill_on"] == TODAY
    assert await undo(student, card, turn=0)
    assert await place_of(card) == new


async def test_only_the_last_answer_of_today_can_be_taken_back(student) -> None:
    card = await new_card(student)
    assert not await undo(student, card, turn=0)
    await grade(student, card, Grade.AGAIN, turn=0)
    await grade(student, card, Grade.GOOD, turn=1)
    assert not await undo(student, card, turn=0)
    assert not await undo(student, card, turn=1, now=NOON + timedelta(days=1))
    assert await answers() == 2


async def test_pressed_twice_at_once_it_takes_back_one_answer(student) -> None:
    card = await new_card(student)
    await grade(student, card, Grade.AGAIN, turn=0)
    await grade(student, card, Grade.GOOD, turn=1)
    took = await gather(undo(student, card, turn=1), undo(student, card, turn=1))
    assert sorted(took, key=bool) == [None, "Took back: “canis” called good."]
    assert await answers() == 1


async def test_what_took_a_slip_back_leaves_the_answer_in_its_place_when_it_comes_again(
    student,
) -> None:
    card = await new_card(student)
    await grade(student, card, Grade.AGAIN, turn=0)
    assert await undo(student, card, turn=0)
    await grade(student, card, Grade.GOOD, turn=0, name=SECOND)
    before, lines = await place_of(card), await told(student)
    assert not await undo(student, card, turn=0)
    assert (await place_of(card), await told(student)) == (before, lines)
    assert await given() == [Grade.GOOD]
    assert await undo(student, card, turn=0, name=SECOND)


async def test_nor_when_it_comes_again_while_that_answer_is_being_given(student) -> None:
    card = await new_card(student)
    await grade(student, card, Grade.AGAIN, turn=0)
    assert await undo(student, card, turn=0)
    async with unit_of_work() as work:
        answer = Answer(card.id, 0, Grade.GOOD, 4_000, SECOND)
        await review.grade(work, student=student, answer=answer, now=NOON)
        again = [create_task(undo(student, card, turn=0)) for _ in range(2)]
        for one in again:
            await until_it_waits(one)
    assert await gather(*again) == [None, None]
    assert await given() == [Grade.GOOD]
    assert sum(amount for amount, _ in await told(student)) == POINTS[Grade.GOOD]


async def test_an_answer_of_another_tab_is_not_taken_back(student) -> None:
    card = await new_card(student)
    await grade(student, card, Grade.GOOD, turn=0, name=FIRST)
    await grade(student, card, Grade.AGAIN, turn=0, name=SECOND)
    assert not await undo(student, card, turn=0, name=SECOND)
    assert await given() == [Grade.GOOD]


async def test_an_answer_to_anothers_card_is_not_there(student, other_student) -> None:
    card = await new_card(student)
    await grade(student, card, Grade.GOOD, turn=0)
    with pytest.raises(NotFoundError):
        await undo(other_student, card, turn=0)
    assert await answers() == 1


CALLED = "You reviewed a card and called it {}."
BACK = "You took an answer back: a card called {}."


async def told(student) -> list[tuple[int, str]]:
    return [(line.amount, line.sentence) for line in await ledger(student)]


async def given() -> list[Grade]:
    async with unit_of_work() as work:
        return [Grade(one) for one in (await work.session.exec(select(ReviewLog.grade)))]


async def test_the_ledger_tells_of_the_slip_and_of_the_grade_that_counts(student) -> None:
    card = await new_card(student)
    at = [NOON + timedelta(minutes=minute) for minute in range(3)]
    await grade(student, card, Grade.AGAIN, turn=0, now=at[0])
    await undo(student, card, turn=0, now=at[1])
    await grade(student, card, Grade.GOOD, turn=0, now=at[2])
    assert await told(student) == [
        (1, CALLED.format("again")),
        (-1, BACK.format("again")),
        (2, CALLED.format("good")),
    ]


@pytest.mark.parametrize("last", [*Grade, None])
async def test_however_often_it_is_graded_anew_a_card_brings_its_points_once(
    student, last
) -> None:
    card, now = await new_card(student), NOON
    for value in (Grade.HARD, Grade.AGAIN, Grade.EASY):
        await grade(student, card, value, turn=0, now=now)
        await undo(student, card, turn=0, now=now + timedelta(seconds=1))
        now += timedelta(seconds=2)
    if last is not None:
        await grade(student, card, last, turn=0, now=now)
    lines = await told(student)
    assert sum(amount for amount, _ in lines) == POINTS.get(last, 0)
    assert all(one[0] * other[0] < 0 for one, other in pairwise(lines))
    assert len(lines) == (6 if last is None else 7)


async def test_taking_a_drill_back_leaves_the_points_of_the_first_answer(student) -> None:
    card = await new_card(student)
    await grade(student, card, Grade.AGAIN, turn=0)
    await grade(student, card, Grade.GOOD, turn=1)
    assert await undo(student, card, turn=1)
    assert await told(student) == [(1, CALLED.format("again"))]


async def test_two_tabs_that_take_back_and_grade_at_once_book_no_point_twice(
    student,
) -> None:
    card = await new_card(student)
    await grade(student, card, Grade.HARD, turn=0)
    for value in (Grade.AGAIN, Grade.GOOD, Grade.EASY):
        await gather(
            undo(student, card, turn=0),
            grade(student, card, value, turn=0),
            undo(student, card, turn=0),
            grade(student, card, Grade.HARD, turn=0),
        )
        counted = await given()
        assert len(counted) <= 1
        booked = sum(amount for amount, _ in await told(student))
        assert booked == sum(POINTS[one] for one in counted)


async def test_what_was_taken_back_does_not_count_for_the_week(student) -> None:
    await show(student)
    card = await new_card(student)
    await grade(student, card, Grade.GOOD, turn=0)
    await undo(student, card, turn=0)
    async with unit_of_work() as work:
        await points.refresh_leaderboard(work)
    board = await points.find_leaderboard(student=student, now=NOON, limit=3)
    assert (board.rows, board.you.points) == ((), 0)
