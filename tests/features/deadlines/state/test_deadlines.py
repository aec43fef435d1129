"""What is due, in a tab."""

from datetime import timedelta

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.deadlines.state import DeadlinesState
from studymaster.models import Course, SubmissionState
from tests.conftest import NOBODYS_ID
from tests.features.campus.mates import enrol
from tests.features.deadlines.due import days, hours, make_deadline
from tests.tabs import open_tab, tab_of


async def opened(student) -> DeadlinesState:
    tab = tab_of(student, DeadlinesState, path="/live-sync?tab=deadlines")
    await DeadlinesState.load.fn(tab)
    return tab


async def test_it_opens_with_the_groups_and_a_sentence(student) -> None:
    course = await enrol(student)
    await make_deadline(course, "Late", days(-1), submission=SubmissionState.NONE)
    await make_deadline(course, "Soon")
    await make_deadline(course, "Done", submission=SubmissionState.GRADED)
    tab = await opened(student)
    assert [row.title for row in tab.overdue + tab.week + tab.done] == [
        "Late",
        "Soon",
        "Done",
    ]
    assert (tab.loaded, tab.later, tab.more) == (True, [], False)
    assert tab.sentence == "1 overdue, 1 due in the next 7 days."
    assert [one.name for one in tab.courses] == ["BIO 101 in full"]


async def test_without_a_course_it_is_empty_and_loaded(student) -> None:
    tab = await opened(student)
    assert (tab.loaded, tab.courses, tab.week) == (True, [], [])


async def test_a_sync_shows_in_the_open_tab(student) -> None:
    course = await enrol(student)
    tab = await opened(student)
    await make_deadline(course)
    news = News(Topic.SYNC, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name.rsplit(".", 1)[-1] for event in update.events] == ["refresh"]
    await DeadlinesState.refresh.fn(tab)
    assert [row.title for row in tab.week] == ["Essay"]


async def test_one_course_is_chosen_and_all_again(student) -> None:
    course = await enrol(student)
    other = await enrol(student, moodle_id=102, shortname="CHE 1")
    await make_deadline(course, "Biology")
    await make_deadline(other, "Chemistry")
    tab = await opened(student)
    event = await DeadlinesState.choose_course.fn(tab, str(other.id))
    assert ([row.title for row in tab.week], tab.course) == (["Chemistry"], str(other.id))
    assert f'"{other.id}"' in str(event.args), "the announcements go along"
    await DeadlinesState.choose_course.fn(tab, "")
    assert (len(tab.week), tab.course) == (2, "")


@pytest.mark.parametrize("wrong", ["x", None, 7, NOBODYS_ID, []])
async def test_what_is_no_course_of_theirs_is_not_chosen(student, wrong) -> None:
    await make_deadline(await enrol(student))
    tab = await opened(student)
    with pytest.raises(NotFoundError):
        await DeadlinesState.choose_course.fn(tab, wrong)
    assert (len(tab.week), tab.course) == (1, "")


async def test_the_address_can_name_a_course(student, other_student) -> None:
    course = await enrol(student)
    theirs = await enrol(other_student)
    for named, chosen in (
        (str(course.id), str(course.id)),
        (str(theirs.id), ""),
        ("x", ""),
        ("%00", ""),
    ):
        path = f"/live-sync?tab=deadlines&course={named}"
        tab = tab_of(student, DeadlinesState, path)
        await DeadlinesState.load.fn(tab)
        assert tab.course == chosen


async def test_nobody_looks_into_anothers_course(student, other_student) -> None:
    course = await enrol(student)
    await make_deadline(course)
    tab = await opened(other_student)
    with pytest.raises(NotFoundError):
        await DeadlinesState.choose_course.fn(tab, str(course.id))
    assert (tab.week, tab.courses) == ([], [])


async def test_a_chosen_course_that_moodle_drops_gives_way_to_all(student) -> None:
    course = await enrol(student)
    other = await enrol(student, moodle_id=102, shortname="CHE 1")
    await make_deadline(course, "Biology")
    tab = await opened(student)
    await DeadlinesState.choose_course.fn(tab, str(other.id))
    async with unit_of_work() as work:
        (await work.session.get_one(Course, other.id)).listed = False
    await DeadlinesState.refresh.fn(tab)
    assert ([row.title for row in tab.week], tab.course) == (["Biology"], "")


async def test_long_lists_are_unrolled_piece_by_piece(student) -> None:
    course = await enrol(student)
    for number in range(55):
        await make_deadline(course, due_at=hours(number))
    for number in range(25):
        await make_deadline(course, due_at=hours(-number) - timedelta(hours=1))
    tab = await opened(student)
    assert (len(tab.week), tab.more, len(tab.done), tab.more_done) == (50, True, 20, True)
    await DeadlinesState.show_more.fn(tab)
    await DeadlinesState.show_more_done.fn(tab)
    assert (len(tab.week), tab.more, len(tab.done), tab.more_done) == (55, False, 25, False)


async def test_a_visitor_sees_nothing(empty_database) -> None:
    with pytest.raises(SignInError):
        await DeadlinesState.load.fn(open_tab(DeadlinesState))
