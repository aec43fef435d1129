"""News from one process into the tabs of another, over a real Redis."""

import asyncio
from uuid import uuid4

import pytest

from studymaster import live
from studymaster.adapters import bus
from studymaster.adapters.bus import News, Topic, news_for
from studymaster.features.sync.state import LiveSyncState

MINA, JONAS = uuid4(), uuid4()


@pytest.fixture
def tabs() -> live.Tabs:
    tabs = live.Tabs()
    for token, account in (("mina", MINA), ("jonas", JONAS)):
        tabs.keep(token, account, session_id=uuid4())
        tabs.watch(token, Topic.SYNC, LiveSyncState.refresh, path="/live-sync")
    return tabs


def reached(tabs: live.Tabs, news: News) -> set[str]:
    return set(tabs.updates_for(news, closing={}))


def test_only_the_accounts_own_tabs_hear_of_it(tabs) -> None:
    assert reached(tabs, news_for(MINA, Topic.SYNC)) == {"mina"}
    assert reached(tabs, news_for(MINA, Topic.CARDS)) == set()


def test_a_tab_that_went_to_another_page_is_left_in_peace(tabs) -> None:
    tabs.watch("mina", Topic.CARDS, LiveSyncState.refresh, path="/smart-study")
    assert reached(tabs, news_for(MINA, Topic.SYNC)) == set()


def test_a_closed_tab_is_forgotten(tabs) -> None:
    tabs.forget_all_but({"jonas"})
    assert reached(tabs, news_for(MINA, Topic.SYNC)) == set()


def test_a_tab_that_changed_hands_hears_nothing_of_before(tabs) -> None:
    tabs.keep("mina", JONAS, session_id=uuid4())
    assert reached(tabs, news_for(MINA, Topic.SYNC)) == set()


def test_two_parts_of_a_page_may_want_the_same_news(tabs) -> None:
    tabs.watch("mina", Topic.SYNC, LiveSyncState.load, path="/live-sync")
    (update,) = tabs.updates_for(news_for(MINA, Topic.SYNC), closing={}).values()
    assert len(update.events) == 2


async def test_news_crosses_redis(services) -> None:
    heard = asyncio.create_task(anext(bus.listen()))
    told = news_for(MINA, Topic.SYNC, subject="run")
    while not heard.done():
        await bus.publish(told)
        await asyncio.wait([heard], timeout=0.05)
    assert await heard == told


async def test_redis_away_costs_only_the_news(monkeypatch) -> None:
    monkeypatch.setattr(bus.get_settings(), "redis_url", "redis://127.0.0.1:1/0")
    await bus.publish(news_for(MINA, Topic.SYNC))
    with pytest.raises(ConnectionError):
        await anext(bus.listen())
