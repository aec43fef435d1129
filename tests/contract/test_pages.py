"""The seven pages: each draws what belongs on it, and its tab shows and does real things."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability.state import OverviewState
from studymaster.features.accountability.state.entries import LedgerState
from studymaster.features.braindump.state import NotesState
from studymaster.features.campus.state.campus import CampusState
from studymaster.features.campus.state.groups import GroupsState
from studymaster.features.dashboard.state import DashboardState
from studymaster.features.flashcards.state import DecksState
from studymaster.features.focus.state.timer import TimerState
from studymaster.features.points import service as points
from studymaster.features.sync.state import LiveSyncState
from tests.conftest import NOON
from tests.contract.drawn import code_of, screen_at
from tests.contract.lines import contract
from tests.contract.people import Person
from tests.factories.moodle import connect
from tests.features.flashcards.pile import make_card
from tests.features.library.shelf import make_lecture
from tests.tabs import SomeState, open_tab

Open = Callable[..., SomeState]


@pytest.fixture
def tab(mina: Person):
    """Open tabs of a student's, as a browser with her cookies does."""

    def open_one(kind: type[SomeState], path: str) -> SomeState:
        access = mina.http.cookies["sm_access"]
        return open_tab(kind, access=access, token=uuid4().hex, path=path)

    return open_one


def shows(route: str, title: str, *words: str) -> None:
    """Check that a page is there, has its one heading, and draws these words."""
    assert screen_at(route).title == title
    code = code_of(route)
    assert '"h1"' in code
    for word in words:
        assert word in code, f"{route} does not say {word!r}"


@contract("Dashboard")
async def test_the_dashboard_shows_the_day(mina: Person, tab: Open) -> None:
    shows("/", "Dashboard", "Start today's route", "Courses", "Deadlines")
    await make_card(mina.student, await make_lecture(mina.student))
    page = tab(DashboardState, "/")
    await page.load()
    assert (page.loaded, page.due, page.course_count) == (True, 1, 1)
    assert [course.due for course in page.courses] == [1]
    assert "Mina" in page.greeting


@contract("SmartStudy")
async def test_smart_study_shows_decks_and_what_waits(mina: Person, tab: Open) -> None:
    shows("/smart-study", "Smart Study", "Add card", "Review", "New deck")
    await make_card(mina.student, await make_lecture(mina.student))
    page = tab(DecksState, "/smart-study")
    await page.load()
    (deck,) = page.decks
    assert (deck.shortname, deck.waiting, page.waiting) == ("BIO 101", 1, 1)
    await page.toggle_course(deck.course_id)
    assert [one.name for section in page.sections for one in section.materials] == [
        "Lecture 7.pdf"
    ]


@contract("FocusMode")
async def test_focus_has_one_clock_for_all_tabs(mina: Person, tab: Open, hands) -> None:
    shows("/focus", "Focus", "Minutes of a round", "Start")
    first, second = (tab(TimerState, "/focus") for _ in range(2))
    await first.load()
    form = {"preset": "25", "rounds": "1", "break": "5", "task": "Read"}
    await first.start(form)
    hands.forward(minutes=10)
    await second.load()
    assert (second.timer.running, second.timer.task) == (True, "Read")
    assert (second.timer.focus_ms, second.timer.spent_ms) == (1_500_000, 600_000)
    await second.pause()
    await first.check()
    assert (first.timer.id, first.timer.running) == (second.timer.id, False)
    assert len(first.sounds) >= 6


@contract("CampusUnderground")
async def test_campus_opens_ones_groups(mina: Person, tab: Open) -> None:
    shows("/campus", "Campus Underground", "Groups", "Buddies", "Resources", "Questions")
    await mina.post("/social/groups", {"name": "Night owls"})
    page = tab(CampusState, "/campus?tab=groups")
    assert await page.load() == GroupsState.load
    part = tab(GroupsState, "/campus")
    await part.load()
    assert [group.name for group in part.groups] == ["Night owls"]


@contract("LiveSync")
async def test_live_sync_shows_a_site_and_starts_a_run(mina: Person, tab: Open) -> None:
    shows("/live-sync", "Live Sync", "Sync now")
    await connect(mina.student)
    page = tab(LiveSyncState, "/live-sync")
    await page.load()
    assert [one.site_name for one in page.connections] == ["Uni"]
    await page.sync_now()
    (run,) = (await mina.get("/courses/sync"))["items"]
    assert ([one.id for one in page.runs], page.under_way) == ([run["id"]], True)


@contract("Accountability")
async def test_accountability_says_where_points_come_from(mina: Person, tab: Open) -> None:
    shows("/accountability", "Accountability", "Leaderboard", "Challenges", "Achievements")
    async with unit_of_work() as work:
        await points.award(
            work, student=mina.student, amount=7, cause="x", sentence="For x.", now=NOON
        )
    page, entries = (tab(kind, "/accountability") for kind in (OverviewState, LedgerState))
    await page.load()
    await entries.load()
    assert page.figures.points == "7"
    assert [one.sentence for one in entries.entries] == ["For x."]
    await page.join(page.challenges[0].code)
    assert page.challenges[0].joined


@contract("BrainDump")
async def test_brain_dump_takes_a_thought_and_finds_it(mina: Person, tab: Open) -> None:
    shows("/brain-dump", "Brain Dump", "Search your notes")
    page, other = (tab(NotesState, "/brain-dump") for _ in range(2))
    for words in ("Osmosis is slow #exam", "Ask about ribosomes"):
        await page.catch(str(uuid4()), words, "thought")
    await other.load()
    assert (other.count, [one.name for one in other.tags]) == (2, ["exam"])
    await other.search("ribosomes")
    assert [row.title for row in other.rows] == ["Ask about ribosomes"]
    assert len((await mina.get("/notes"))["items"]) == 2
