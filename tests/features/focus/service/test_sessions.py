import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.focus.service import sessions
from studymaster.models import FocusSession, FocusState
from tests.conftest import NOON, make_student
from tests.features.focus.desk import after, asked, row_of, start, step, told
from tests.features.library.shelf import make_course

STEPS = ("pause", "resume", "skip_break", "finish", "abandon")


async def test_the_row_is_the_clock(student) -> None:
    session_id = await start(student, task="Problem set 6", rounds=2)
    row = await row_of(session_id)
    assert (row.state, row.resumed_at, row.task) == ("running", NOON, "Problem set 6")
    assert (row.focus_minutes, row.break_minutes, row.rounds) == (25, 5, 2)


async def test_pausing_and_going_on_keeps_every_moment(student) -> None:
    session_id = await start(student)
    await step("pause", student, session_id, after(seconds=90.25))
    await step("resume", student, session_id, after(30))
    await step("pause", student, session_id, after(30, seconds=0.125))
    row = await row_of(session_id)
    assert row.spent == timedelta(seconds=90.375)
    assert (row.state, row.paused_at) == ("paused", after(30, seconds=0.125))


@pytest.mark.parametrize("name", ["pause", "resume"])
async def test_asking_twice_changes_nothing(student, name: str) -> None:
    session_id = await start(student)
    await step("pause", student, session_id, after(1))
    await step(name, student, session_id, after(2))
    before = (await row_of(session_id)).model_dump()
    await step(name, student, session_id, after(3))
    assert (await row_of(session_id)).model_dump() == before


async def test_only_one_of_two_starts_at_once_wins(student) -> None:
    outcomes = await asyncio.gather(start(student), start(student), return_exceptions=True)
    (refused,) = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refused, ConflictError)
    assert "going on already" in refused.message
    async with unit_of_work() as work:
        assert len((await work.session.exec(select(FocusSession))).all()) == 1


async def test_a_session_that_is_over_makes_room_for_the_next(student) -> None:
    first = await start(student)
    second = await start(student, now=after(25))
    assert (await row_of(first)).state is FocusState.FINISHED
    assert (await row_of(second)).state is FocusState.RUNNING


async def test_two_students_focus_at_the_same_time(student, other_student) -> None:
    await start(student)
    await start(other_student)


async def test_a_session_belongs_only_to_a_course_of_ones_own(
    student, other_student
) -> None:
    course = await make_course(student)
    row = await row_of(await start(student, course_id=course.id))
    assert row.course_id == course.id
    for course_id in (course.id, uuid4()):
        with pytest.raises(NotFoundError):
            await start(other_student, course_id=course_id)


async def test_a_break_can_be_skipped_and_focus_cannot(student) -> None:
    session_id = await start(student, rounds=2)
    await step("skip_break", student, session_id, after(10))
    assert (await row_of(session_id)).spent == timedelta()
    await step("skip_break", student, session_id, after(26))
    row = await row_of(session_id)
    assert (row.spent, row.resumed_at) == (timedelta(minutes=30), after(26))
    await step("finish", student, session_id, after(36))
    assert (await row_of(session_id)).focused_seconds == 35 * 60


async def test_finishing_early_books_what_was_focused_once(student) -> None:
    session_id = await start(student)
    await step("finish", student, session_id, after(11))
    await step("finish", student, session_id, after(12))
    row = await row_of(session_id)
    assert (row.state, row.focused_seconds, row.ended_at) == ("finished", 660, after(11))
    ledger, inbox = await told()
    assert [(line.amount, line.sentence) for line in ledger] == [
        (2, "You focused for 11 min.")
    ]
    assert inbox == []


async def test_two_tabs_that_finish_at_once_book_once(student) -> None:
    session_id = await start(student)
    await asyncio.gather(
        *[step("finish", student, session_id, after(10)) for _ in range(4)]
    )
    ledger, _ = await told()
    assert [line.amount for line in ledger] == [2]


async def test_less_than_five_minutes_bring_no_points(student) -> None:
    session_id = await start(student)
    await step("finish", student, session_id, after(4.9))
    assert (await told()) == ([], [])
    assert (await row_of(session_id)).focused_seconds == 294


@pytest.mark.parametrize(("seconds", "counted"), [(3, 0), (59.9, 0), (60, 60)])
async def test_less_than_a_minute_is_over_and_counts_for_nothing(
    student, seconds, counted
) -> None:
    session_id = await start(student)
    await step("finish", student, session_id, after(seconds=seconds))
    row = await row_of(session_id)
    assert (row.state, row.focused_seconds) == ("finished", counted)
    assert (await told()) == ([], [])
    await start(student, now=after(2))  # the next can begin


async def test_an_abandoned_session_counts_for_nothing(student) -> None:
    session_id = await start(student)
    await step("abandon", student, session_id, after(20))
    await step("abandon", student, session_id, after(21))
    row = await row_of(session_id)
    assert (row.state, row.focused_seconds, row.ended_at) == ("abandoned", 0, after(20))
    assert (await told()) == ([], [])


