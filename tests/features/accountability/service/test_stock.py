"""Challenges and achievements are booked once, when the log has earned them."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.accountability import service
from studymaster.features.accountability.service.stock import (
    finish_challenges,
    reach_achievements,
)
from studymaster.features.accounts.schemas import Student
from studymaster.models import Notification
from tests.conftest import NOON
from tests.features.accountability.weeks import (
    achievement,
    balance,
    challenge,
    close,
    look,
    review,
)
from tests.features.points.log import focused, keep, ledger

CODE = "reviews-100"
LAST_MONDAY = NOON - timedelta(days=2)


async def join(student: Student, code: str = CODE, *, now=NOON) -> None:
    async with unit_of_work() as work:
        await service.join_challenge(work, student=student, code=code, now=now)


async def stock(student: Student, *, now=NOON) -> None:
    account_id = student.account_id
    async with unit_of_work() as work:
        today = {account_id: student.day_of(now)}
        await finish_challenges(work, today=today, now=now)
        await reach_achievements(work, streaks={account_id: 0}, now=now)


async def told(student: Student) -> list[str]:
    async with unit_of_work() as work:
        rows = await work.session.exec(
            select(Notification).where(Notification.account_id == student.account_id)
        )
        return [row.title for row in rows.all()]


async def test_a_challenge_counts_since_monday_and_pays_once(student) -> None:
    await review(student, 60, at=LAST_MONDAY)
    await review(student, 500, at=LAST_MONDAY - timedelta(days=1))
    await join(student)
    one = await challenge(student, CODE)
    assert (one.joined, one.done, one.progress, one.goal) == (True, False, 60, 100)
    await review(student, 40)
    for _ in range(3):
        await stock(student)
    assert await balance(student.account_id) == 40
    assert (await told(student)).count("Challenge done: A hundred cards") == 1
    (line,) = await ledger(student)
    assert line.sentence == "You finished the challenge “A hundred cards”."


async def test_a_challenge_nobody_took_on_pays_nothing(student) -> None:
    await review(student, 100)
    await stock(student)
    assert await balance(student.account_id) == 0
    assert (await challenge(student, CODE)).progress == 100


async def test_a_challenge_met_before_it_is_taken_on_says_so(student) -> None:
    await review(student, 99)
    one = await challenge(student, CODE)
    assert (one.met, one.words) == (False, "99 of 100 cards reviewed")
    await review(student, 2)
    one = await challenge(student, CODE)
    assert (one.met, one.joined, one.done) == (True, False, False)
    assert one.words == "100 of 100 cards reviewed"
    await join(student)
    assert (await challenge(student, CODE)).done


async def test_taking_it_on_twice_at_once_is_taking_it_on_once(student) -> None:
    await asyncio.gather(*(join(student) for _ in range(5)))
    await review(student, 100)
    await asyncio.gather(*(stock(student) for _ in range(5)))
    assert await balance(student.account_id) == 40
    assert (await challenge(student, CODE)).done


@pytest.mark.parametrize("code", ["", "reviews-1000000", "review-1", "\x00", "x" * 5000])
async def test_a_challenge_that_does_not_exist_cannot_be_taken_on(
    student, code: str
) -> None:
    with pytest.raises(NotFoundError):
        await join(student, code)


async def test_what_was_done_on_sunday_night_counts_when_sunday_is_closed(student) -> None:
    sunday = NOON + timedelta(days=4)
    await join(student)
    await review(student, 100, at=sunday)
    await close(student, now=sunday + timedelta(days=3))
    assert "Challenge done: A hundred cards" in await told(student)
    line = next(row for row in await ledger(student) if row.amount == 40)
    assert line.day == sunday.date()
    week_after = sunday + timedelta(days=1)
    assert (await challenge(student, CODE, now=week_after)).joined is False


async def test_an_achievement_is_kept_with_its_day(student, other_student) -> None:
    locked = await achievement(student, "focus-25")
    assert (locked.reached_on, locked.progress, locked.goal) == ("", 0, 25)
    await keep(focused(student, NOON, minutes=25))
    await asyncio.gather(*(stock(student) for _ in range(4)))
    later = NOON + timedelta(days=9)
    found = await achievement(student, "focus-25", now=later)
    assert (found.reached_on, found.progress) == ("16 Jan 2030", 25)
    assert await told(student) == ["Achievement: First focus"]
    assert (await achievement(other_student, "focus-25")).reached_on == ""


async def test_looking_at_the_page_takes_stock(student) -> None:
    await review(student, 1)
    await look(student)
    assert await told(student) == ["Achievement: First card"]


async def test_a_challenge_that_is_taken_on_is_shown_as_such_at_once(student) -> None:
    assert not (await challenge(student, CODE)).joined
    await join(student)
    assert (await challenge(student, CODE)).joined
