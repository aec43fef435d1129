"""The inbox in a tab."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.notifications.state import InboxState
from tests.features.notifications.telling import inbox, tell
from tests.tabs import open_tab, tab_of


async def tell_many(student, count: int) -> None:
    for number in range(count):
        await tell(student, f"c:{number}")


async def test_it_opens_with_the_newest_thirty_and_shows_more(student) -> None:
    await tell_many(student, 65)
    tab = tab_of(student, InboxState)
    await InboxState.load.fn(tab)
    assert (len(tab.items), tab.has_more) == (30, True)
    await InboxState.more.fn(tab)
    await InboxState.more.fn(tab)
    assert (len(tab.items), tab.has_more) == (65, False)


async def test_news_shows_what_came_and_keeps_what_was_looked_up(student) -> None:
    await tell_many(student, 40)
    tab = tab_of(student, InboxState)
    await InboxState.load.fn(tab)
    await InboxState.more.fn(tab)
    await tell(student, "late")
    news = News(Topic.NOTIFICATIONS, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name.rsplit(".", 1)[-1] for event in update.events] == ["refresh"]
    await InboxState.refresh.fn(tab)
    assert len(tab.items) >= 40


async def test_reading_one_leaves_the_others_unread(student) -> None:
    await tell_many(student, 2)
    tab = tab_of(student, InboxState)
    await InboxState.load.fn(tab)
    await InboxState.read.fn(tab, tab.items[0].id)
    assert [item.read for item in tab.items] == [True, False]
    assert tab.has_unread
    event = await InboxState.read_all.fn(tab)
    assert "ref_inbox" in str(event.args), "the focus stays in the list"
    assert [item.read for item in tab.items] == [True, True]
    assert not tab.has_unread


@pytest.mark.parametrize("wrong", ["", "x", None, 7])
async def test_nonsense_is_not_a_notification(student, wrong) -> None:
    with pytest.raises(NotFoundError):
        await InboxState.read.fn(tab_of(student, InboxState), wrong)


async def test_nobody_reads_anothers(student, other_student) -> None:
    await tell(student)
    (item,) = await inbox(student)
    with pytest.raises(NotFoundError):
        await InboxState.read.fn(tab_of(other_student, InboxState), item.id)


async def test_a_visitor_sees_nothing(empty_database) -> None:
    with pytest.raises(SignInError):
        await InboxState.load.fn(open_tab(InboxState))
