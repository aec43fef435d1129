"""How a student stands today, and the calendar of the days before."""

from datetime import date, timedelta

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service
from studymaster.features.points.schemas import DayMark, Standing, StreakView
from tests.conftest import NOON
from tests.features.points.log import answers, arrive, closed, earned, focused, keep

A_DAY = timedelta(days=1)


async def standing(student: Student, now=NOON) -> Standing:
    async with unit_of_work() as work:
        return await service.standing(work, student=student, now=now)


def stands(balance: int, days: int, freezes: int, **rest) -> Standing:
    view = StreakView(days, freezes, active_today=False)
    return Standing(balance, view, **{"loss": 0, "covered": False} | rest)


async def close(student: Student, now=NOON) -> int:
    async with unit_of_work() as work:
        endings = await service.close_days(work, account_ids=[student.account_id], now=now)
    return len(endings.get(student.account_id, []))


async def calendar(student: Student, now=NOON, *, weeks: int) -> list[DayMark]:
    async with unit_of_work() as work:
        present = await service.get_present(work, student=student, now=now)
        return await service.calendar(work, student=student, weeks=weeks, present=present)


async def test_a_new_student_has_nothing_to_lose(student) -> None:
    assert await standing(student) == stands(0, 0, 0)


async def test_an_idle_day_says_what_it_will_cost(student) -> None:
    await keep(earned(student, NOON - timedelta(minutes=1), 1284))
    assert await standing(student) == stands(1284, 0, 0, loss=26)


async def test_one_review_or_ten_focused_minutes_make_a_day_active(
    student, other_student
) -> None:
    await keep(*answers(student, NOON - timedelta(hours=1)))
    assert (await standing(student)).streak == StreakView(1, 0, active_today=True)
    await keep(focused(other_student, NOON, minutes=9))
    now = NOON + timedelta(minutes=30)
    assert (await standing(other_student, now)).streak == StreakView(
        0, 0, active_today=False
    )
    await keep(focused(other_student, now - timedelta(minutes=1), minutes=1))
    assert (await standing(other_student, now)).streak == StreakView(
        1, 0, active_today=True
    )


async def test_seven_active_days_bring_a_freeze_that_covers_the_eighth(student) -> None:
    await arrive(student, NOON - 7 * A_DAY)
    for days in range(1, 8):
        await keep(*answers(student, NOON - days * A_DAY))
    await keep(earned(student, NOON - A_DAY, 500))
    assert await standing(student) == stands(500, 7, 1, covered=True)
    assert await close(student) == 7
    assert await standing(student) == stands(500, 7, 1, covered=True)


async def test_what_somebody_else_learns_moves_no_streak(student, other_student) -> None:
    await keep(*answers(other_student, NOON), earned(other_student, NOON, 100))
    assert await standing(student) == stands(0, 0, 0)


async def test_two_years_of_absence_are_caught_up_in_steps(student) -> None:
    await arrive(student, NOON - 730 * A_DAY)
    await keep(earned(student, NOON - 729 * A_DAY, 1000))
    steps = []
    while count := await close(student):
        steps.append(count)
    assert (sum(steps), max(steps)) == (730, 62)
    rows = await closed(student)
    assert len({row.day for row in rows}) == 730
    assert (await standing(student)).balance == 0


async def test_the_calendar_shows_each_day_as_it_was(student) -> None:
    await arrive(student, NOON - 3 * A_DAY)
    await keep(*answers(student, NOON - 3 * A_DAY))
    await keep(earned(student, NOON - 3 * A_DAY, 100))
    await close(student, now=NOON - A_DAY)
    days = await calendar(student, weeks=2)
    assert len(days) == 14
    assert days[0].day == date(2030, 1, 7)
    shown = {mark.day.day: (mark.state, mark.words) for mark in days}
    assert [shown[day] for day in (12, 13, 14, 15, 16, 17)] == [
        ("none", "Sat 12 Jan"),
        ("active", "Sun 13 Jan: active"),
        ("idle", "Mon 14 Jan: idle, 2 points faded"),
        ("idle", "Tue 15 Jan: idle, 2 points faded"),
        ("open", "Wed 16 Jan: today, nothing yet"),
        ("ahead", "Thu 17 Jan"),
    ]
    await keep(*answers(student, NOON))
    days = await calendar(student, NOON + timedelta(minutes=1), weeks=1)
    assert days[2] == DayMark(date(2030, 1, 16), "active", "Wed 16 Jan: active")
