"""Grades in a tab."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.grades.state import GradesState
from studymaster.models import MoodleConnection
from tests.conftest import NOBODYS_ID
from tests.factories.moodle import make_run
from tests.features.grades.gradebooks import biology, keep, listed, make_course
from tests.tabs import open_tab, tab_of


@pytest.fixture
async def course(student):
    made = await make_course(student)
    await keep(student, made.id, *biology())
    return made


async def opened(student, course, path: str = "/live-sync?tab=grades") -> GradesState:
    tab = tab_of(student, GradesState, path)
    await GradesState.load.fn(tab)
    await GradesState.open_course.fn(tab, str(course.id))
    return tab


async def end_a_run(course) -> None:
    async with unit_of_work() as work:
        connection = await work.session.get_one(MoodleConnection, course.connection_id)
    await make_run(connection)


async def test_it_opens_with_the_courses(student, course) -> None:
    tab = tab_of(student, GradesState)
    await GradesState.load.fn(tab)
    assert [one.percent_words for one in tab.courses] == ["80.4%"]
    assert (tab.loaded, tab.is_open) == (True, False)


async def test_without_grades_it_says_whether_there_are_courses(
    student, other_student
) -> None:
    for one, has_courses in ((student, True), (other_student, False)):
        if has_courses:
            await make_course(one)
        tab = tab_of(one, GradesState, token=str(one.account_id))
        await GradesState.load.fn(tab)
        assert (tab.loaded, tab.courses, tab.has_courses) == (True, [], has_courses)


async def test_an_address_opens_its_course(student, course) -> None:
    tab = tab_of(student, GradesState, f"/live-sync?tab=grades&course={course.id}")
    await GradesState.load.fn(tab)
    assert (tab.is_open, tab.book.course.shortname) == (True, "BIO 110")


@pytest.mark.parametrize("named", [NOBODYS_ID, "x", "%00"])
async def test_an_address_of_no_course_shows_the_list_and_says_so(
    student, course, named
) -> None:
    tab = tab_of(student, GradesState, f"/live-sync?tab=grades&course={named}")
    await GradesState.load.fn(tab)
    assert (tab.missing, tab.is_open, len(tab.courses)) == (True, False, 1)
    await GradesState.open_course.fn(tab, str(course.id))
    assert (tab.missing, tab.is_open) == (False, True)


async def test_a_course_is_opened_and_closed(student, course) -> None:
    tab = await opened(student, course)
    assert (tab.is_open, len(tab.book.lines)) == (True, 6)
    await GradesState.close_course.fn(tab)
    assert (tab.is_open, tab.book.lines) == (False, ())


async def test_a_run_that_ended_brings_new_grades(student, course) -> None:
    tab = await opened(student, course)
    news = News(Topic.SYNC, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name.rsplit(".", 1)[-1] for event in update.events] == ["refresh"]
    await keep(student, course.id, listed(2, "Lab report 1", 99.0))
    await GradesState.refresh.fn(tab)
    assert tab.courses[0].percent_words == "80.4%"  # the run is still going on
    await end_a_run(course)
    await GradesState.refresh.fn(tab)
    assert tab.courses[0].percent_words == "99%"
    assert [line.shown for line in tab.book.lines] == ["99.00"]


async def test_an_answer_outlives_a_run_that_found_nothing(student, course) -> None:
    tab = await opened(student, course)
    await GradesState.ask.fn(tab, {"wished": "85"})
    said = tab.answer.need
    await end_a_run(course)
    await GradesState.refresh.fn(tab)
    assert tab.answer.need == said
    await keep(student, course.id, *biology(), listed(50, "Bonus"))
    await make_run_again(course)
    await GradesState.refresh.fn(tab)
    assert tab.answer.need == ""


async def make_run_again(course) -> None:
    async with unit_of_work() as work:
        connection = await work.session.get_one(MoodleConnection, course.connection_id)
    await make_run(connection, minutes_ago=-5)


async def test_a_gradebook_that_is_gone_is_put_away(student, course) -> None:
    tab = await opened(student, course)
    await keep(student, course.id)
    await end_a_run(course)
    await GradesState.refresh.fn(tab)
    assert (tab.is_open, tab.courses) == (False, [])


async def test_the_form_answers_in_words(student, course) -> None:
    tab = await opened(student, course)
    final = next(one.id for one in tab.book.open if one.name == "Final exam")
    form = {"wished": "85", "which": final, "share": "50", f"assumed-{final}": ""}
    await GradesState.ask.fn(tab, form)
    assert tab.answer.need == (
        "You need 89.7% in “Final exam”, which is 89.7 of 100, for 85% in the course. "
        "It counts 50% of it."
    )


async def test_what_is_wrong_stands_at_its_field(student, course) -> None:
    tab = await opened(student, course)
    await GradesState.ask.fn(tab, {"wished": "much"})
    assert (tab.problem.field, tab.answer.need) == ("wished", "")
    await GradesState.ask.fn(tab, {"wished": "85"})
    assert (tab.problem.field, tab.answer.need == "") == ("", False)


async def test_another_course_begins_without_the_answers_of_the_first(
    student, course
) -> None:
    other = await make_course(student, moodle_id=9, site_url="https://other.edu")
    tab = await opened(student, course)
    await GradesState.ask.fn(tab, {"wished": "85"})
    await GradesState.open_course.fn(tab, str(other.id))
    assert tab.answer.need == ""


async def test_the_insight_shows_when_switched_on(student, course) -> None:
    tab = await opened(student, course)
    assert (tab.book.has_insight, tab.book.insight) == (False, ())
    await GradesState.switch_insight.fn(tab, on=True)
    assert (tab.book.has_insight, len(tab.book.insight)) == (True, 3)
    await GradesState.switch_insight.fn(tab, on="yes")
    assert (tab.book.has_insight, tab.book.insight) == (False, ())


@pytest.mark.parametrize("wrong", ["", "x", None, 7, NOBODYS_ID])
async def test_what_is_no_course_is_not_found(student, course, wrong) -> None:
    tab = tab_of(student, GradesState)
    with pytest.raises(NotFoundError):
        await GradesState.open_course.fn(tab, wrong)
    assert not tab.is_open


async def test_nobody_opens_anothers_course(student, other_student, course) -> None:
    tab = tab_of(other_student, GradesState)
    await GradesState.load.fn(tab)
    assert tab.courses == []
    with pytest.raises(NotFoundError):
        await GradesState.open_course.fn(tab, str(course.id))
    with pytest.raises(NotFoundError):
        await GradesState.ask.fn(tab, {"wished": "80"})


async def test_a_visitor_sees_nothing(empty_database) -> None:
    tab = open_tab(GradesState)
    for event, arguments in (
        (GradesState.load, ()),
        (GradesState.refresh, ()),
        (GradesState.open_course, (NOBODYS_ID,)),
        (GradesState.close_course, ()),
        (GradesState.ask, ({"wished": "80"},)),
        (GradesState.switch_insight, (True,)),
    ):
        with pytest.raises(SignInError):
            await event.fn(tab, *arguments)
