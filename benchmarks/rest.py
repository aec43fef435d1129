"""REST reads: a real server process over HTTP, one student, connections kept open."""

import asyncio
from datetime import datetime
from functools import partial
from http import HTTPStatus
from time import perf_counter

from aiohttp import ClientSession

from benchmarks import filling
from benchmarks.measure import (
    Timing,
    time_in_turns,
    time_once,
    time_rounds,
    timing,
)
from benchmarks.report import Report
from benchmarks.scene import Scene
from benchmarks.serving import serving

TITLE = "REST reads, one at a time; cold: nothing kept in Redis"
PATHS = (
    "/auth/me",
    "/courses",
    f"/courses/{filling.FIRST_MOODLE_ID}/materials",
    "/flashcards",
    "/flashcards/due",
    "/flashcards/stats",
    "/focus/stats",
    "/social/groups",
    "/notes",
    "/notifications",
    "/accountability/leaderboard",
)
ROUNDS = 100
PAIRS = 15
ASKERS = 16
ASKED_EACH = 40


class RefusedError(Exception):
    """The server did not answer as it should."""


async def measure(scene: Scene, now: datetime) -> Report:
    """Measure each path alone, then all of them asked by many at once."""
    report = Report(TITLE)
    peers = filling.fill_peers(scene, now=now)
    known = filling.fill_student(scene, peers, now=now)
    scene.look_over()
    headers = {"Authorization": f"Bearer {known.access}"}
    with serving(scene) as address:
        async with ClientSession(address, headers=headers) as client:
            await _crowd(client)  # until every process of the server is warm
            for path in PATHS:
                report.add(path, await _figures(scene, client, path))
            crowd = await _crowd(client)
    report.add(f"all of them, {ASKERS} askers at once", crowd.figures())
    return report


async def _read(client: ClientSession, path: str) -> int:
    async with client.get(f"/api/v1{path}") as answer:
        body = await answer.read()
        if answer.status != HTTPStatus.OK:
            msg = f"{path} was answered with {answer.status}: {body[:200]!r}"
            raise RefusedError(msg)
        return len(body)


async def _figures(scene: Scene, client: ClientSession, path: str) -> dict[str, float]:
    read = partial(_read, client, path)
    size = await read()
    alone = await time_rounds(read, rounds=ROUNDS, warm_up=10)
    both = await time_in_turns(read, read, rounds=PAIRS, before_first=scene.forget_kept)
    return alone.figures() | {
        "cold p50 ms": both.first.p50,
        "cold / warm": both.ratio,
        "KiB": size / 1024,
    }


async def _crowd(client: ClientSession) -> Timing:
    async def ask(start: int) -> list[float]:
        paths = [PATHS[(start + place) % len(PATHS)] for place in range(ASKED_EACH)]
        return [await time_once(partial(_read, client, path)) for path in paths]

    began = perf_counter()
    taken = await asyncio.gather(*map(ask, range(ASKERS)))
    seconds = perf_counter() - began
    return timing([ms for one in taken for ms in one], seconds=seconds)
