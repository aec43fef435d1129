"""Whatever is sent, and by whomever: the log has exactly what happened."""

from asyncio import create_task, gather
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer, log_id_of, parse_answer
from studymaster.features.flashcards.service import review, undoing
from studymaster.features.flashcards.service.taking_back import take_back
from studymaster.models import Card, ReviewLog
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.features.points.log import ledger
from tests.waiting import until_it_waits

AGAIN, HARD, GOOD, EASY = Grade


async def send(student, card, turn: int, value=GOOD, *, name=None, now=NOON):
    answer = Answer(card.id, turn, value, 4_000, name or uuid4())
    async with unit_of_work() as work:
        return await review.grade(work, student=student, answer=answer, now=now)


async def sent_late(student, card, turn: int, value=GOOD, *, name=None, now=NOON):
    answer = Answer(card.id, turn, value, 4_000, name or uuid4())
    async with unit_of_work() as work:
        return await review.grade_late(work, student=student, answer=answer, now=now)


async def logged() -> list[tuple[UUID, int, Grade]]:
    async with unit_of_work() as work:
        found = await work.session.exec(
            select(ReviewLog).order_by(ReviewLog.card_id, ReviewLog.turn)
        )
        return [(one.card_id, one.turn, Grade(one.grade)) for one in found]


async def turn_of(card) -> int:
    async with unit_of_work() as work:
        return (await work.session.get(Card, card.id)).turn


async def points_of(student) -> int:
    return sum(line.amount for line in await ledger(student))


@pytest.fixture
async def card(student) -> Card:
    return await make_own_card(student, await make_deck(student, "Latin"))


async def test_a_grade_sent_twice_counts_once_and_the_first_one_counts(
    student, card
) -> None:
    name = uuid4()
    first = await send(student, card, 0, GOOD, name=name)
    again = await send(student, card, 0, GOOD, name=name)
    other = await send(student, card, 0, EASY)
    assert [one.counted for one in (first, again, other)] == [True, False, False]
    assert await logged() == [(card.id, 0, GOOD)]
    assert (await points_of(student), await turn_of(card)) == (2, 1)


async def test_sent_ten_times_at_once_it_counts_once(student, card) -> None:
    name = uuid4()
    results = await gather(*[send(student, card, 0, name=name) for _ in range(10)])
    assert sum(one.counted for one in results) == 1
    assert await logged() == [(card.id, 0, GOOD)]
    assert await points_of(student) == 2


async def test_two_tabs_with_different_grades_at_once_leave_one_of_them(
    student, card
) -> None:
    results = await gather(send(student, card, 0, AGAIN), send(student, card, 0, EASY))
    ((_, _, kept),) = await logged()
    counted = [
        value for value, one in zip((AGAIN, EASY), results, strict=True) if one.counted
    ]
    assert counted == [kept]
    assert await points_of(student) == (1 if kept is AGAIN else 2)


async def test_the_tab_that_comes_second_waits_and_changes_nothing(student, card) -> None:
    async with unit_of_work() as work:
        answer = Answer(card.id, 0, HARD, 4_000, uuid4())
        await review.grade(work, student=student, answer=answer, now=NOON)
        second = create_task(send(student, card, 0, EASY))
        await until_it_waits(second)
    assert (await second).counted is False
    assert await logged() == [(card.id, 0, HARD)]


async def test_out_of_order_a_later_answer_waits_for_the_earlier_one(student, card) -> None:
    with pytest.raises(ConflictError):
        await send(student, card, 1, GOOD)
    assert await logged() == []
    await send(student, card, 0, AGAIN)
    await send(student, card, 1, GOOD)
    late = await sent_late(student, card, 0, EASY)
    assert late is not None
    assert late.counted is False
    assert await logged() == [(card.id, 0, AGAIN), (card.id, 1, GOOD)]


async def test_a_card_that_rests_by_now_takes_no_further_answer(student, card) -> None:
    await send(student, card, 0, GOOD)
    with pytest.raises(ConflictError):
        await send(student, card, 1, GOOD)
    assert await sent_late(student, card, 1, GOOD) is None
    assert await logged() == [(card.id, 0, GOOD)]


async def test_anothers_card_is_not_there_however_it_is_sent(
    student, other_student, card
) -> None:
    with pytest.raises(NotFoundError):
        await send(other_student, card, 0)
    assert await sent_late(other_student, card, 0) is None
    await gather(
        send(student, card, 0, HARD),
        *[sent_late(other_student, card, 0, EASY) for _ in range(4)],
    )
    assert await logged() == [(card.id, 0, HARD)]
    assert (await points_of(student), await points_of(other_student)) == (2, 0)


async def test_a_name_that_was_used_for_one_card_hides_no_answer_to_another(
    student, card
) -> None:
    other, name = await make_own_card(student, card.deck_id), uuid4()
    await send(student, card, 0, GOOD, name=name)
    await send(student, other, 0, EASY, name=name)
    assert sorted(await logged()) == sorted([(card.id, 0, GOOD), (other.id, 0, EASY)])


async def test_an_answer_that_is_taken_back_is_gone_and_its_echo_stays_without_effect(
    student, card
) -> None:
    slip, name = uuid4(), uuid4()
    await send(student, card, 0, AGAIN, name=slip)
    log_id = log_id_of(card_id=card.id, turn=0, answer_id=slip)
    for _ in range(2):
        async with unit_of_work() as work:
            await take_back(work, student=student, card_id=card.id, log_id=log_id, now=NOON)
    await send(student, card, 0, GOOD, name=name)
    assert (await sent_late(student, card, 0, AGAIN, name=slip)).counted is False
    assert await logged() == [(card.id, 0, GOOD)]
    assert await points_of(student) == 2


async def test_whoever_was_away_is_counted_for_a_minute(student, card) -> None:
    answer = parse_answer(card_id=str(card.id), turn=0, grade=4, elapsed_ms=3_600_000)
    async with unit_of_work() as work:
        await review.grade(work, student=student, answer=answer, now=NOON)
        line = (await work.session.exec(select(ReviewLog))).one()
        report = await review.get_report(work, student=student, now=NOON)
    assert (line.elapsed_ms, report.minutes) == (60_000, 1)


@pytest.mark.parametrize("seed", range(6))
async def test_three_tabs_that_send_repeat_and_take_back_at_once_leave_whole_histories(
    student, card, seed: int
) -> None:
    dice = Random(seed)
    cards = [card, *[await make_own_card(student, card.deck_id) for _ in range(2)]]
    for round_ in range(8):
        now = NOON + timedelta(seconds=round_)
        work = [
            sent_late(student, one, await turn_of(one), dice.choice(list(Grade)), now=now)
            for one in (dice.choice(cards) for _ in range(4))
        ]
        if dice.random() < 0.5:
            work.append(undone(student, now=now))
        await gather(*work)
    log = await logged()
    for one in cards:
        turns = [turn for card_id, turn, _ in log if card_id == one.id]
        assert turns == list(range(await turn_of(one)))
    firsts = {card_id: value for card_id, turn, value in log if turn == 0}
    assert await points_of(student) == sum(
        1 if value is AGAIN else 2 for value in firsts.values()
    )


async def undone(student, *, now) -> str | None:
    async with unit_of_work() as work:
        return await undoing.undo_last(work, student=student, now=now)