@pytest.mark.parametrize("name", ["pause", "resume", "skip_break", "abandon"])
async def test_a_finished_session_cannot_be_changed(student, name: str) -> None:
    session_id = await start(student)
    await step("finish", student, session_id, after(5))
    with pytest.raises(ConflictError, match="is over"):
        await step(name, student, session_id, after(6))


async def test_an_abandoned_session_cannot_be_finished(student) -> None:
    session_id = await start(student)
    await step("abandon", student, session_id, after(5))
    with pytest.raises(ConflictError, match="is over"):
        await step("finish", student, session_id, after(6))


@pytest.mark.parametrize("name", STEPS)
async def test_a_step_that_comes_too_late_finds_the_session_ended(student, name) -> None:
    session_id = await start(student)
    await step(name, student, session_id, after(26))
    row = await row_of(session_id)
    assert (row.state, row.ended_at, row.focused_seconds) == ("finished", after(25), 1500)


@pytest.mark.parametrize("name", STEPS)
async def test_another_students_session_is_not_there(student, other_student, name) -> None:
    session_id = await start(student)
    for asked_for in (session_id, uuid4()):
        with pytest.raises(NotFoundError):
            await step(name, other_student, asked_for, after(1))
    assert (await row_of(session_id)).state is FocusState.RUNNING


async def test_a_distraction_is_noted_while_the_clock_goes_on(student) -> None:
    session_id = await start(student)
    async with unit_of_work() as work:
        await sessions.note_distraction(
            work, student=student, session_id=session_id, text=" Call Jonas ", now=after(3)
        )
    assert (await row_of(session_id)).resumed_at == NOON


async def test_a_session_holds_thirty_distractions(student) -> None:
    session_id = await start(student)

    async def note(text: str) -> None:
        async with unit_of_work() as work:
            await sessions.note_distraction(
                work, student=student, session_id=session_id, text=text, now=after(1)
            )

    for number in range(sessions.MOST_DISTRACTIONS):
        await note(f"Thought {number}")
    with pytest.raises(ConflictError, match="30 notes"):
        await note("One more")


async def test_a_distraction_needs_words_and_a_session_of_ones_own(
    student, other_student
) -> None:
    session_id = await start(student)
    for who, text, error in [
        (student, " ", InvalidInputError),
        (other_student, "Mail", NotFoundError),
    ]:
        async with unit_of_work() as work:
            with pytest.raises(error):
                await sessions.note_distraction(
                    work, student=who, session_id=session_id, text=text, now=after(1)
                )
    await step("finish", student, session_id, after(2))
    async with unit_of_work() as work:
        with pytest.raises(ConflictError):
            await sessions.note_distraction(
                work, student=student, session_id=session_id, text="Mail", now=after(3)
            )


async def volumes(student) -> dict[str, int]:
    async with unit_of_work() as work:
        sounds = await sessions.list_sounds(work, account_id=student.account_id)
    return {sound.key: sound.volume for sound in sounds if sound.volume}


async def save(student, mix: object) -> None:
    async with unit_of_work() as work:
        await sessions.save_mix(work, account_id=student.account_id, mix=mix)


async def test_the_mix_comes_back_and_goes_with_the_session(student) -> None:
    assert await volumes(student) == {}
    await save(student, {"rain": 70, "fire": 0})
    session_id = await start(student)
    assert (await row_of(session_id)).sounds == {"rain": 70}
    await save(student, {"waves": 20})
    assert (await row_of(session_id)).sounds == await volumes(student) == {"waves": 20}


async def test_a_later_mix_leaves_earlier_sessions_alone(student) -> None:
    await save(student, {"rain": 70})
    session_id = await start(student)
    await step("finish", student, session_id, after(5))
    await save(student, {"wind": 5})
    assert (await row_of(session_id)).sounds == {"rain": 70}


async def test_a_session_may_bring_its_own_mix(student) -> None:
    await start(student, mix={"cafe": 30})
    assert await volumes(student) == {"cafe": 30}


async def test_a_wrong_mix_changes_nothing(student) -> None:
    await save(student, {"rain": 70})
    with pytest.raises(InvalidInputError):
        await save(student, {"drums": 70})
    assert await volumes(student) == {"rain": 70}


async def test_mixes_saved_at_once_do_not_collide(student) -> None:
    await asyncio.gather(*[save(student, {"rain": 10 + number}) for number in range(4)])
    assert 10 <= (await volumes(student))["rain"] <= 13


async def test_a_session_counts_for_the_students_own_day(empty_database) -> None:
    # 02:30 on the night in which Berlin's clocks skip from 2 to 3: still Saturday's day.
    berlin = await make_student("Mina", time_zone="Europe/Berlin")
    night = NOON.replace(month=3, day=31, hour=0, minute=59)
    first = await start(berlin, now=night, focus=5)
    second = await start(berlin, now=night.replace(hour=2, minute=0))
    days = [(await row_of(one)).day.isoformat() for one in (first, second)]
    assert days == ["2030-03-30", "2030-03-31"]
    assert asked().plan.rounds == 1
