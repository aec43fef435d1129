"""Serving the demo Moodle over HTTP."""

import asyncio
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.types import ASGIApp

from demo.app import create_app
from demo.opening import open_campus


def clock() -> datetime:
    """The present time of the demo, in UTC."""
    return datetime.now(UTC)


def server_for(app: ASGIApp, *, host: str, port: int) -> Server:
    """A server that runs inside the calling event loop: `await serve()`, then `stop()`.

    Args:
        app: the demo Moodle.
        host: address to listen on, a loopback address.
        port: TCP port.
    """
    return Server(
        app, address=host, port=port, interface=Interfaces.ASGINL, log_enabled=False
    )


def run(*, host: str, port: int, data: Path, now: Callable[[], datetime] = clock) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        host: address to listen on, a loopback address.
        port: TCP port.
        data: folder for the built PDFs.
        now: the clock.
    """
    app = create_app(open_campus(data, now=now()), now=now)
    asyncio.run(_serve(server_for(app, host=host, port=port)))


async def _serve(server: Server) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, server.stop)
    await server.serve()
