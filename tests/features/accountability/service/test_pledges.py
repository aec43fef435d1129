"""Promises to buddies: made, told, looked at from both sides, taken back."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import delete, select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accountability import service
from studymaster.features.accounts.schemas import Student
from studymaster.features.notifications.service import bell
from studymaster.models import BuddyLink, Notification
from tests.conftest import NOON, make_student
from tests.features.accountability.weeks import (
    balance,
    befriend,
    close,
    pledges,
    promise,
    review,
)

AFTER = NOON + timedelta(days=3)


async def told(student: Student) -> list[str]:
    async with unit_of_work() as work:
        rows = await work.session.exec(
            select(Notification).where(Notification.account_id == student.account_id)
        )
        return [row.title for row in rows.all()]


async def unread(student: Student) -> int:
    async with unit_of_work() as work:
        return (await bell(work, account_id=student.account_id)).unread


async def withdraw(student: Student, pledge_id: str) -> None:
    async with unit_of_work() as work:
        await service.withdraw_pledge(
            work, account_id=student.account_id, pledge_id=UUID(pledge_id), now=NOON
        )


@pytest.fixture
async def jonas(student, other_student) -> Student:
    """Mina's buddy."""
    await befriend(student, other_student)
    return other_student


async def test_a_buddy_sees_the_promise_and_how_far_it_is(student, jonas) -> None:
    await promise(student, jonas)
    await review(student, 5)
    (own,), theirs = await pledges(student)
    assert (own.name, own.words) == ("Jonas Keller", "20 cards until Fri 18 Jan")
    assert (own.progress, own.goal, own.state, own.when) == (5, 20, "open", "2 more days")
    assert theirs == []
    nothing, (seen,) = await pledges(jonas)
    assert (nothing, seen.name, seen.progress) == ([], "Mina Aalto", 5)
    assert await told(jonas) == ["Mina Aalto made you a pledge"]


async def test_what_was_done_before_the_promise_is_no_part_of_it(student, jonas) -> None:
    await review(student, 24, at=NOON - timedelta(minutes=1))
    await promise(student, jonas, days=1)
    (own,), _ = await pledges(student)
    assert (own.progress, own.state, own.when) == (0, "open", "until tonight")


async def test_one_promise_of_a_kind_is_open_at_a_time(student, jonas) -> None:
    made = await asyncio.gather(
        *(promise(student, jonas, amount=20 + more) for more in range(4)),
        return_exceptions=True,
    )
    assert sum(one is None for one in made) == 1
    assert sum(isinstance(one, ConflictError) for one in made) == 3
    await promise(student, jonas, kind="days", amount=2)
    own, _ = await pledges(student)
    assert len(own) == 2


async def test_the_same_promise_sent_twice_at_once_is_one(student, jonas) -> None:
    await asyncio.gather(*(promise(student, jonas) for _ in range(4)))
    own, _ = await pledges(student)
    assert len(own) == 1
    assert len(await told(jonas)) == 1


async def test_the_same_promise_made_and_withdrawn_all_day_is_told_once(
    student, jonas
) -> None:
    for _ in range(3):
        await promise(student, jonas)
        ((own, *_), _) = await pledges(student)
        await withdraw(student, own.id)
    assert len(await told(jonas)) == 1
    assert await unread(jonas) == 0
    await promise(student, jonas, now=NOON + timedelta(days=1))
    assert len(await told(jonas)) == 2


async def test_each_new_promise_is_told_and_waits_until_it_is_taken_back(
    student, jonas
) -> None:
    await promise(student, jonas)
    await promise(student, jonas, kind="days", amount=2)
    assert await told(jonas) == ["Mina Aalto made you a pledge"] * 2
    ((first, second), _) = await pledges(student)
    await withdraw(student, first.id)
    assert await unread(jonas) == 1
    await withdraw(student, second.id)
    assert await unread(jonas) == 0
    await promise(student, jonas, amount=30)
    assert (len(await told(jonas)), await unread(jonas)) == (3, 1)


async def test_a_promise_that_is_kept_makes_room_for_the_next_at_once(
    student, jonas
) -> None:
    await promise(student, jonas)
    await review(student, 20)
    later = NOON + timedelta(minutes=1)
    await promise(student, jonas, now=later)
    own, _ = await pledges(student, now=later)
    assert [(one.state, one.progress) for one in own] == [("open", 0), ("kept", 20)]
    assert await balance(student.account_id) == 25
    made = "Mina Aalto made you a pledge"
    assert sorted(await told(jonas)) == ["Mina Aalto kept their pledge", made, made]


async def test_in_the_moment_before_it_is_settled_a_promise_says_that_it_is_done(
    student, jonas
) -> None:
    await promise(student, jonas)
    await review(student, 20)
    (own,), _ = await pledges(student)
    assert (own.state, own.when) == ("open", "done, points follow")


async def test_a_pledge_says_how_far_it_is_and_whether_anybody_sees_it(
    student, jonas
) -> None:
    await promise(student, jonas, amount=1000)
    await review(student, 5)
    ((own,), _) = await pledges(student)
    assert (own.counted, own.seen) == ("5 of 1,000 cards reviewed", True)
    async with unit_of_work() as work:
        await work.session.exec(delete(BuddyLink))
    ((own,), _) = await pledges(student)
    assert own.seen is False


async def test_only_a_buddy_can_be_promised_to(student, other_student) -> None:
    with pytest.raises(NotFoundError):
        await promise(student, other_student)
    with pytest.raises(NotFoundError):
        await promise(student, student)


async def test_a_promise_can_be_taken_back_by_its_maker_alone(student, jonas) -> None:
    await promise(student, jonas)
    (own,), _ = await pledges(student)
    for stranger in (jonas, await make_student("Leo Faber")):
        with pytest.raises(NotFoundError):
            await withdraw(stranger, own.id)
    await withdraw(student, own.id)
    (taken_back,), _ = await pledges(student)
    assert (taken_back.state, taken_back.when) == ("withdrawn", "withdrawn on Wed 16 Jan")
    assert await pledges(jonas) == ([], [])
    with pytest.raises(NotFoundError):
        await withdraw(student, own.id)
    await review(student, 20)
    await close(student, now=AFTER)
    assert await balance(student.account_id) == 0
