import random
from asyncio import create_task, gather
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.flashcards.rules.scheduling import (
    Answered,
    Place,
    Plan,
    Scheduler,
    replay,
)
from studymaster.features.flashcards.rules.sm2 import Grade, new_schedule
from studymaster.features.flashcards.schemas import Answer, Pile, log_id_of
from studymaster.features.flashcards.service import bulk, cards, decks, review, scheduling
from studymaster.features.flashcards.service import settings as deck_settings
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.features.flashcards.service.cards import CardChange
from studymaster.features.flashcards.service.taking_back import take_back
from studymaster.models import Card, Deck, ReviewLog
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture
from tests.waiting import until_it_waits

SM2, FSRS = Plan(), Plan(Scheduler.FSRS)
AGAIN, HARD, GOOD, EASY = Grade
PLACE = {
    "easiness",
    "interval_days",
    "repetitions",
    "due_on",
    "drill_on",
    "drill_at",
    "drill_step",
    "stability",
    "difficulty",
    "reviewed_on",
    "turn",
    "last_reviewed_at",
}
NAME = UUID(int=1)
LONG_AFTER = NOON + timedelta(days=2_000)
"""By then a card of a few days is due, whichever scheduler its deck has chosen."""


async def switch(student, deck_id, plan, *, now=NOON) -> int:
    async with unit_of_work() as work:
        return await decks.choose_plan(
            work,
            account_id=student.account_id,
            pile=Pile(deck_id=deck_id),
            plan=plan,
            now=now,
        )


async def grade(student, card_id, value, *, turn, now=NOON):
    async with unit_of_work() as work:
        answer = Answer(card_id, turn, value, 4_000, NAME)
        return await review.grade(work, student=student, answer=answer, now=now)


async def row_of(card_id) -> Card:
    async with unit_of_work() as work:
        return await work.session.get_one(Card, card_id)


async def places() -> dict[UUID, dict[str, object]]:
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(Card))).all()
    return {row.id: row.model_dump(include=PLACE) for row in rows}


async def log_of(card_id) -> list[Answered]:
    async with unit_of_work() as work:
        statement = select(ReviewLog).where(ReviewLog.card_id == card_id)
        lines = (await work.session.exec(statement)).all()
    return sorted(
        Answered(one.turn, Grade(one.grade), one.day, one.interval_after, one.drill)
        for one in lines
    )


async def study(student, card_ids, *, days: int, seed: int, start: int = 0) -> None:
    """Answer whatever is due, on every day of some, as dice have it."""
    dice = random.Random(seed)
    for day in range(start, start + days):
        now = NOON + timedelta(days=day)
        for card_id in card_ids:
            row = await row_of(card_id)
            today = now.date()
            while row.due_on <= today or row.drill_on == today:
                await grade(
                    student, card_id, dice.choice(list(Grade)), turn=row.turn, now=now
                )
                row = await row_of(card_id)


async def studied_deck(
    student, *, count: int = 4, days: int = 12
) -> tuple[UUID, list[UUID]]:
    deck_id = await make_deck(student, "Latin")
    ids = [(await make_own_card(student, deck_id)).id for _ in range(count)]
    await study(student, ids, days=days, seed=count)
    return deck_id, ids


async def test_there_and_back_a_deck_stands_exactly_as_it_stood(student) -> None:
    deck_id, _ = await studied_deck(student)
    before = await places()
    assert await switch(student, deck_id, FSRS) == 4
    meanwhile = await places()
    assert all(one["stability"] > 0 for one in meanwhile.values())
    assert meanwhile != before
    assert await switch(student, deck_id, SM2) == 4
    assert await places() == before
    await switch(student, deck_id, FSRS)
    assert await places() == meanwhile


async def test_what_was_answered_in_between_counts_as_if_it_had_always_been_so(
    student,
) -> None:
    deck_id, ids = await studied_deck(student)
    await switch(student, deck_id, FSRS)
    await study(student, ids, days=40, seed=3, start=12)
    by_fsrs = await places()
    await switch(student, deck_id, SM2)
    new = Place(new_schedule(TODAY))
    for card_id in ids:
        row, log = await row_of(card_id), await log_of(card_id)
        assert len(log) == row.turn
        assert scheduling.place_of(row) == replay(new, log, card_id=card_id, plan=SM2)
    await switch(student, deck_id, FSRS)
    assert await places() == by_fsrs


