from dataclasses import asdict

import pytest

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError, SignInError
from studymaster.features.focus.schemas import NO_PROBLEMS
from studymaster.features.focus.service import listing
from studymaster.features.focus.state.history import HistoryState
from studymaster.features.focus.state.timer import TimerState
from tests.conftest import NOBODYS_ID
from tests.features.focus.desk import after, start, told
from tests.features.library.shelf import make_course
from tests.tabs import access_of, open_tab, tab_of

FORM = {
    "preset": "25",
    "minutes": "40",
    "rounds": "2",
    "break": "5",
    "task": "Essay",
    "course": "",
}


async def opened(student, token: str = "tab") -> TimerState:
    tab = tab_of(student, TimerState, path="/focus")
    await TimerState.load.fn(tab)
    return tab


@pytest.fixture
def at(monkeypatch):
    """Set the server's clock to so many minutes after noon."""

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: after(minutes))

    return set_clock


def said(event: object) -> str:
    return str(event)


async def test_a_fresh_tab_shows_the_form_with_courses_and_sounds(student) -> None:
    course = await make_course(student)
    tab = await opened(student)
    assert (tab.loaded, tab.timer.id) == (True, "")
    assert [one.id for one in tab.courses] == [str(course.id)]
    assert len(tab.sounds) >= 6


async def test_the_sessions_of_before_are_fetched_after_the_clock(student) -> None:
    tab = tab_of(student, TimerState, path="/focus")
    assert HistoryState.load in await TimerState.load.fn(tab)


async def test_every_tab_shows_the_same_clock(student, at) -> None:
    here, there = await opened(student), await opened(student)
    await TimerState.start.fn(here, FORM)
    at(26)
    await TimerState.check.fn(there)
    later = await opened(student)
    assert there.timer == later.timer
    assert (later.timer.phase, later.timer.spent_ms) == ("break", 1_560_000)
    await TimerState.pause.fn(there)
    await TimerState.check.fn(here)
    assert not here.timer.running


@pytest.mark.parametrize(
    ("preset", "minutes"), [("5", 5), ("15", 15), ("25", 25), ("50", 50), ("custom", 40)]
)
async def test_a_preset_or_a_length_of_ones_own(student, preset: str, minutes: int) -> None:
    tab = await opened(student)
    await TimerState.start.fn(tab, {**FORM, "preset": preset})
    assert tab.timer.focus_ms == minutes * 60_000


async def test_a_session_is_steered_to_its_end(student, at) -> None:
    tab = await opened(student)
    await TimerState.start.fn(tab, FORM)
    at(5)
    await TimerState.pause.fn(tab)
    at(10)
    await TimerState.resume.fn(tab)
    at(31)
    await TimerState.skip_break.fn(tab)
    assert (tab.timer.phase, tab.timer.round) == ("focus", 2)
    at(36)
    event = await TimerState.finish.fn(tab)
    assert "30 min, 6 points" in said(event)
    assert tab.timer.id == ""


async def test_a_session_of_seconds_says_that_it_does_not_count(student, at) -> None:
    tab = await opened(student)
    await TimerState.start.fn(tab, FORM)
    at(0.05)
    told_of = said(await TimerState.finish.fn(tab))
    assert "too short to count" in told_of
    assert "finished" not in told_of
    assert tab.timer.id == ""


async def test_the_end_is_found_and_told_when_the_clock_runs_out(student, at) -> None:
    tab, other = await opened(student), await opened(student)
    await TimerState.start.fn(tab, {**FORM, "rounds": "1"})
    await TimerState.check.fn(other)
    at(25)
    for one in (tab, other):
        assert "25 min, 5 points" in said(await TimerState.check.fn(one))
        assert one.timer.id == ""
        assert await TimerState.check.fn(one) is None
    ledger, inbox = await told()
    assert (len(ledger), len(inbox)) == (1, 1)


async def test_a_session_on_a_course_and_a_task_says_so(student) -> None:
    course = await make_course(student)
    tab = await opened(student)
    await TimerState.start.fn(tab, {**FORM, "course": str(course.id)})
    assert (tab.timer.course, tab.timer.task) == (course.fullname, "Essay")


async def test_distractions_are_listed_and_the_session_goes_on(student, at) -> None:
    tab = await opened(student)
    await TimerState.start.fn(tab, FORM)
    await TimerState.note_distraction.fn(tab, {"distraction": "Mail"})
    at(2)
    await TimerState.note_distraction.fn(tab, {"distraction": "Hunger"})
    assert (tab.noted, tab.timer.running) == (["Mail", "Hunger"], True)


async def test_an_abandoned_session_is_gone(student) -> None:
    tab = await opened(student)
    await TimerState.start.fn(tab, FORM)
    assert "counts for nothing" in said(await TimerState.abandon.fn(tab))
    assert tab.timer.id == ""


