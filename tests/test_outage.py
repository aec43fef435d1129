"""A part that is away is said in every tab, for as long as it is away."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest
from reflex.state import StateUpdate

from studymaster import outage, probes
from studymaster.config import get_settings

AWAY, BACK = {"tab": {"away": True}}, {"tab": {"away": False}}
NOWHERE = "redis://127.0.0.1:1/0"


@dataclass
class Sockets:
    """The open sockets of a web process; the tab `broken` cannot be written to."""

    token_to_sid: dict[str, str] = field(default_factory=lambda: {"mina": "1"})
    told: asyncio.Queue[tuple[str, bool]] = field(default_factory=asyncio.Queue)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        if token == "broken":
            raise OSError
        await self.told.put((token, update.delta["tab"]["away"]))

    async def next_told(self) -> tuple[str, bool]:
        return await asyncio.wait_for(self.told.get(), timeout=20)


@dataclass
class App:
    """As much of the web app as an outage needs."""

    event_namespace: Sockets


@pytest.fixture
async def sockets(empty_database) -> AsyncGenerator[Sockets]:
    """Tabs of a process that looks again and again whether all parts answer."""
    sockets = Sockets()
    task = asyncio.create_task(
        outage.tell(
            App(sockets),
            whole=probes.everything_answers,
            away=AWAY,
            back=BACK,
            every=0,
        )
    )
    yield sockets
    task.cancel()
    await asyncio.wait([task])


async def test_tabs_are_told_of_an_outage_and_of_its_end(sockets, monkeypatch) -> None:
    with monkeypatch.context() as away:
        away.setattr(get_settings(), "redis_url", NOWHERE)
        assert await sockets.next_told() == ("mina", True)
    told = await sockets.next_told()
    while told == ("mina", True):
        told = await sockets.next_told()
    assert told == ("mina", False)
    assert sockets.told.empty()


async def test_a_tab_that_opens_during_an_outage_learns_of_it(sockets, monkeypatch) -> None:
    monkeypatch.setattr(get_settings(), "redis_url", NOWHERE)
    assert await sockets.next_told() == ("mina", True)
    sockets.token_to_sid["newcomer"] = "2"
    told = await sockets.next_told()
    while told == ("mina", True):
        told = await sockets.next_told()
    assert told == ("newcomer", True)


async def test_a_tab_that_closes_meanwhile_hinders_nobody(sockets, monkeypatch) -> None:
    sockets.token_to_sid = {"broken": "3", "mina": "1"}
    monkeypatch.setattr(get_settings(), "redis_url", NOWHERE)
    assert await sockets.next_told() == ("mina", True)
