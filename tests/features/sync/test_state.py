"""The Live Sync page of one tab, without a browser."""

from uuid import uuid4

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError, SignInError
from studymaster.features.sync.state import LiveSyncState
from studymaster.jobs import JobName
from studymaster.models import Course, RunState, SyncRun
from tests.factories.moodle import connect, make_run
from tests.features.accounts.test_state import signed_in
from tests.features.courses.test_service import BIOLOGY, keep
from tests.features.sync.past import Past, make_past
from tests.tabs import open_tab


async def test_a_visitor_sees_nothing(empty_database) -> None:
    with pytest.raises(SignInError):
        await LiveSyncState.load.fn(open_tab(LiveSyncState))


async def test_without_a_moodle_there_is_nothing_to_sync(empty_database, sent) -> None:
    tokens, _ = await signed_in()
    tab = open_tab(LiveSyncState, access=tokens.access, path="/live-sync")
    await LiveSyncState.load.fn(tab)
    assert (tab.loaded, tab.connections, tab.runs) == (True, [], [])
    with pytest.raises(ConflictError, match="Connect"):
        await LiveSyncState.sync_now.fn(tab)
    assert sent == []


async def test_asking_for_a_sync_shows_that_it_waits(empty_database, sent) -> None:
    tokens, student = await signed_in()
    await keep(await connect(student), BIOLOGY)
    tab = open_tab(LiveSyncState, access=tokens.access, path="/live-sync")
    await LiveSyncState.load.fn(tab)
    await LiveSyncState.sync_now.fn(tab)
    await LiveSyncState.sync_now.fn(tab)
    assert tab.panel.state == "queued"
    assert [course.shortname for course in tab.courses] == ["BIO 110"]
    assert {job.name for job in sent} == {JobName.SYNC_ACCOUNT}


async def test_news_of_a_sync_reaches_the_tab_while_it_is_on_the_page(
    empty_database,
) -> None:
    tokens, student = await signed_in()
    tab = open_tab(LiveSyncState, access=tokens.access, path="/live-sync")
    await LiveSyncState.load.fn(tab)
    news = News(Topic.SYNC, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name for event in update.events] == [
        f"{LiveSyncState.get_full_name()}.refresh"
    ]


async def on_the_page() -> tuple[LiveSyncState, Past]:
    tokens, student = await signed_in()
    past = await make_past(student)
    tab = open_tab(LiveSyncState, access=tokens.access, path="/live-sync")
    return tab, past


ANYTHING = ("sync_course", "open_run")


@pytest.mark.parametrize("event", ANYTHING)
async def test_a_visitor_may_ask_for_nothing(empty_database, event) -> None:
    with pytest.raises(SignInError):
        await getattr(LiveSyncState, event).fn(open_tab(LiveSyncState), str(uuid4()))


async def test_a_visitor_may_switch_nothing(empty_database) -> None:
    tab = open_tab(LiveSyncState)
    for attempt in (
        LiveSyncState.switch_course.fn(tab, str(uuid4()), on=False),
        LiveSyncState.switch_automatic.fn(tab, on=False),
        LiveSyncState.show_older.fn(tab),
        LiveSyncState.show_newer.fn(tab),
        LiveSyncState.close_run.fn(tab),
    ):
        with pytest.raises(SignInError):
            await attempt


