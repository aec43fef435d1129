"""The parts of the Live Sync page: which one is open, and what it loads."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.errors import SignInError
from studymaster.features.deadlines.state import (
    AnnouncementsState,
    CalendarState,
    DeadlinesState,
)
from studymaster.features.grades.state import GradesState
from studymaster.features.sync import page
from studymaster.features.sync.state import LiveSyncState
from studymaster.features.sync.state.tabs import SyncTabsState
from tests.features.library.shelf import make_blob, make_course, make_material
from tests.tabs import open_tab, tab_of

DATES = [DeadlinesState.load, AnnouncementsState.load, CalendarState.load]


@pytest.mark.parametrize(
    ("address", "tab", "loads"),
    [
        ("/live-sync", "sync", LiveSyncState.load),
        ("/live-sync?tab=sync", "sync", LiveSyncState.load),
        ("/live-sync?tab=grades", "grades", GradesState.load),
        ("/live-sync?tab=deadlines", "deadlines", DATES),
        ("/live-sync?tab=connections&failed=1", "connections", LiveSyncState.load),
        ("/live-sync?tab=nonsense", "sync", LiveSyncState.load),
    ],
)
async def test_the_address_says_what_is_open_and_nothing_else_loads(
    student, address, tab, loads
) -> None:
    state = tab_of(student, SyncTabsState, address)
    assert await SyncTabsState.load.fn(state) == loads
    assert state.tab == tab


@pytest.mark.parametrize(
    ("tab", "address"),
    [
        ("grades", "/live-sync?tab=grades"),
        ("sync", "/live-sync"),
        ("nonsense", "/live-sync"),
    ],
)
async def test_opening_a_part_is_said_by_the_address(student, tab, address) -> None:
    state = tab_of(student, SyncTabsState, "/live-sync")
    event = await SyncTabsState.open_tab.fn(state, tab)
    assert f'"{address}"' in str(event.args)


async def test_a_visitor_opens_nothing(empty_database) -> None:
    state = open_tab(SyncTabsState, path="/live-sync")
    for attempt in (
        SyncTabsState.load.fn(state),
        SyncTabsState.refresh.fn(state),
        SyncTabsState.open_tab.fn(state, "grades"),
    ):
        with pytest.raises(SignInError):
            await attempt


async def test_the_space_used_grows_while_one_looks(student) -> None:
    state = tab_of(student, SyncTabsState, "/live-sync")
    await SyncTabsState.load.fn(state)
    assert state.space == ""
    course = await make_course(student)
    await make_material(course, blob=await make_blob(b"x" * 2_000))
    news = News(Topic.SYNC, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name for event in update.events] == [
        f"{SyncTabsState.get_full_name()}.refresh"
    ]
    await SyncTabsState.refresh.fn(state)
    assert state.space == "2 kB in 1 file"


@pytest.mark.parametrize(
    "words",
    [
        "Parts of Live Sync",
        "Grades",
        "Deadlines",
        "Connections",
        "Stop the sync",
        "Stopping",
        "What is here, what is not, and why",
        "See what to do",
        "Grades by course",
        "Due dates in your calendar",
        "Connect another Moodle",
    ],
)
def test_the_page_has_all_its_parts(words: str) -> None:
    assert words in str(page.page())
