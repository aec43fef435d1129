"""News from one process into the tabs of another, over a real Redis."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from redis import asyncio as redis
from reflex.state import StateUpdate

from studymaster import live
from studymaster.adapters import bus
from studymaster.adapters.bus import News, Topic, news_for
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
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


def test_the_leaderboard_concerns_everybody_who_watches_it(tabs) -> None:
    tabs.watch("jonas", Topic.LEADERBOARD, LiveSyncState.refresh, path="/live-sync")
    tabs.watch("mina", Topic.LEADERBOARD, LiveSyncState.refresh, path="/live-sync")
    tabs.keep("visitor", uuid4(), session_id=uuid4())
    moved = News(Topic.LEADERBOARD, account_id=live.EVERYBODY)
    assert reached(tabs, moved) == {"mina", "jonas"}


def test_several_news_are_one_update_and_each_handler_runs_once(tabs) -> None:
    for topic in (Topic.CARDS, Topic.POINTS):
        tabs.watch("mina", topic, LiveSyncState.load, path="/live-sync")
    told = [news_for(MINA, topic) for topic in (Topic.CARDS, Topic.POINTS, Topic.SYNC)]
    ((token, update),) = tabs.updates_for(*told, closing={}).items()
    names = [event.name.rsplit(".", 1)[-1] for event in update.events]
    assert (token, sorted(names)) == ("mina", ["load", "refresh"])


def test_a_tab_whose_session_ended_is_closed_whatever_else_is_news(tabs) -> None:
    ended = uuid4()
    tabs.keep("mina", MINA, session_id=ended)
    tabs.watch("mina", Topic.SYNC, LiveSyncState.refresh, path="/live-sync")
    told = [
        news_for(MINA, Topic.SYNC),
        news_for(MINA, Topic.SESSION_ENDED, subject=str(ended)),
    ]
    (update,) = tabs.updates_for(*told, closing={"session": {"ended": True}}).values()
    assert (update.delta, update.events) == ({"session": {"ended": True}}, [])


async def test_news_crosses_redis(services) -> None:
    heard = asyncio.create_task(anext(bus.listen()))
    told = news_for(MINA, Topic.SYNC, subject="run")
    while not heard.done():
        await bus.publish(told)
        await asyncio.wait([heard], timeout=0.05)
    assert await heard == [told]


async def test_redis_away_costs_only_the_news(monkeypatch) -> None:
    monkeypatch.setattr(bus.get_settings(), "redis_url", "redis://127.0.0.1:1/0")
    await bus.publish(news_for(MINA, Topic.SYNC))
    with pytest.raises(ConnectionError):
        await anext(bus.listen())


@dataclass
class Sockets:
    """The open sockets of a web process; those of `broken` tabs cannot be written to."""

    token_to_sid: dict[str, str]
    broken: set[str] = field(default_factory=set)
    told: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    updates: dict[str, list[StateUpdate]] = field(default_factory=dict)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        if token in self.broken:
            raise OSError
        self.updates.setdefault(token, []).append(update)
        await self.told.put(token)

    async def next_told(self) -> str:
        return await asyncio.wait_for(self.told.get(), timeout=10)


@dataclass
class App:
    """As much of the web app as the relay uses."""

    event_namespace: Sockets


@dataclass
class Ear:
    """Somebody else in the process who wants the news."""

    heard: list[News] = field(default_factory=list)
    caught_up: int = 0

    def hear(self, news: News) -> None:
        self.heard.append(news)

    def catch_up(self) -> None:
        self.caught_up += 1


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def sockets(services, tabs, ear, monkeypatch) -> AsyncGenerator[Sockets]:
    """A relay at work for the tabs of Mina and Jonas."""
    monkeypatch.setattr(live, "tabs", tabs)
    monkeypatch.setattr(live, "LISTEN_AGAIN_SECONDS", 0)
    sockets = Sockets({"mina": "1", "jonas": "2"})
    relay = asyncio.create_task(live.relay(App(sockets), closing={}, ears=[ear]))
    assert {await sockets.next_told() for _ in range(2)} == {"mina", "jonas"}
    yield sockets
    relay.cancel()
    await asyncio.wait([relay])


async def send(message: object) -> None:
    async with redis.Redis.from_url(get_settings().redis_url) as client:
        await client.publish(bus.CHANNEL, json.dumps(message))


@pytest.mark.parametrize(
    "message",
    [
        {"topic": "of another version", "account_id": "a", "subject": ""},
        {"topic": "sync"},
        ["sync"],
        None,
    ],
)
async def test_news_nobody_understands_is_passed_over(sockets, message) -> None:
    await send(message)
    await bus.publish(news_for(MINA, Topic.SYNC))
    assert await sockets.next_told() == "mina"


async def test_one_broken_tab_does_not_silence_the_others(sockets, tabs) -> None:
    tabs.keep("second", MINA, session_id=uuid4())
    tabs.watch("second", Topic.SYNC, LiveSyncState.refresh, path="/live-sync")
    sockets.token_to_sid["second"] = "3"
    sockets.broken.add("mina")
    for _ in range(2):
        await bus.publish(news_for(MINA, Topic.SYNC))
        assert await sockets.next_told() == "second"


async def test_a_commit_with_several_news_is_one_update_of_a_tab(
    empty_database, sockets, tabs
) -> None:
    tabs.watch("mina", Topic.POINTS, LiveSyncState.refresh, path="/live-sync")
    async with unit_of_work() as work:
        for topic in (Topic.POINTS, Topic.SYNC):
            work.announce(news_for(MINA, topic))
    assert await sockets.next_told() == "mina"
    await bus.publish(news_for(JONAS, Topic.SYNC))
    assert await sockets.next_told() == "jonas"
    _, update = sockets.updates["mina"]  # the first came when listening began
    assert len(update.events) == 1


async def test_a_tab_hears_of_what_comes_after_an_update_too(sockets) -> None:
    for _ in range(20):
        await bus.publish(news_for(MINA, Topic.SYNC))
        assert await sockets.next_told() == "mina"


async def test_what_was_missed_while_redis_was_away_is_made_up_for(sockets) -> None:
    async with redis.Redis.from_url(get_settings().redis_url) as client:
        await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    assert {await sockets.next_told() for _ in range(2)} == {"mina", "jonas"}
    await bus.publish(news_for(MINA, Topic.SYNC))
    assert await sockets.next_told() == "mina"


async def test_another_ear_hears_the_same_and_learns_of_interruptions(sockets, ear) -> None:
    told = news_for(MINA, Topic.SYNC, subject="run")
    await bus.publish(told)
    assert await sockets.next_told() == "mina"
    assert (ear.heard, ear.caught_up) == ([told], 1)
    async with redis.Redis.from_url(get_settings().redis_url) as client:
        await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    assert {await sockets.next_told() for _ in range(2)} == {"mina", "jonas"}
    assert ear.caught_up == 2
