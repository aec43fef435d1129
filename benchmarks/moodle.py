"""The demo Moodle as a process of its own that counts what is asked of it.

`python -m benchmarks.moodle PORT FOLDER [COURSES FILES heavy|plain]`: the campus of five courses,
or a term of that size; GET /counted says how much was asked so far.
"""

import asyncio
import signal
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from benchmarks.scene import LOOPBACK
from demo.app import create_app
from demo.campus import Campus
from demo.opening import open_campus
from demo.server import server_for
from demo.term import Size, open_term

COUNTED = "/counted"


@dataclass(slots=True)
class Counts:
    """Requests, and the bytes of the answers to them."""

    requests: int = 0
    sent_bytes: int = 0


class Counting:
    """Counts all that passes."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of `app`."""
        self._app, self._counts = app, Counts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or say what was counted."""
        if scope["type"] == "http" and scope["path"] == COUNTED:
            await JSONResponse(asdict(self._counts))(scope, receive, send)
            return

        async def send_counted(message: Message) -> None:
            self._counts.sent_bytes += len(message.get("body", b""))
            await send(message)

        self._counts.requests += scope["type"] == "http"
        await self._app(scope, receive, send_counted)


def _clock() -> datetime:
    return datetime.now(UTC)


def _campus(folder: Path, wish: list[str]) -> Campus:
    if not wish:
        return open_campus(folder, now=_clock())
    courses, files, weight = wish
    size = Size(
        courses=int(courses),
        files=int(files),
        heavy=weight == "heavy",
        plain=weight == "plain",
    )
    return open_term(folder, now=_clock(), size=size)


async def _serve(port: int, campus: Campus) -> None:
    server = server_for(Counting(create_app(campus, now=_clock)), host=LOOPBACK, port=port)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), _campus(Path(sys.argv[2]), sys.argv[3:])))
