"""The ledger: every point once, for good, with its sentence."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import delete, select

from studymaster.adapters import cache
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service
from studymaster.jobs import JobName
from studymaster.models import Account, PointsEntry
from studymaster.paging import Window
from tests.conftest import NOON


async def award(student: Student, *, cause: str, amount: int = 2, now=NOON) -> bool:
    async with unit_of_work() as work:
        return await service.award(
            work,
            student=student,
            amount=amount,
            cause=cause,
            sentence="You reviewed a card.",
            now=now,
        )


async def balance(student: Student) -> int:
    async with unit_of_work() as work:
        return await service.balance(work, account_id=student.account_id)


async def test_a_balance_is_the_sum_of_its_entries(student) -> None:
    assert await balance(student) == 0
    await award(student, cause="one", amount=2)
    await award(student, cause="two", amount=5)
    assert await balance(student) == 7


async def test_a_cause_is_booked_once(student) -> None:
    assert await award(student, cause="review:1") is True
    assert await award(student, cause="review:1") is False
    assert await balance(student) == 2


async def test_the_same_cause_counts_for_each_student(student, other_student) -> None:
    assert await award(student, cause="review:1")
    assert await award(other_student, cause="review:1")


async def take_back(student: Student, *, cause: str, now=NOON) -> int:
    async with unit_of_work() as work:
        return await service.take_back(
            work, student=student, cause=cause, sentence="You took it back.", now=now
        )


async def test_points_are_taken_back_once_and_can_be_won_again(student) -> None:
    assert await take_back(student, cause="one") == 0
    await award(student, cause="one")
    assert [await take_back(student, cause="one") for _ in range(2)] == [2, 0]
    assert await balance(student) == 0
    assert await award(student, cause="one", amount=1)
    assert not await award(student, cause="one")
    assert await take_back(student, cause="one") == 1
    assert await balance(student) == 0


async def test_taking_back_concerns_one_cause_one_student_and_one_day(
    student, other_student
) -> None:
    for cause in ("one", "one more"):
        await award(student, cause=cause)
    await award(other_student, cause="one")
    tomorrow = NOON + timedelta(days=1)
    assert await take_back(student, cause="one", now=tomorrow) == 0
    assert not await award(student, cause="one", now=tomorrow)
    assert await take_back(student, cause="one") == 2
    assert (await balance(student), await balance(other_student)) == (2, 2)


async def test_taken_back_and_won_at_once_points_stay_whole(student) -> None:
    await award(student, cause="one")
    taken = await asyncio.gather(*(take_back(student, cause="one") for _ in range(4)))
    assert sorted(taken) == [0, 0, 0, 2]
    won = await asyncio.gather(*(award(student, cause="one") for _ in range(4)))
    assert sorted(won) == [False] * 3 + [True]
    assert await balance(student) == 2


async def test_an_entry_belongs_to_the_students_own_day(student) -> None:
    await award(student, cause="late", now=NOON + timedelta(hours=15, minutes=59))
    await award(student, cause="early", now=NOON + timedelta(hours=16))
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(PointsEntry))).all()
    days = {row.cause: row.day for row in rows}
    assert days == {"late": date(2030, 1, 16), "early": date(2030, 1, 17)}


async def test_two_at_once_book_a_cause_once(student) -> None:
    booked = await asyncio.gather(*(award(student, cause="same") for _ in range(8)))
    assert sorted(booked) == [False] * 7 + [True]
    assert await balance(student) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pointsentry SET amount = 1000",
        "UPDATE pointsentry SET sentence = 'Better.'",
        "DELETE FROM pointsentry",
    ],
)
async def test_the_ledger_can_only_grow(student, statement: str) -> None:
    await award(student, cause="one")
    with pytest.raises(IntegrityError, match="append-only"):
        async with unit_of_work() as work:
            await work.session.exec(text(statement))
    assert await balance(student) == 2


async def test_the_ledger_of_a_deleted_account_goes_with_it(student, other_student) -> None:
    await award(student, cause="one")
    await award(other_student, cause="one")
    async with unit_of_work() as work:
        await work.session.exec(delete(Account).where(Account.id == student.account_id))
    assert (await balance(student), await balance(other_student)) == (0, 2)


async def test_booked_points_are_told_and_end_what_was_kept(student, sent) -> None:
    made = []

    async def make() -> int:
        made.append(await balance(student))
        return made[-1]

    async def look() -> int:
        return await cache.kept(
            Kept.STATISTICS, str(student.account_id), "sum", shape=int, make=make
        )

    assert [await look(), await look()] == [0, 0]
    await award(student, cause="one")
    assert [await look(), await look(), len(made)] == [2, 2, 2]
    assert [job.name for job in sent] == [JobName.REFRESH_LEADERBOARD]
    await award(student, cause="one")
    assert len(sent) == 1
    await take_back(student, cause="one")
    assert [await look(), len(sent)] == [0, 2]


async def test_the_ledger_is_listed_by_day_and_in_stretches(student, other_student) -> None:
    for day in range(7):
        for turn in range(2):
            await award(
                student, cause=f"{day}:{turn}", amount=day, now=NOON + timedelta(days=day)
            )
    await award(other_student, cause="not Mina's")
    seen, offset = [], 0
    while offset is not None:
        async with unit_of_work() as work:
            found = await service.list_entries(
                work, account_id=student.account_id, window=Window(offset, 5)
            )
        seen += found.items
        offset = found.next_offset
    assert [line.amount for line in seen] == [6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0]
    assert {line.sentence for line in seen} == {"You reviewed a card."}
    assert len({line.id for line in seen}) == 14
