"""What students reach is theirs soon after they earned it, whatever page they are on."""

from datetime import timedelta

from sqlmodel import select

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accounts.schemas import Student
from studymaster.jobs import JobName
from studymaster.models import Account, Achievement, Notification
from tests.conftest import NOON, make_student
from tests.features.accountability.weeks import befriend, promise
from tests.features.points.log import answers, arrive, earned, focused, keep, ledger
from tests.jobs import carry_out
from tests.workers.told import host_was_told
from workers import accountability as jobs
from workers.schedule import RECURRING


async def learn(student: Student, *, at=NOON, count: int = 1) -> None:
    await keep(*answers(student, at, count=count), earned(student, at, 2))


async def reached(student: Student) -> set[str]:
    async with unit_of_work() as work:
        rows = await work.session.exec(
            select(Achievement).where(Achievement.account_id == student.account_id)
        )
        return {row.code for row in rows.all()}


async def test_the_first_card_is_an_achievement_before_any_page_is_opened(
    student, other_student
) -> None:
    await learn(student)
    for _ in range(2):
        await carry_out(jobs.take_stock)
    assert await reached(student) == {"review-1"}
    assert await reached(other_student) == set()
    async with unit_of_work() as work:
        (told,) = (await work.session.exec(select(Notification))).all()
    assert (told.account_id, told.title) == (student.account_id, "Achievement: First card")


def test_it_is_looked_for_more_than_once_a_minute() -> None:
    (seconds,) = (one.every_seconds for one in RECURRING if one.job is JobName.TAKE_STOCK)
    assert seconds < 60
    assert timedelta(seconds=2 * seconds) < jobs.LOOK_BACK


async def test_a_streak_counts_as_soon_as_its_day_is_active(student) -> None:
    await arrive(student, NOON - timedelta(days=6))
    for days in range(7):
        await learn(student, at=NOON - timedelta(days=days))
    await carry_out(jobs.take_stock)
    assert await reached(student) == {"review-1", "streak-7"}


async def test_focus_and_a_challenge_are_booked_too(student) -> None:
    async with unit_of_work() as work:
        await service.join_challenge(work, student=student, code="focus-150", now=NOON)
    await keep(focused(student, NOON, minutes=150), earned(student, NOON, 30))
    for _ in range(2):
        await carry_out(jobs.take_stock)
    assert await reached(student) == {"focus-25", "challenge-1"}
    assert sorted(row.amount for row in await ledger(student)) == [30, 30]


async def test_a_pledge_is_settled_before_its_time_is_up(student, other_student) -> None:
    await befriend(student, other_student)
    await promise(student, other_student, days=7)
    await learn(student, count=20)
    for _ in range(2):
        await carry_out(jobs.take_stock)
    assert await reached(student) == {"review-1", "pledge-1"}
    assert sorted(row.amount for row in await ledger(student)) == [2, 25]


async def test_who_earned_nothing_lately_is_left_alone(student, monkeypatch) -> None:
    await learn(student)
    later = NOON + jobs.LOOK_BACK + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    await carry_out(jobs.take_stock)
    assert await reached(student) == set()


async def test_more_students_than_fit_together_all_get_theirs(empty_database) -> None:
    students = [
        await make_student(f"Student {place}") for place in range(jobs.TOGETHER + 1)
    ]
    for one in students:
        await learn(one)
    await carry_out(jobs.take_stock)
    assert [await reached(one) for one in students] == [{"review-1"}] * len(students)


async def test_one_student_whose_clock_is_broken_does_not_stop_the_others(
    student, other_student
) -> None:
    for one in (student, other_student):
        await learn(one)
    async with unit_of_work() as work:
        row = await work.session.get(Account, student.account_id)
        assert row is not None
        row.time_zone = "Nowhere/At_All"
    await carry_out(jobs.take_stock)
    assert (await reached(student), await reached(other_student)) == (set(), {"review-1"})
    (told,) = await host_was_told()
    assert (told.task, told.arguments) == (
        JobName.TAKE_STOCK,
        f"account_id={student.account_id}",
    )
