"""What teachers announced, in a tab."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.errors import SignInError
from studymaster.features.deadlines.state import AnnouncementsState
from tests.conftest import NOBODYS_ID
from tests.features.campus.mates import enrol
from tests.features.deadlines.due import hours, make_announcement
from tests.tabs import open_tab, tab_of


async def opened(student) -> AnnouncementsState:
    tab = tab_of(student, AnnouncementsState)
    await AnnouncementsState.load.fn(tab)
    return tab


async def test_the_newest_twenty_come_first_and_more_on_demand(student) -> None:
    course = await enrol(student)
    for number in range(25):
        await make_announcement(course, f"A{number}", posted_at=hours(-number))
    tab = await opened(student)
    assert [one.subject for one in tab.items] == [f"A{number}" for number in range(20)]
    assert tab.more
    await AnnouncementsState.show_more.fn(tab)
    assert (len(tab.items), tab.more) == (25, False)


async def test_what_a_sync_brings_shows_in_the_open_tab(student) -> None:
    course = await enrol(student)
    tab = await opened(student)
    assert (tab.loaded, tab.items) == (True, [])
    await make_announcement(course)
    news = News(Topic.SYNC, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name.rsplit(".", 1)[-1] for event in update.events] == ["refresh"]
    await AnnouncementsState.refresh.fn(tab)
    (one,) = tab.items
    assert (one.subject, one.author, one.course, one.line) == (
        "The exam moves",
        "Dr. Sommer",
        "BIO 101 in full",
        3,
    )


async def test_one_course_is_chosen_by_hand_or_by_the_address(student) -> None:
    course = await enrol(student)
    other = await enrol(student, moodle_id=102, shortname="CHE 1")
    await make_announcement(course, "Biology")
    await make_announcement(other, "Chemistry")
    tab = await opened(student)
    for chosen, shown in (
        (str(other.id), ["Chemistry"]),
        ("", ["Biology", "Chemistry"]),
        (NOBODYS_ID, ["Biology", "Chemistry"]),
    ):
        await AnnouncementsState.choose.fn(tab, chosen)
        assert sorted(one.subject for one in tab.items) == shown
    linked = tab_of(
        student, AnnouncementsState, f"/live-sync?tab=deadlines&course={other.id}"
    )
    await AnnouncementsState.load.fn(linked)
    assert [one.subject for one in linked.items] == ["Chemistry"]


async def test_nobody_sees_anothers(student, other_student) -> None:
    await make_announcement(await enrol(student))
    assert (await opened(other_student)).items == []


async def test_a_visitor_sees_nothing(empty_database) -> None:
    with pytest.raises(SignInError):
        await AnnouncementsState.load.fn(open_tab(AnnouncementsState))
    with pytest.raises(SignInError):
        await AnnouncementsState.choose.fn(open_tab(AnnouncementsState), "")
