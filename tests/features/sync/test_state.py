"""The Live Sync page of one tab, without a browser."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.errors import ConflictError, SignInError
from studymaster.features.sync.state import LiveSyncState
from studymaster.jobs import JobName
from tests.factories.moodle import connect
from tests.features.accounts.test_state import signed_in
from tests.features.courses.test_service import BIOLOGY, keep
from tests.tabs import open_tab


async def test_a_visitor_sees_nothing(empty_database) -> None:
    with pytest.raises(SignInError):
        await LiveSyncState.load.fn(open_tab(LiveSyncState))


async def test_without_a_moodle_there_is_nothing_to_sync(empty_database, sent) -> None:
    tokens, _ = await signed_in()
    tab = open_tab(LiveSyncState, access=tokens.access, path="/live-sync")
    await LiveSyncState.load.fn(tab)
    assert (tab.loaded, tab.connections, tab.run.id) == (True, [], "")
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
    assert tab.run.state == "queued"
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
