"""A promise is settled by the log: kept once enough is done, missed when time is up."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import delete, select

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accounts.schemas import Student
from studymaster.models import BuddyLink, Notification, ReviewLog
from tests.conftest import NOON
from tests.features.accountability.weeks import (
    achievement,
    balance,
    befriend,
    close,
    look,
    pledges,
    promise,
    review,
)
from tests.features.points.log import focused, keep, ledger

AFTER = NOON + timedelta(days=3)
SOON = NOON + timedelta(minutes=1)


async def told(student: Student) -> list[str]:
    async with unit_of_work() as work:
        rows = await work.session.exec(
            select(Notification).where(Notification.account_id == student.account_id)
        )
        return [row.title for row in rows.all()]


async def take_stock(student: Student, *, now: datetime = SOON) -> None:
    async with unit_of_work() as work:
        await service.take_stock(work, account_ids=[student.account_id], now=now)


async def won(student: Student) -> list[int]:
    """Return the student's gains; idle days that took some of them stand beside."""
    return [line.amount for line in await ledger(student) if line.amount > 0]


@pytest.fixture
async def jonas(student, other_student) -> Student:
    """Mina's buddy."""
    await befriend(student, other_student)
    return other_student


async def test_a_promise_is_kept_as_soon_as_enough_is_done_and_both_are_told(
    student, jonas
) -> None:
    await promise(student, jonas, days=7)
    await review(student, 19)
    await take_stock(student)
    assert await balance(student.account_id) == 0
    await review(student, 1)
    await take_stock(student)
    (own,), (seen,) = (await pledges(student))[0], (await pledges(jonas))[1]
    assert (own.state, own.when, seen.state) == ("kept", "kept on Wed 16 Jan", "kept")
    assert await balance(student.account_id) == 25
    assert await balance(jonas.account_id) == 0
    (line,) = await ledger(student)
    assert (line.sentence, line.day) == (
        "You kept a pledge: 20 cards until Tue 22 Jan.",
        NOON.date(),
    )
    assert (await told(student)).count("You kept your pledge") == 1
    assert (await told(jonas)).count("Mina Aalto kept their pledge") == 1


async def test_settled_by_several_at_once_it_pays_once(student, jonas) -> None:
    await promise(student, jonas)
    await review(student, 20)
    await asyncio.gather(*(take_stock(student) for _ in range(4)), look(student, now=SOON))
    await close(student, now=AFTER)
    assert await won(student) == [25]
    assert (await told(jonas)).count("Mina Aalto kept their pledge") == 1


async def test_looking_at_the_page_settles_it_and_its_achievement(student, jonas) -> None:
    await promise(student, jonas)
    await review(student, 20)
    assert (await look(student, now=SOON)).figures.points == "25"
    assert (await achievement(student, "pledge-1", now=SOON)).reached_on == "16 Jan 2030"


async def test_a_kept_promise_stays_kept_when_an_answer_is_taken_back(
    student, jonas
) -> None:
    await promise(student, jonas)
    await review(student, 20)
    await take_stock(student)
    async with unit_of_work() as work:
        await work.session.exec(delete(ReviewLog))
    await close(student, now=AFTER)
    (own,), _ = await pledges(student, now=AFTER)
    assert (own.state, own.counted) == ("kept", "20 of 20 cards reviewed")
    assert await won(student) == [25]


async def test_what_was_done_before_the_promise_never_pays(student, jonas) -> None:
    await review(student, 24, at=NOON - timedelta(minutes=1))
    await promise(student, jonas, days=1)
    await take_stock(student)
    await close(student, now=AFTER)
    (own,), _ = await pledges(student, now=AFTER)
    assert (own.state, own.progress) == ("missed", 0)
    assert await balance(student.account_id) == 0


async def test_a_focus_session_that_is_under_way_is_no_part_of_a_new_promise(
    student, jonas
) -> None:
    await promise(student, jonas, kind="focus_minutes", amount=30)
    await keep(focused(student, NOON + timedelta(minutes=1), minutes=60))
    await take_stock(student, now=NOON + timedelta(minutes=2))
    (own,), _ = await pledges(student)
    assert (own.state, own.progress) == ("open", 0)
    half_past = NOON + timedelta(minutes=30)
    await keep(focused(student, half_past, minutes=30))
    await take_stock(student, now=half_past)
    (own,), _ = await pledges(student, now=half_past)
    assert (own.state, own.progress) == ("kept", 30)


async def test_a_missed_promise_costs_nothing_and_both_are_told(student, jonas) -> None:
    await promise(student, jonas, kind="focus_minutes", amount=30)
    await keep(focused(student, NOON + timedelta(minutes=29), minutes=29))
    await close(student, now=AFTER - timedelta(days=1))
    assert (await pledges(student))[0][0].state == "open"
    await close(student, now=AFTER)
    (own,), (seen,) = (
        (await pledges(student, now=AFTER))[0],
        (await pledges(jonas, now=AFTER))[1],
    )
    assert (own.state, own.progress, seen.state) == ("missed", 29, "missed")
    assert own.when == "missed on Fri 18 Jan"
    assert await balance(student.account_id) == 0
    assert "You missed your pledge" in await told(student)
    assert "Mina Aalto missed their pledge" in await told(jonas)


async def test_what_is_done_after_the_last_day_comes_too_late(student, jonas) -> None:
    await promise(student, jonas, days=1)
    await review(student, 20, at=NOON + timedelta(days=1))
    await take_stock(student, now=NOON + timedelta(days=1))
    await close(student, now=AFTER)
    (own,), _ = await pledges(student, now=AFTER)
    assert (own.state, own.progress) == ("missed", 0)


async def test_who_is_no_buddy_any_more_learns_nothing(student, jonas) -> None:
    await promise(student, jonas)
    async with unit_of_work() as work:
        await work.session.exec(delete(BuddyLink))
    assert await pledges(jonas) == ([], [])
    await review(student, 20)
    await close(student, now=AFTER)
    assert await told(jonas) == ["Mina Aalto made you a pledge"]
    assert await balance(student.account_id) == 25
