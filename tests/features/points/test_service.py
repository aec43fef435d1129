from datetime import date, timedelta

from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service
from studymaster.models import PointsEntry
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


async def test_an_entry_belongs_to_the_students_own_day(student) -> None:
    await award(student, cause="late", now=NOON + timedelta(hours=15, minutes=59))
    await award(student, cause="early", now=NOON + timedelta(hours=16))
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(PointsEntry))).all()
    days = {row.cause: row.day for row in rows}
    assert days == {"late": date(2030, 1, 16), "early": date(2030, 1, 17)}
