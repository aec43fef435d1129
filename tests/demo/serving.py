"""The demo Moodle on a real port of this machine, for tests that need a network."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from starlette.applications import Starlette

from demo.server import server_for


def free_port() -> int:
    """A port that the system has just handed out on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(address: str) -> None:
    """Return as soon as the front page comes."""
    for _attempt in range(2000):
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            threading.Event().wait(0.01)
    message = "The demo Moodle did not start."
    raise TimeoutError(message)


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """Serve an application in a thread; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    loop = asyncio.new_event_loop()
    server = server_for(app, host="127.0.0.1", port=port)
    thread = threading.Thread(target=loop.run_until_complete, args=(server.serve(),))
    thread.start()
    try:
        wait_until_it_answers(address)
        yield address
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join()
        loop.close()
