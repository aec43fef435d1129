import asyncio
from datetime import timedelta

import pytest

from studymaster.adapters import bus
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.focus import service as focus
from studymaster.models import Preferences
from tests.conftest import NOON
from tests.features.focus.desk import after, row_of, start, step, told
from tests.features.library.shelf import make_course


async def settle(student, now) -> bool:
    async with unit_of_work() as work:
        return await focus.settle(work, student=student, now=now)


@pytest.fixture
def news(monkeypatch) -> list[bus.News]:
    heard: list[bus.News] = []

    async def hear(*ones: bus.News) -> None:
        heard.extend(ones)

    monkeypatch.setattr(bus, "publish", hear)
    return heard


async def test_a_session_ends_at_its_end_whenever_somebody_looks(student) -> None:
    session_id = await start(student, rounds=2)
    assert not await settle(student, after(54, seconds=59.9))
    assert await settle(student, after(300))
    row = await row_of(session_id)
    assert (row.state, row.ended_at) == ("finished", after(55))
    assert (row.focused_seconds, row.spent) == (3000, timedelta(minutes=55))


async def test_the_end_is_told_and_paid_once(student, news) -> None:
    session_id = await start(student, focus=50)
    news.clear()
    assert [await settle(student, after(50)) for _ in range(3)] == [True, False, False]
    (line,), (notice,) = await told()
    assert (line.amount, line.cause) == (10, f"focus:{session_id}")
    assert line.sentence == "You focused for 50 min."
    assert notice.title == "Focus session finished: 50 min"
    assert (notice.kind, notice.path) == ("focus", "/focus")
    assert notice.text.startswith("10 points are yours.")
    assert [one.topic for one in news].count(Topic.FOCUS) == 1


async def test_many_who_look_at_once_end_it_once(student) -> None:
    await start(student)
    ended = await asyncio.gather(*[settle(student, after(25)) for _ in range(6)])
    assert sorted(ended) == [False] * 5 + [True]
    ledger, inbox = await told()
    assert (len(ledger), len(inbox)) == (1, 1)


async def test_a_pause_is_no_end(student) -> None:
    session_id = await start(student)
    await step("pause", student, session_id, after(20))
    assert not await settle(student, after(20 + 12 * 60, seconds=-1))
    assert (await row_of(session_id)).state == "paused"


async def test_a_session_forgotten_in_a_pause_ends_with_what_was_focused(student) -> None:
    session_id = await start(student)
    await step("pause", student, session_id, after(12))
    assert await settle(student, after(12 + 12 * 60))
    row = await row_of(session_id)
    assert (row.state, row.focused_seconds, row.ended_at) == ("finished", 720, after(12))
    (line,), (notice,) = await told()
    assert line.amount == 2
    assert notice.title == "Your paused focus session was ended"
    assert "12 min" in notice.text


async def test_a_session_forgotten_after_seconds_is_too_short_to_count(student) -> None:
    session_id = await start(student)
    await step("pause", student, session_id, after(seconds=40))
    assert await settle(student, after(13 * 60))
    assert (await row_of(session_id)).focused_seconds == 0
    ledger, (notice,) = await told()
    assert ledger == []
    assert notice.title == "Your paused focus session was ended"
    assert notice.text == "Under a minute of focus is too short to count."


async def test_who_does_not_want_to_be_told_still_gets_the_points(student) -> None:
    async with unit_of_work() as work:
        work.session.add(Preferences(account_id=student.account_id, notify_focus=False))
    await start(student)
    await settle(student, after(25))
    ledger, inbox = await told()
    assert (len(ledger), len(inbox)) == (1, 0)


async def test_only_what_is_due_is_handed_to_the_worker(student, other_student) -> None:
    course = await make_course(student)
    await start(student, course_id=course.id, focus=10, rest=3, rounds=3)
    other = await start(other_student, focus=180)
    await step("pause", other_student, other, after(1))

    async def due(now) -> list:
        async with unit_of_work() as work:
            found = await focus.overdue_students(work, now=now)
        return sorted(one.display_name for one in found)

    assert await due(after(36, seconds=-0.001)) == []
    assert await due(after(36)) == ["Mina Aalto"]
    assert await due(NOON + timedelta(hours=12, minutes=1)) == [
        "Jonas Keller",
        "Mina Aalto",
    ]


async def test_the_worker_knows_the_students_day(student) -> None:
    await start(student)
    async with unit_of_work() as work:
        (found,) = await focus.overdue_students(work, now=after(25))
    assert found.account_id == student.account_id
    assert found.day_of(NOON) == student.day_of(NOON)


class TestAPauseThatIsRenewed:
    async def test_keeps_no_day_open_for_more_than_two(self, student) -> None:
        session_id = await start(student)
        await step("pause", student, session_id, after(1))
        for hours in (11, 22, 33, 44):
            await step("resume", student, session_id, after(60 * hours))
            await step("pause", student, session_id, after(60 * hours, seconds=1))
        assert not await settle(student, after(47 * 60, seconds=-1))
        assert await settle(student, after(47 * 60))
        row = await row_of(session_id)
        assert (row.state, row.ended_at) == ("finished", after(44 * 60, seconds=1))

    async def test_gets_the_worker_to_end_the_session_and_says_why(self, student) -> None:
        session_id = await start(student, focus=180)
        await step("pause", student, session_id, after(25))
        await step("resume", student, session_id, after(11 * 60))
        await step("pause", student, session_id, after(11 * 60 + 5))
        await step("resume", student, session_id, after(22 * 60))
        await step("pause", student, session_id, after(22 * 60 + 5))
        await step("resume", student, session_id, after(33 * 60))
        await step("pause", student, session_id, after(33 * 60 + 5))
        await step("resume", student, session_id, after(45 * 60))
        await step("pause", student, session_id, after(46 * 60))
        async with unit_of_work() as work:
            early = await focus.overdue_students(work, now=after(47 * 60, seconds=-1))
            due = await focus.overdue_students(work, now=after(47 * 60))
        assert (early, [one.account_id for one in due]) == ([], [student.account_id])
        assert await settle(student, after(47 * 60))
        _, (notice,) = await told()
        assert notice.title == "Your paused focus session was ended"
        assert "It began two days ago. Its focus of 1 h 40 min counts." in notice.text

    async def test_and_runs_at_last_ends_with_what_was_focused_until_then(
        self, student
    ) -> None:
        session_id = await start(student, focus=180)
        await step("pause", student, session_id, after(10))
        for hours in (11, 22, 33):
            await step("resume", student, session_id, after(60 * hours))
            await step("pause", student, session_id, after(60 * hours))
        await step("resume", student, session_id, after(46 * 60 - 61))
        assert (await settle(student, after(47 * 60 - 1))) is False
        assert await settle(student, after(50 * 60))
        row = await row_of(session_id)
        assert (row.ended_at, row.focused_seconds) == (after(47 * 60), (10 + 121) * 60)


async def test_the_longest_plan_is_never_cut(student) -> None:
    session_id = await start(student, focus=180, rest=60, rounds=12)
    assert await settle(student, after(48 * 60))
    row = await row_of(session_id)
    assert (row.ended_at, row.focused_seconds) == (after(47 * 60), 36 * 3600)
    _, (notice,) = await told()
    assert notice.title == "Focus session finished: 36 h"
