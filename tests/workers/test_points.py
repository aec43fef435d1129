"""The end of students' days, as the worker closes them in a real database."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters import bus, clock
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import rules
from studymaster.features.points import service as points
from studymaster.jobs import JobName
from studymaster.models import Account, ClosedDay, FocusState, Notification
from tests.conftest import NOON, make_student
from tests.features.points.golden import DAY_START_HOUR, THIRTY_DAYS, ZONE, GoldenDay, read
from tests.features.points.log import (
    answers,
    arrive,
    closed,
    earned,
    focused,
    keep,
    ledger,
)
from tests.jobs import carry_out
from tests.statements import asked
from tests.workers.told import host_was_told
from workers import points as jobs

TABLE = read(THIRTY_DAYS)
QUARTER = timedelta(minutes=15)


def end_of(day: date) -> datetime:
    return rules.end_of_day(day, time_zone=ZONE, day_start_hour=DAY_START_HOUR)


def after(day: date) -> datetime:
    """The first quarter of an hour at which a day can be closed."""
    return end_of(day) + QUARTER


def moments(first: int, last: int) -> list[datetime]:
    """When a job runs that comes once after each of some days of the table."""
    return [after(row.day) for row in TABLE[first:last]]


@pytest.fixture
async def mina(empty_database: None) -> Student:
    """A student in Berlin, and all that she does in thirty days.

    What she does on even days happens in the first second of the day, and on odd days in
    the last.
    """
    student = await make_student("Mina Aalto", time_zone=ZONE)
    await arrive(student, end_of(TABLE[0].day - timedelta(days=1)))
    for row in TABLE:
        start, end = end_of(row.day - timedelta(days=1)), end_of(row.day)
        at = start if row.day.day % 2 == 0 else end - timedelta(seconds=1)
        await keep(*rows_of(student, row, at))
    return student


def rows_of(student: Student, row: GoldenDay, at: datetime) -> Iterable[object]:
    yield from answers(student, at, count=row.reviews)
    if row.minutes:
        yield focused(student, at, minutes=row.minutes)
    if row.earned:
        yield earned(student, at, row.earned)


async def run_at(monkeypatch, *times: datetime) -> None:
    for moment in times:
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        await carry_out(jobs.close_days)


async def told(student: Student) -> list[GoldenDay]:
    """Read the table back from what the worker wrote, and from nothing else."""
    days, lines = await closed(student), await ledger(student)
    return [
        GoldenDay(
            day=day.day,
            reviews=row.reviews,
            minutes=row.minutes,
            earned=row.earned,
            fate=fate_of(day),
            streak=day.streak,
            freezes=day.freezes,
            lost=day.decay,
            balance=sum(line.amount for line in lines if line.day <= day.day),
        )
        for day, row in zip(days, TABLE, strict=True)
    ]


def fate_of(day: ClosedDay) -> str:
    flags = {"active": day.active, "frozen": day.frozen, "spared": day.spared}
    return next((name for name, holds in flags.items() if holds), "idle")


RUNS = {
    "once after each day": moments(0, 30),
    "twice after each day": sorted([*moments(0, 30), *moments(0, 30)]),
    "every quarter of an hour around the change of the clocks": [
        *moments(0, 18),
        *(after(TABLE[18].day) + n * QUARTER for n in range(200)),
        *moments(20, 30),
    ],
    "missed for a week": [*moments(0, 9), *moments(16, 30)],
    "missed for all thirty days": moments(29, 30),
    "late on every day": [moment + timedelta(hours=19) for moment in moments(0, 30)],
}


@pytest.mark.parametrize("times", RUNS.values(), ids=RUNS)
async def test_thirty_days_end_alike_however_often_and_late_the_job_runs(
    mina: Student, times, monkeypatch
) -> None:
    await run_at(monkeypatch, *times)
    assert await told(mina) == TABLE
    decays = [line for line in await ledger(mina) if line.amount < 0]
    assert [(line.day, -line.amount) for line in decays] == [
        (row.day, row.lost) for row in TABLE if row.lost
    ]
    assert all(f"{line.day:%a %-d %b} went by" in line.sentence for line in decays)


async def test_two_workers_at_once_close_each_day_once(mina: Student, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: after(TABLE[-1].day))
    await asyncio.gather(*(carry_out(jobs.close_days) for _ in range(4)))
    assert await told(mina) == TABLE


async def test_a_day_is_closed_ten_minutes_after_its_end(
    mina: Student, monkeypatch
) -> None:
    end, seen = end_of(TABLE[3].day), []
    for late in (timedelta(seconds=-1), timedelta(minutes=9), timedelta(minutes=10)):
        await run_at(monkeypatch, end + late)
        seen.append(len(await closed(mina)))
    assert seen == [3, 3, 4]


async def test_the_streak_is_right_while_days_wait_to_be_closed(
    mina: Student, monkeypatch
) -> None:
    await run_at(monkeypatch, after(TABLE[5].day))
    for row in TABLE[8:20]:
        async with unit_of_work() as work:
            stands = await points.standing(
                work, student=mina, now=end_of(row.day) - timedelta(milliseconds=1)
            )
        view = stands.streak
        assert (view.days, view.active_today) == (row.streak, row.fate == "active")
    assert len(await closed(mina)) == 6


async def test_a_new_students_days_begin_with_their_first(monkeypatch, student) -> None:
    await run_at(monkeypatch, NOON + timedelta(hours=10))
    assert await closed(student) == []
    await run_at(monkeypatch, NOON + timedelta(days=2))
    assert [(row.day, row.streak, row.decay) for row in await closed(student)] == [
        (date(2030, 1, 16), 0, 0),
        (date(2030, 1, 17), 0, 0),
    ]


async def test_every_student_is_closed_by_their_own_clock(
    empty_database, monkeypatch
) -> None:
    zones = ["Pacific/Kiritimati", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago"]
    students = [await make_student(zone, time_zone=zone) for zone in zones]
    for one in students:
        await arrive(one, datetime(2030, 1, 10, 12, tzinfo=NOON.tzinfo))
    await run_at(monkeypatch, NOON)
    last = [(await closed(one))[-1].day.day for one in students]
    # At noon UTC on 16 January it is 2 a.m. on the 17th in Kiritimati: still the 16th.
    assert last == [15, 15, 15, 14]


async def test_what_is_wrong_with_one_student_does_not_stop_the_others(
    student, other_student, monkeypatch
) -> None:
    real = points.close_days

    async def close_days(work, *, account_ids: Sequence[UUID], now: datetime):
        found = await real(work, account_ids=account_ids, now=now)
        if student.account_id in account_ids:
            msg = "broken"
            raise RuntimeError(msg)
        return found

    monkeypatch.setattr(points, "close_days", close_days)
    await run_at(monkeypatch, NOON + timedelta(days=1))
    assert (await closed(student), len(await closed(other_student))) == ([], 1)
    (told,) = await host_was_told()
    assert (told.task, told.arguments) == (
        JobName.CLOSE_DAYS,
        f"account_id={student.account_id}",
    )


async def test_more_students_than_a_batch_are_all_closed(
    empty_database, monkeypatch, sent
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 5)
    monkeypatch.setattr(jobs, "TOGETHER", 2)
    students = [await make_student(f"Student {n}") for n in range(8)]
    await run_at(monkeypatch, NOON + timedelta(days=1))
    assert [len(await closed(one)) for one in students] == [1] * 8
    assert [job.name for job in sent].count(JobName.REFRESH_LEADERBOARD) == 1


async def test_who_is_closed_together_keeps_each_their_own_days(
    student, other_student, monkeypatch
) -> None:
    await keep(*answers(student, NOON), earned(student, NOON, 100))
    await keep(earned(other_student, NOON, 1000))
    await run_at(monkeypatch, NOON + timedelta(days=1))
    (active,), (idle,) = await closed(student), await closed(other_student)
    assert (active.active, active.streak, active.decay) == (True, 1, 0)
    assert (idle.active, idle.streak, idle.decay) == (False, 0, 20)


async def test_several_workers_at_once_close_many_students_once(
    empty_database, monkeypatch
) -> None:
    monkeypatch.setattr(jobs, "TOGETHER", 2)
    students = [await make_student(f"Student {n}") for n in range(7)]
    await keep(*[earned(one, NOON, 1000) for one in students])
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    await asyncio.gather(*(carry_out(jobs.close_days) for _ in range(3)))
    assert [len(await closed(one)) for one in students] == [1] * 7
    sums = [sum(line.amount for line in await ledger(one)) for one in students]
    assert sums == [980] * 7


async def test_students_are_closed_together(empty_database, monkeypatch) -> None:
    counts = []
    for number in range(2):
        for place in range(4 + 16 * number):
            await make_student(f"Student {number}.{place}")
        with asked() as statements:
            await run_at(monkeypatch, NOON + timedelta(days=1 + number))
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_a_day_waits_for_the_focus_session_that_began_in_it(
    student, monkeypatch
) -> None:
    session = focused(student, NOON + timedelta(hours=15, minutes=50), minutes=25)
    session.state, session.ended_at = FocusState.RUNNING, None
    session.focused_seconds, session.resumed_at = 0, session.started_at
    await keep(session)
    await run_at(monkeypatch, NOON + timedelta(days=1))
    assert await closed(student) == []
    async with unit_of_work() as work:
        row = await work.session.merge(session)
        row.state, row.resumed_at = FocusState.FINISHED, None
        row.ended_at, row.focused_seconds = NOON + timedelta(hours=15, minutes=50), 1500
    await run_at(monkeypatch, NOON + timedelta(days=1, minutes=15))
    assert [row.active for row in await closed(student)] == [True]


async def move(student: Student, zone: str) -> None:
    async with unit_of_work() as work:
        account = await work.session.get_one(Account, student.account_id)
        account.time_zone = zone


async def test_a_student_who_flies_east_and_rests_loses_nothing(
    empty_database, monkeypatch
) -> None:
    student = await make_student("Leo Faber", time_zone=ZONE)
    await arrive(student, NOON - timedelta(days=3))
    for days in (3, 2, 1, 0):
        at = NOON - timedelta(days=days)
        await keep(*answers(student, at), earned(student, at, 100))
    await run_at(monkeypatch, after(NOON.date()))
    await move(student, "Pacific/Auckland")
    # In Auckland the 17th ends twelve hours after the 16th ended in Berlin.
    await run_at(monkeypatch, NOON + timedelta(days=1, hours=4))
    rows = await closed(student)
    assert [(row.day.day, row.spared, row.streak, row.decay) for row in rows[-2:]] == [
        (16, False, 4, 0),
        (17, True, 4, 0),
    ]


async def test_a_student_who_flies_west_lives_one_long_day(
    empty_database, monkeypatch
) -> None:
    student = await make_student("Leo Faber", time_zone="Pacific/Auckland")
    await arrive(student, NOON - timedelta(days=2))
    await keep(earned(student, NOON - timedelta(days=1), 1000))
    await run_at(monkeypatch, NOON + timedelta(hours=4))  # 5 a.m. on the 17th in Auckland
    before = await closed(student)
    assert before[-1].day.day == 16
    await move(student, ZONE)
    # It is the afternoon of the 16th in Berlin: that date is closed and stays closed.
    at = NOON + timedelta(hours=5)
    there = Student(student.account_id, student.session_id, "Leo", ZONE, DAY_START_HOUR)
    await keep(*answers(there, at))
    async with unit_of_work() as work:
        stands = await points.standing(work, student=there, now=at + timedelta(minutes=1))
    assert (stands.streak.days, stands.streak.active_today) == (1, True)
    await run_at(monkeypatch, after(date(2030, 1, 16)), after(date(2030, 1, 17)))
    rows = await closed(student)
    assert rows[: len(before)] == before
    assert [(row.day.day, row.active, row.streak) for row in rows[len(before) :]] == [
        (17, True, 1)
    ]


async def test_a_freeze_that_saved_a_streak_is_told_once(mina, monkeypatch) -> None:
    frozen = next(row.day for row in TABLE if row.fate == "frozen")
    await run_at(monkeypatch, *(2 * [after(frozen)]))
    async with unit_of_work() as work:
        titles = (await work.session.exec(select(Notification.title))).all()
    saved = [title for title in titles if "freeze" in title]
    assert saved == ["A freeze saved your streak of 7"]


async def test_the_refreshed_leaderboard_is_told_to_everybody(student, monkeypatch) -> None:
    heard: list[News] = []

    async def publish(*news: News) -> None:
        heard.extend(news)

    monkeypatch.setattr(bus, "publish", publish)
    await carry_out(jobs.refresh_leaderboard)
    assert heard == [News(Topic.LEADERBOARD, account_id="")]