async def test_the_mix_is_there_after_a_reload(student) -> None:
    tab = await opened(student)
    await TimerState.save_mix.fn(tab, {"rain": 35})
    again = await opened(student)
    assert {one.key: one.volume for one in again.sounds if one.volume} == {"rain": 35}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"preset": "custom", "minutes": "0"}, "minutes"),
        ({"preset": "custom", "minutes": ""}, "minutes"),
        ({"preset": None}, "minutes"),
        ({"rounds": "many"}, "rounds"),
        ({"break": "61"}, "rest"),
        ({"break": None}, "rest"),
        ({"task": "x" * 201}, "task"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_starts(
    student, changed, field: str
) -> None:
    tab = await opened(student)
    event = await TimerState.start.fn(tab, FORM | changed)
    said_at = {name: words for name, words in asdict(tab.problems).items() if words}
    assert list(said_at) == [field]
    assert ("field_break" if field == "rest" else f"field_{field}") in said(event)
    assert (await opened(student)).timer.id == ""
    await TimerState.start.fn(tab, FORM)
    assert (tab.problems, bool(tab.timer.id)) == (NO_PROBLEMS, True)


@pytest.mark.parametrize("course", ["nonsense", NOBODYS_ID])
async def test_a_course_that_is_not_there_starts_nothing(student, course: str) -> None:
    tab = await opened(student)
    with pytest.raises(NotFoundError):
        await TimerState.start.fn(tab, {**FORM, "course": course})
    assert (await opened(student)).timer.id == ""


class TestAddress:
    async def test_it_names_the_course_and_the_task(self, student) -> None:
        course = await make_course(student)
        path = f"/focus?course={course.id}&task=Lab%20report%202"
        tab = tab_of(student, TimerState, path=path)
        await TimerState.load.fn(tab)
        assert (tab.wanted_course, tab.wanted_task) == (str(course.id), "Lab report 2")

    @pytest.mark.parametrize("course", ["nonsense", "", NOBODYS_ID, "%00"])
    async def test_a_course_of_nobody_is_passed_over(self, student, course: str) -> None:
        await make_course(student)
        tab = tab_of(student, TimerState, path=f"/focus?course={course}&task=%00a%0Ab")
        await TimerState.load.fn(tab)
        assert (tab.loaded, tab.wanted_course, tab.wanted_task) == (True, "", "a b")

    async def test_another_students_course_is_not_chosen(
        self, student, other_student
    ) -> None:
        course = await make_course(student)
        tab = tab_of(other_student, TimerState, path=f"/focus?course={course.id}")
        await TimerState.load.fn(tab)
        assert (tab.wanted_course, tab.courses) == ("", [])

    async def test_a_task_is_cut_to_what_a_session_holds(self, student) -> None:
        tab = tab_of(student, TimerState, path=f"/focus?task={'x' * 5_000}")
        await TimerState.load.fn(tab)
        await TimerState.start.fn(tab, {**FORM, "task": tab.wanted_task})
        assert tab.timer.task == "x" * 200

    async def test_the_next_page_without_wishes_has_none(self, student) -> None:
        tab = tab_of(student, TimerState, path="/focus?task=Essay")
        await TimerState.load.fn(tab)
        open_tab(TimerState, access=access_of(student), path="/focus", state=tab)
        await TimerState.load.fn(tab)
        assert tab.wanted_task == ""


async def test_a_second_press_on_start_starts_no_second_session(student) -> None:
    tab = await opened(student)
    await TimerState.start.fn(tab, FORM)
    first = tab.timer
    assert await TimerState.start.fn(tab, {**FORM, "task": "Another"}) is None
    assert tab.timer.id == first.id
    assert tab.timer.task == "Essay"


@pytest.mark.parametrize("handler", [TimerState.finish, TimerState.abandon])
async def test_a_second_press_at_the_end_says_nothing_more(student, at, handler) -> None:
    tab = await opened(student)
    await TimerState.start.fn(tab, FORM)
    at(5)
    assert await handler.fn(tab) is not None
    assert await handler.fn(tab) is None
    assert tab.timer.id == ""


async def test_a_second_session_is_refused(student) -> None:
    tab = await opened(student)
    await start(student)
    with pytest.raises(ConflictError):
        await TimerState.start.fn(tab, FORM)


async def test_another_students_course_and_session_are_not_there(
    student, other_student
) -> None:
    course = await make_course(student)
    mine = await opened(student)
    await TimerState.start.fn(mine, FORM)
    tab = await opened(other_student)
    assert (tab.timer.id, tab.courses) == ("", [])
    with pytest.raises(NotFoundError):
        await TimerState.start.fn(tab, {**FORM, "course": str(course.id)})
    tab.timer = mine.timer
    for handler in (TimerState.pause, TimerState.finish, TimerState.abandon):
        with pytest.raises(NotFoundError):
            await handler.fn(tab)
    async with unit_of_work() as work:
        shown = await listing.get_timer(work, student=student, now=after(1))
    assert shown.running


async def test_steering_without_a_session_shows_what_there_is(student) -> None:
    tab = await opened(student)
    for handler in (TimerState.pause, TimerState.resume, TimerState.skip_break):
        assert await handler.fn(tab) is None
        assert tab.timer.id == ""
    with pytest.raises(NotFoundError):
        await TimerState.note_distraction.fn(tab, {"distraction": "Mail"})


async def test_a_visitor_sees_nothing(student) -> None:
    handlers = (
        TimerState.load,
        TimerState.check,
        TimerState.pause,
        TimerState.resume,
        TimerState.skip_break,
        TimerState.finish,
        TimerState.abandon,
    )
    for handler in handlers:
        with pytest.raises(SignInError):
            await handler.fn(open_tab(TimerState))
    for handler in (TimerState.start, TimerState.note_distraction, TimerState.save_mix):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(TimerState), {})
