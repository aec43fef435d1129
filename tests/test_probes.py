"""Whether it lives, whether it can serve, and its figures for those who may see them."""

import asyncio

import httpx
import pytest
import socketio
from redis import Redis

from studymaster import probes
from studymaster.adapters import shortcut
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.api import create_api
from studymaster.config import get_settings
from studymaster.jobs import QUEUE, SYNC_QUEUE


async def ask(path: str, *, peer: str = "127.0.0.1", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.ASGITransport(app=create_api(), client=(peer, 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        return await client.get(path, headers=named)


def set_to(monkeypatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name.upper(), value)
    get_settings.cache_clear()
    get_engine.cache_clear()


async def test_a_process_lives_whatever_it_needs() -> None:
    answer = await ask("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_it_is_ready_when_both_parts_answer(empty_database) -> None:
    answer = await ask("/readyz")
    assert answer.status_code == 200
    assert answer.json()["parts"] == {"database": "ok", "redis": "ok"}


@pytest.mark.parametrize(
    ("setting", "value", "part"),
    [
        ("database_url", "postgresql://nobody@127.0.0.1:1/none", "database"),
        ("redis_url", "redis://127.0.0.1:1/0", "redis"),
    ],
)
async def test_the_part_that_is_away_is_named(
    empty_database, monkeypatch, setting, value, part
) -> None:
    set_to(monkeypatch, **{setting: value})
    answer = await ask("/readyz")
    get_engine.cache_clear()
    assert answer.status_code == 503
    assert answer.json()["detail"] == f"Not ready: {part} did not answer."
    assert [name for name, state in answer.json()["parts"].items() if state == "away"] == [
        part
    ]


async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def test_a_part_that_never_answers_is_not_waited_for(
    empty_database, monkeypatch
) -> None:
    server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    async with server, asyncio.timeout(30):
        port = server.sockets[0].getsockname()[1]
        set_to(monkeypatch, redis_url=f"redis://127.0.0.1:{port}/0")
        answer = await ask("/readyz")
    assert answer.json()["parts"] == {"database": "ok", "redis": "away"}


def test_a_part_is_waited_for_a_second() -> None:
    assert probes.PATIENCE_SECONDS == 1


async def test_the_figures_of_the_contract_are_there(empty_database) -> None:
    async with unit_of_work() as work:
        await work.session.connection()
    with Redis.from_url(get_settings().redis_url) as client:
        client.rpush(SYNC_QUEUE, "a job", "another")
    await ask("/api/v1/health")
    watch = asyncio.create_task(probes.watch(socketio.AsyncServer(async_mode="asgi")))
    await asyncio.sleep(0)
    watch.cancel()
    figures = (await ask("/metrics")).text
    for name in (
        'studymaster_api_request_seconds_bucket{le="0.005",method="GET",route="/api/v1/health"',
        'studymaster_websocket_connections{namespace="pages"} 0.0',
        "studymaster_cache_reads_total",
        f'studymaster_queue_jobs{{queue="{QUEUE}"}} 0.0',
        f'studymaster_queue_jobs{{queue="{SYNC_QUEUE}"}} 2.0',
        'studymaster_database_query_seconds_count{statement="',
        "studymaster_database_connections 0.0",
    ):
        assert name in figures, name


async def test_while_redis_is_away_the_other_figures_are_there(monkeypatch) -> None:
    set_to(monkeypatch, redis_url="redis://127.0.0.1:1/0")
    answer = await ask("/metrics")
    assert answer.status_code == 200
    assert "studymaster_queue_jobs{" not in answer.text


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.1.2.3", {}, 200),
        ("8.8.8.8", {}, 404),
        ("127.0.0.1", {"x_forwarded_for": "8.8.8.8"}, 404),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, 404),
        ("somewhere", {}, 404),
    ],
)
async def test_without_a_token_only_the_neighbours_see_the_figures(
    services, peer, headers, status
) -> None:
    assert (await ask("/metrics", peer=peer, **headers)).status_code == status


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer of figures", 200), ("Bearer of news", 404), ("", 404), ("Bearer é", 404)],
)
async def test_with_a_token_it_takes_the_token_wherever_one_asks_from(
    services, monkeypatch, given, status
) -> None:
    set_to(monkeypatch, metrics_token="of figures")
    headers = {"authorization": given.encode()} if given else {}
    for peer in ("127.0.0.1", "8.8.8.8"):
        assert (await ask("/metrics", peer=peer, **headers)).status_code == status


async def test_redis_is_asked_again_although_it_failed_a_moment_ago(services) -> None:
    shortcut.of_this_loop()._rests_until = float("inf")
    assert await shortcut.answers()
