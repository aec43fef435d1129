from datetime import timedelta
from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.focus.schemas import TimerView
from studymaster.features.focus.service import listing, sessions
from studymaster.models import FocusState
from studymaster.paging import Window
from tests.conftest import NOON, make_student
from tests.features.focus.desk import after, finished, start, step
from tests.features.library.shelf import make_course


async def timer(student, now) -> TimerView:
    async with unit_of_work() as work:
        return await listing.get_timer(work, student=student, now=now)


async def view(student, session_id, now=NOON):
    async with unit_of_work() as work:
        return await listing.get_session(
            work, student=student, session_id=session_id, now=now
        )


async def test_without_a_session_the_clock_is_empty(student, other_student) -> None:
    await start(other_student)
    assert await timer(student, NOON) == TimerView()


async def test_the_clock_says_where_it_stands_at_the_servers_moment(student) -> None:
    course = await make_course(student)
    await start(student, rounds=3, course_id=course.id, task="Problem set 6")
    shown = await timer(student, after(26))
    assert (shown.phase, shown.round, shown.rounds, shown.running) == ("break", 1, 3, True)
    assert (shown.spent_ms, shown.focus_ms, shown.break_ms) == (
        1_560_000,
        1_500_000,
        300_000,
    )
    assert shown.moment == after(26).isoformat()
    assert (shown.course, shown.task) == (course.fullname, "Problem set 6")


async def test_a_paused_clock_stands_still(student) -> None:
    session_id = await start(student)
    await step("pause", student, session_id, after(7))
    early, late = await timer(student, after(8)), await timer(student, after(500))
    assert (early.spent_ms, late.spent_ms, late.running) == (420_000, 420_000, False)


async def test_a_session_is_shown_with_what_it_has_brought_so_far(student) -> None:
    course = await make_course(student)
    session_id = await start(student, course_id=course.id, mix={"waves": 5, "rain": 9})
    shown = await view(student, session_id, after(10))
    assert (shown.course_id, shown.course) == (course.moodle_id, course.fullname)
    assert (shown.duration_minutes, shown.ambient_sound) == (25, "Rain, Waves")
    assert (shown.focused_seconds, shown.points, shown.completed) == (600, 0, False)
    assert (shown.progress, shown.ends_at) == (0.4, after(25))
    await step("finish", student, session_id, after(10))
    ended = await view(student, session_id, after(11))
    assert (ended.points, ended.completed, ended.ends_at) == (2, True, None)


async def test_another_students_session_is_not_there(student, other_student) -> None:
    session_id = await start(student)
    for asked_for in (session_id, uuid4()):
        with pytest.raises(NotFoundError):
            await view(other_student, asked_for)


async def test_sessions_come_newest_first_in_stretches(student, other_student) -> None:
    for days in range(3):
        await finished(student, minutes=10 + days, at=NOON - timedelta(days=days))
    await finished(other_student, minutes=99)
    async with unit_of_work() as work:
        first = await listing.list_sessions(
            work, student=student, window=Window(0, 2), now=NOON
        )
        rest = await listing.list_sessions(
            work, student=student, window=Window(2, 2), now=NOON
        )
    assert [one.duration_minutes for one in first.items + rest.items] == [10, 11, 12]
    assert (first.next_offset, rest.next_offset) == (2, None)


async def test_a_row_says_what_was_done_and_what_distracted(empty_database) -> None:
    mina = await make_student("Mina", time_zone="Europe/Berlin")
    course = await make_course(mina)
    session_id = await start(mina, course_id=course.id, task="Essay", rounds=2)
    for minute, text in ((1, "Mail"), (2, "<b>Hunger</b>")):
        async with unit_of_work() as work:
            await sessions.note_distraction(
                work, student=mina, session_id=session_id, text=text, now=after(minute)
            )
    await step("finish", mina, session_id, after(15))
    async with unit_of_work() as work:
        (row,), more = await listing.list_rows(work, student=mina, stretches=1, now=NOON)
        noted = await listing.list_distractions(
            work, student=mina, session_id=str(session_id)
        )
    assert (row.when, row.title) == ("16 Jan, 13:00", f"{course.fullname} · Essay")
    assert (row.plan, row.outcome) == ("2 rounds of 25 min", "15 min, 3 points")
    assert row.distractions == noted == ["Mail", "<b>Hunger</b>"]
    assert (row.line, more) == (course.line, False)


@pytest.mark.parametrize(
    ("state", "seconds", "outcome", "said"),
    [
        (FocusState.ABANDONED, 0, "abandoned, counts for nothing", "gone"),
        (FocusState.FINISHED, 300, "5 min, 1 point", "5 min, 1 point"),
        (FocusState.FINISHED, 60, "1 min, 0 points", "1 min, 0 points"),
        (FocusState.FINISHED, 0, "under a minute, too short to count", "too short"),
    ],
)
async def test_an_outcome_is_said_plainly(student, state, seconds, outcome, said) -> None:
    row = await finished(student, minutes=25, state=state, focused_seconds=seconds)
    ended = await view(student, row.id)
    assert listing.outcome(ended) == outcome
    assert said in listing.farewell(ended)
    assert ended.completed == (seconds > 0)


async def test_more_rows_are_there_on_demand(student) -> None:
    for hours in range(21):
        await finished(student, minutes=5, at=NOON - timedelta(hours=hours))

    async def rows(stretches: int) -> tuple[int, bool]:
        async with unit_of_work() as work:
            shown, more = await listing.list_rows(
                work, student=student, stretches=stretches, now=NOON
            )
        return len(shown), more

    assert [await rows(1), await rows(2)] == [(20, True), (21, False)]


async def test_only_courses_still_listed_can_be_chosen(student, other_student) -> None:
    course = await make_course(student)
    gone = await make_course(student, shortname="OLD 1")
    await make_course(other_student)
    async with unit_of_work() as work:
        (await work.session.get_one(type(gone), gone.id)).listed = False
    async with unit_of_work() as work:
        shown = await listing.list_courses(work, account_id=student.account_id)
    assert [one.id for one in shown] == [str(course.id)]