async def test_an_answer_goes_by_the_scheduler_of_its_deck(student) -> None:
    deck_id = await make_deck(student, "Latin")
    card = await make_own_card(student, deck_id)
    await switch(student, deck_id, FSRS)
    now, rested = NOON, []
    for turn in range(4):
        await grade(student, card.id, GOOD, turn=turn, now=now)
        row = await row_of(card.id)
        assert row.reviewed_on == now.date()
        rested.append(row.interval_days)
        now += timedelta(days=row.interval_days)
    assert rested == sorted(rested)
    new = Place(new_schedule(TODAY))
    log = await log_of(card.id)
    assert scheduling.place_of(row) == replay(new, log, card_id=card.id, plan=FSRS)
    assert row.easiness == 250


@pytest.mark.parametrize("value", list(Grade))
async def test_the_buttons_say_what_is_then_given(student, value) -> None:
    deck_id = await make_deck(student, "Latin")
    fields = {"turn": 3, "repetitions": 3, "interval_days": 40}
    card = await make_own_card(student, deck_id, **fields)
    await switch(student, deck_id, Plan(Scheduler.FSRS, 85))
    async with unit_of_work() as work:
        found, _ = await review.list_due(
            work,
            student=student,
            pile=Pile(deck_id=deck_id),
            now=NOON,
            window=Window(),
        )
    said = dict(zip(Grade, found.items[0].intervals, strict=True))[value]
    await grade(student, card.id, value, turn=3)
    row = await row_of(card.id)
    days = row.interval_days
    label = f"{days} d" if days < 100 else f"{days / 30.4375:.0f} mo"
    assert said == (f"today, then {label}" if value is AGAIN else label)


async def test_another_share_moves_every_card_and_the_old_one_moves_it_back(
    student,
) -> None:
    deck_id, ids = await studied_deck(student)
    await switch(student, deck_id, FSRS)
    usual = await places()
    assert await switch(student, deck_id, Plan(Scheduler.FSRS, 97)) == len(ids)
    strict = await places()
    assert all(strict[one]["due_on"] <= usual[one]["due_on"] for one in ids)
    assert strict != usual
    await switch(student, deck_id, FSRS)
    assert await places() == usual


async def test_the_same_choice_again_and_a_share_for_sm2_plan_nothing_anew(student) -> None:
    deck_id, _ = await studied_deck(student, count=1)
    assert await switch(student, deck_id, Plan(retention=80)) == 0
    assert await switch(student, deck_id, Plan(Scheduler.FSRS, 80)) == 1
    assert await switch(student, deck_id, Plan(Scheduler.FSRS, 80)) == 0


async def test_cards_without_a_log_and_days_set_by_hand_stay_as_they_are(student) -> None:
    deck_id, (card_id,) = await studied_deck(student, count=1)
    new = await make_own_card(student, deck_id)
    grown = await make_own_card(student, deck_id, interval_days=30, turn=4, easiness=180)
    by_hand = TODAY + timedelta(days=500)
    async with unit_of_work() as work:
        (await work.session.get_one(Card, card_id)).due_on = by_hand
    before = await places()
    assert await switch(student, deck_id, FSRS) == 1
    meanwhile = await places()
    assert meanwhile[card_id]["due_on"] == by_hand
    assert [meanwhile[one.id] for one in (new, grown)] == [
        before[one.id] for one in (new, grown)
    ]
    await switch(student, deck_id, SM2)
    assert await places() == before


async def test_a_card_that_came_without_a_log_goes_on_from_its_interval(student) -> None:
    deck_id = await make_deck(student, "Latin")
    grown = {"interval_days": 30, "turn": 4, "repetitions": 4, "easiness": 200}
    card = await make_own_card(student, deck_id, **grown)
    await switch(student, deck_id, FSRS)
    await grade(student, card.id, GOOD, turn=4)
    by_fsrs = await row_of(card.id)
    assert 50 <= by_fsrs.interval_days <= 70
    await switch(student, deck_id, SM2)
    back = await row_of(card.id)
    assert (back.interval_days, back.repetitions, back.easiness) == (60, 5, 200)


