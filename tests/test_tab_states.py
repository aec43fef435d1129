"""Locks on the states of tabs, over a real Redis."""

import asyncio
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from reflex.config import get_config
from reflex.istate.manager import StateManager
from reflex.istate.manager.redis import LockExpiredError
from reflex.istate.manager.token import BaseStateToken

from studymaster.config import get_settings
from studymaster.features.braindump.state import NotesState
from studymaster.studymaster import app
from studymaster.tab_states import TabStates

STEPS = 120
"""More than an event takes from asking for its lock until that is given back."""


@pytest.fixture
async def states(services):
    async with Redis.from_url(get_settings().redis_url) as redis:
        manager = TabStates(redis=redis, token_expiration=60)
        yield manager
        await manager.close()


async def use(states: TabStates, token: BaseStateToken) -> None:
    async with states.modify_state(token):
        pass


async def test_an_event_that_is_called_off_anywhere_leaves_no_lock(states) -> None:
    for steps in range(STEPS):
        token = BaseStateToken(ident=uuid4().hex, cls=NotesState)
        task = asyncio.create_task(use(states, token))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        async with asyncio.timeout(5):  # a lock that is left lasts for ten seconds
            await use(states, token)


async def test_a_lock_that_ran_out_meanwhile_is_told(states) -> None:
    token = BaseStateToken(ident=uuid4().hex, cls=NotesState)
    with pytest.raises(LockExpiredError):
        async with states.modify_state(token):
            async for key in states.redis.scan_iter(f"*{token.ident}*lock*"):
                await states.redis.set(key, b"another")


async def test_the_product_keeps_its_tabs_there(services, monkeypatch) -> None:
    assert app.event_namespace is not None
    monkeypatch.setattr(get_config(), "redis_url", get_settings().redis_url)
    monkeypatch.setattr(get_config(), "state_manager_mode", "redis")
    made = StateManager.create()
    assert isinstance(made, TabStates)
    await made.close()