async def test_another_students_courses_and_runs_are_not_there(
    empty_database, other_student
) -> None:
    tab, _ = await on_the_page()
    foreign = await make_past(other_student)
    run = await make_run(foreign.connection)
    course = str(foreign.biology.id)
    for attempt in (
        LiveSyncState.sync_course.fn(tab, course),
        LiveSyncState.switch_course.fn(tab, course, on=False),
        LiveSyncState.open_run.fn(tab, str(run.id)),
        LiveSyncState.open_run.fn(tab, "no id"),
        LiveSyncState.sync_course.fn(tab, ""),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    async with unit_of_work() as work:
        kept = await work.session.get(Course, foreign.biology.id)
    assert kept is not None
    assert kept.sync_enabled


async def test_a_course_is_switched_off_and_on_at_once(empty_database) -> None:
    tab, past = await on_the_page()
    await LiveSyncState.load.fn(tab)
    for on in (False, True):
        await LiveSyncState.switch_course.fn(tab, str(past.biology.id), on=on)
        shown = {course.shortname: course.sync_enabled for course in tab.courses}
        assert shown == {"BIO 110": on, "CHEM 221": True}
    await LiveSyncState.switch_course.fn(tab, str(past.biology.id), on=False)
    with pytest.raises(ConflictError):
        await LiveSyncState.sync_course.fn(tab, str(past.biology.id))


async def test_only_one_course_can_be_asked_for(empty_database, sent) -> None:
    tab, past = await on_the_page()
    await LiveSyncState.load.fn(tab)
    await LiveSyncState.sync_course.fn(tab, str(past.biology.id))
    assert tab.under_way
    assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]


async def test_runs_come_by_themselves_unless_switched_off(empty_database) -> None:
    tab, _ = await on_the_page()
    await LiveSyncState.load.fn(tab)
    assert tab.automatic
    await LiveSyncState.switch_automatic.fn(tab, on=False)
    assert not tab.automatic
    await LiveSyncState.load.fn(tab)
    assert not tab.automatic


async def test_past_runs_are_turned_over_twenty_at_a_time(empty_database) -> None:
    tab, past = await on_the_page()
    for minutes in range(25):
        await make_run(past.connection, minutes_ago=minutes, bytes_done=minutes + 1)
    await LiveSyncState.load.fn(tab)
    assert (len(tab.past), tab.more_past, tab.past_page) == (20, True, 0)
    first = tab.past
    await LiveSyncState.open_run.fn(tab, first[0].id)
    await LiveSyncState.show_older.fn(tab)
    assert (len(tab.past), tab.more_past, tab.past_page) == (5, False, 1)
    assert tab.opened.id == ""
    await LiveSyncState.show_older.fn(tab)
    assert tab.past_page == 1
    for _ in range(2):
        await LiveSyncState.show_newer.fn(tab)
        assert (tab.past, tab.past_page) == (first, 0)


async def test_a_run_that_ends_leaves_the_page_that_is_looked_at(empty_database) -> None:
    tab, past = await on_the_page()
    for minutes in range(25):
        await make_run(past.connection, minutes_ago=minutes, bytes_done=minutes + 1)
    await LiveSyncState.load.fn(tab)
    await LiveSyncState.show_older.fn(tab)
    await LiveSyncState.sync_now.fn(tab)
    assert (len(tab.past), tab.past_page) == (5, 1)


async def test_a_past_run_opens_and_closes(empty_database) -> None:
    tab, past = await on_the_page()
    run = await make_run(past.connection)
    await past.change(run, past.biology, "Cells")
    await past.miss(run, "Film")
    await LiveSyncState.load.fn(tab)
    assert [group.course for group in tab.changes] == ["BIO 110"]
    await LiveSyncState.open_run.fn(tab, str(run.id))
    assert [change.name for change in tab.opened.changes] == ["Cells"]
    assert [issue.item_name for issue in tab.opened.issues] == ["Film"]
    await LiveSyncState.close_run.fn(tab)
    assert tab.opened.id == ""


async def test_a_run_that_ends_joins_the_past_while_one_looks(empty_database) -> None:
    tab, past = await on_the_page()
    run = await make_run(past.connection, state=RunState.RUNNING)
    await LiveSyncState.load.fn(tab)
    assert (tab.under_way, tab.past) == (True, [])
    async with unit_of_work() as work:
        row = await work.session.get(SyncRun, run.id)
        assert row is not None
        row.state = RunState.DONE
    await LiveSyncState.refresh.fn(tab)
    assert (tab.under_way, [one.id for one in tab.past]) == (False, [str(run.id)])