async def test_an_answer_under_fsrs_can_be_taken_back(student) -> None:
    deck_id, (card_id,) = await studied_deck(student, count=1, days=20)
    await switch(student, deck_id, FSRS)
    row = await row_of(card_id)
    now = NOON + timedelta(days=max(20, (row.due_on - TODAY).days))
    before = await places()
    for value in Grade:
        await grade(student, card_id, value, turn=row.turn, now=now)
        async with unit_of_work() as work:
            assert await take_back(
                work,
                student=student,
                card_id=card_id,
                log_id=log_id_of(card_id=card_id, turn=row.turn, answer_id=NAME),
                now=now,
            )
        assert await places() == before


async def test_an_answer_taken_back_after_a_switch_leaves_what_was_before_it(
    student,
) -> None:
    deck_id = await make_deck(student, "Latin")
    card = await make_own_card(student, deck_id)
    await grade(student, card.id, GOOD, turn=0)
    tomorrow = NOON + timedelta(days=1)
    await switch(student, deck_id, FSRS)
    first = await places()
    await switch(student, deck_id, SM2)
    await grade(student, card.id, AGAIN, turn=1, now=tomorrow)
    await switch(student, deck_id, FSRS)
    async with unit_of_work() as work:
        log_id = log_id_of(card_id=card.id, turn=1, answer_id=NAME)
        assert await take_back(
            work, student=student, card_id=card.id, log_id=log_id, now=tomorrow
        )
    # It was answered that day, so it can be answered that day again.
    expected = first[card.id] | {"due_on": tomorrow.date()}
    assert (await places())[card.id] == expected


class TestMoving:
    async def two_decks(self, student) -> tuple[UUID, UUID, list[UUID]]:
        latin, ids = await studied_deck(student)
        greek = await make_deck(student, "Greek")
        await switch(student, greek, FSRS)
        return latin, greek, ids

    async def test_a_card_comes_under_the_scheduler_of_its_new_deck(self, student) -> None:
        latin, greek, ids = await self.two_decks(student)
        before = await places()
        for target in (greek, latin):
            async with unit_of_work() as work:
                await bulk.move(
                    work,
                    student=student,
                    chosen=Chosen(ids),
                    pile=Pile(deck_id=target),
                    now=NOON,
                )
            if target == greek:
                log = await log_of(ids[0])
                new = Place(new_schedule(TODAY))
                there = replay(new, log, card_id=ids[0], plan=FSRS)
                assert scheduling.place_of(await row_of(ids[0])) == there
        assert await places() == before

    async def test_so_does_one_that_is_edited_into_it(self, student) -> None:
        _, greek, ids = await self.two_decks(student)
        async with unit_of_work() as work:
            view = await cards.edit(
                work,
                student=student,
                card_id=ids[0],
                change=CardChange(back="hound", pile=Pile(deck_id=greek)),
                now=NOON,
            )
        row = await row_of(ids[0])
        assert (view.back, view.deck_id) == ("hound", str(greek))
        assert row.stability is not None
        assert (view.interval, view.due_on) == (row.interval_days, row.due_on.isoformat())

    async def test_so_do_those_of_a_deck_that_is_deleted(self, student) -> None:
        latin, greek, ids = await self.two_decks(student)
        async with unit_of_work() as work:
            await decks.delete_deck(
                work,
                account_id=student.account_id,
                deck_id=latin,
                move_to=Pile(deck_id=greek),
                now=NOON,
            )
        rows = [await row_of(one) for one in ids]
        assert all(row.deck_id == greek and row.stability is not None for row in rows)


async def test_a_grade_and_a_switch_at_once_leave_what_the_log_says(student) -> None:
    deck_id, (card_id,) = await studied_deck(student, count=1)
    now = LONG_AFTER
    for turn, plan in enumerate([FSRS, SM2, FSRS, SM2], start=(await row_of(card_id)).turn):
        await gather(
            grade(student, card_id, AGAIN, turn=turn, now=now),
            switch(student, deck_id, plan, now=now),
        )
        log = await log_of(card_id)
        new = Place(new_schedule(TODAY))
        expected = replay(new, log, card_id=card_id, plan=plan)
        row = await row_of(card_id)
        assert (len(log), scheduling.place_of(row)) == (turn + 1, expected)
        now += timedelta(days=400)


