"""A Redis that fails is passed by; one that was restarted is known by its era."""

import asyncio

import pytest
from redis import Redis

from studymaster.adapters import shortcut
from studymaster.adapters.shortcut import PassedByError
from studymaster.config import get_settings


async def ping() -> object:
    async with shortcut.of_this_loop().attempt() as client:
        return await client.execute_command("PING")


async def test_a_redis_that_answers_is_known_by_its_run(services) -> None:
    await ping()
    with Redis.from_url(get_settings().redis_url) as client:
        assert shortcut.of_this_loop().era == client.info("server")["run_id"]


async def test_one_failure_closes_the_way_for_a_while(services, monkeypatch) -> None:
    way = shortcut.of_this_loop()
    with pytest.raises(PassedByError, match="broken"):
        async with way.attempt():
            raise OSError("broken")  # noqa: EM101
    with pytest.raises(PassedByError, match="a moment ago"):
        await ping()
    way._rests_until = 0.0
    assert await ping() in {b"PONG", True}


async def test_a_fault_of_ours_closes_nothing(services) -> None:
    with pytest.raises(ZeroDivisionError):
        async with shortcut.of_this_loop().attempt():
            raise ZeroDivisionError
    await ping()


async def test_another_address_is_another_way(services, monkeypatch) -> None:
    before = shortcut.of_this_loop()
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    assert shortcut.of_this_loop() is not before
    with pytest.raises(PassedByError):
        await ping()


async def test_a_connection_that_was_cut_is_replaced_without_a_word(services) -> None:
    await ping()
    with Redis.from_url(get_settings().redis_url) as client:
        client.client_kill_filter(_type="normal", skipme=True)
    await asyncio.sleep(0)
    await ping()


async def test_a_task_that_is_told_to_end_ends_wherever_it_is(services) -> None:
    async def ask_on_and_on() -> None:
        while True:
            await ping()

    for steps in range(60):
        task = asyncio.create_task(ask_on_and_on())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        ended, _ = await asyncio.wait([task], timeout=5)
        assert ended, steps
