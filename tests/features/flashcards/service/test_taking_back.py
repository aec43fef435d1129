from asyncio import gather
from datetime import timedelta

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer
from studymaster.features.flashcards.service import review
from studymaster.features.flashcards.service.taking_back import take_back
from studymaster.models import Card, ReviewLog
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_deck, make_own_card

PLACE = {
    "turn",
    "easiness",
    "interval_days",
    "repetitions",
    "due_on",
    "drill_on",
    "last_reviewed_at",
}


async def grade(student, card, value, *, turn, now=NOON) -> None:
    async with unit_of_work() as work:
        answer = Answer(card.id, turn, value, 4_000)
        await review.grade(work, student=student, answer=answer, now=now)


async def undo(student, card, *, turn, now=NOON) -> bool:
    async with unit_of_work() as work:
        return await take_back(work, student=student, card_id=card.id, turn=turn, now=now)


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
    assert sorted(took) == [False, True]
    assert await answers() == 1


async def test_an_answer_to_anothers_card_is_not_there(student, other_student) -> None:
    card = await new_card(student)
    await grade(student, card, Grade.GOOD, turn=0)
    with pytest.raises(NotFoundError):
        await undo(other_student, card, turn=0)
    assert await answers() == 1