async def test_a_grade_that_waits_for_a_switch_goes_by_the_new_scheduler(student) -> None:
    deck_id, (card_id,) = await studied_deck(student, count=1)
    row, now = await row_of(card_id), LONG_AFTER
    async with unit_of_work() as work:
        await decks.choose_plan(
            work,
            account_id=student.account_id,
            pile=Pile(deck_id=deck_id),
            plan=FSRS,
            now=now,
        )
        late = create_task(grade(student, card_id, GOOD, turn=row.turn, now=now))
        await until_it_waits(late)
    assert (await late).counted
    new = Place(new_schedule(TODAY))
    expected = replay(new, await log_of(card_id), card_id=card_id, plan=FSRS)
    assert scheduling.place_of(await row_of(card_id)) == expected


async def test_two_switches_at_once_leave_one_of_the_two_whole(student) -> None:
    deck_id, ids = await studied_deck(student)
    wanted = [Plan(Scheduler.FSRS, share) for share in (75, 95)]
    await gather(*(switch(student, deck_id, plan) for plan in wanted))
    async with unit_of_work() as work:
        deck = await work.session.get_one(Deck, deck_id)
    plan = scheduling.plan_of(deck)
    assert plan in wanted
    new = Place(new_schedule(TODAY))
    for one in ids:
        expected = replay(new, await log_of(one), card_id=one, plan=plan)
        assert scheduling.place_of(await row_of(one)) == expected


async def test_thousands_of_cards_are_planned_anew_at_once(student) -> None:
    deck_id = await make_deck(student, "Latin")
    count = scheduling.AT_ONCE + 500
    tomorrow = TODAY + timedelta(days=1)
    made = [
        Card(
            account_id=student.account_id,
            deck_id=deck_id,
            kind="basic",
            front="canis",
            back="dog",
            due_on=tomorrow,
            interval_days=1,
            repetitions=1,
            turn=1,
            created_at=NOON,
        )
        for _ in range(count)
    ]
    async with unit_of_work() as work:
        work.session.add_all(made)
        work.session.add_all([first_good(card) for card in made])
    before = await places()
    assert await switch(student, deck_id, FSRS) == count
    planned = await places()
    assert {one["interval_days"] for one in planned.values()} == {2}
    assert len(planned) == count
    await switch(student, deck_id, SM2)
    assert await places() == before


def first_good(card: Card) -> ReviewLog:
    return ReviewLog(
        account_id=card.account_id,
        card_id=card.id,
        turn=0,
        grade=GOOD,
        day=TODAY,
        drill=False,
        elapsed_ms=1_000,
        easiness_before=250,
        easiness_after=250,
        interval_before=0,
        interval_after=1,
        repetitions_before=0,
        repetitions_after=1,
        created_at=NOON,
    )


async def settings_of(student, key) -> tuple[str, int, int]:
    async with unit_of_work() as work:
        found = await deck_settings.get_settings(work, student=student, key=key, now=NOON)
    return found.scheduler, found.retention, found.cards


async def test_a_course_can_choose_before_its_first_card(student) -> None:
    course = await make_course(student)
    key = f"course:{course.id}"
    assert await settings_of(student, key) == ("sm2", 90, 0)
    async with unit_of_work() as work:
        await decks.choose_plan(
            work,
            account_id=student.account_id,
            pile=Pile(course_id=course.id),
            plan=Plan(Scheduler.FSRS, 80),
            now=NOON,
        )
    assert await settings_of(student, key) == ("fsrs", 80, 0)
    card = await make_card(student, await make_lecture(student, course=course))
    await grade(student, card.id, EASY, turn=0)
    assert (await row_of(card.id)).stability is not None
    assert await settings_of(student, key) == ("fsrs", 80, 1)


async def test_another_students_deck_is_not_there(student, other_student) -> None:
    deck_id, _ = await studied_deck(student, count=1)
    course, before = await make_course(student), await places()
    with pytest.raises(NotFoundError):
        await switch(other_student, deck_id, FSRS)
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await decks.choose_plan(
                work,
                account_id=other_student.account_id,
                pile=Pile(course_id=course.id),
                plan=FSRS,
                now=NOON,
            )
        for key in (f"deck:{deck_id}", f"course:{course.id}", "", None, 7):
            with pytest.raises(NotFoundError):
                await deck_settings.get_settings(
                    work, student=other_student, key=key, now=NOON
                )
    assert await places() == before


async def test_the_database_holds_a_deck_to_its_bounds(student) -> None:
    deck_id = await make_deck(student, "Latin")
    with pytest.raises(IntegrityError, match="retention_in_bounds"):
        async with unit_of_work() as work:
            (await work.session.get_one(Deck, deck_id)).retention = 98
