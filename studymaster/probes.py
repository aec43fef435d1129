"""How those who run the product look at it: does it live, can it serve, what are its figures."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from socketio import AsyncServer

from studymaster.adapters import database, metrics, queue, shortcut
from studymaster.config import get_settings
from studymaster.errors import NotFoundError
from studymaster.problems import problem

router = APIRouter(include_in_schema=False)

PATIENCE_SECONDS = 1.0
WATCH_SECONDS = 5.0
NAMESPACES = {"pages": "/_event", "events": "/events"}
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")

PARTS: dict[str, Callable[[], Awaitable[bool]]] = {
    "database": database.answers,
    "redis": shortcut.answers,
}


async def watch(server: AsyncServer) -> None:
    """Note every few seconds what is open here, as long as the process lives."""
    while True:
        for name, namespace in NAMESPACES.items():
            sockets = tuple(
                cast("Iterable[object]", server.manager.get_participants(namespace, None))
            )
            metrics.SOCKETS.labels(name).set(len(sockets))
        metrics.POOL.set(database.connections_in_use())
        await asyncio.sleep(WATCH_SECONDS)


class Health(BaseModel):
    """That the process lives; it says nothing about the parts it needs."""

    status: str = "ok"


@router.get("/healthz")
async def alive() -> Health:
    """Answer, which only a living process does."""
    return Health()


@router.get("/readyz")
async def ready() -> Response:
    """Tell whether PostgreSQL and Redis answer within a second."""
    answers = await asyncio.gather(*(_answers(part) for part in PARTS.values()))
    parts = {
        name: "ok" if answer else "away"
        for name, answer in zip(PARTS, answers, strict=True)
    }
    if all(answers):
        return JSONResponse({"status": "ok", "parts": parts})
    away = " and ".join(name for name, state in parts.items() if state == "away")
    status, detail = HTTPStatus.SERVICE_UNAVAILABLE, f"Not ready: {away} did not answer."
    return problem(status, detail, kind="NotReadyError", parts=parts)


async def everything_answers() -> bool:
    """Tell whether PostgreSQL and Redis answer within a second."""
    return all(await asyncio.gather(*(_answers(part) for part in PARTS.values())))


async def _answers(part: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await part()
    except TimeoutError:
        return False


@router.get("/metrics")
async def figures(request: Request) -> Response:
    """Return the figures for Prometheus, to whoever may see them."""
    if not _may_look(request):
        msg = "There is nothing at this address."
        raise NotFoundError(msg)
    waiting = await queue.waiting()
    shared = get_settings().prometheus_multiproc_dir
    text = metrics.exposition(waiting=waiting, shared=shared)
    return Response(text, media_type=metrics.MEDIA_TYPE)


def _may_look(request: Request) -> bool:
    """Let in who knows the token or, when there is none, who asks from next door.

    What came through a proxy is from anywhere, whatever the proxy's own address.
    """
    token = get_settings().metrics_token.get_secret_value()
    if token:
        given = request.headers.get("authorization", "")
        return compare_digest(given.encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    return request.client is not None and _is_near(request.client.host)


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private  # loopback included
    except ValueError:
        return False
