"""A site on a real socket that counts the connections that are open at it, at every moment."""

import asyncio
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

BODY = b"[]".ljust(3000)
ESTABLISHED = 1  # as the kernel tells it


@dataclass
class Porter:
    """What a site sees of its callers, and how it answers them.

    `open` connections now, `most` of them at once, `accepted` in all; `asked` requests. An
    answer takes `seconds`; with `closes` it is the last one on its connection. A request for
    /unread gets an answer that never ends, one for /busy is sent away.
    """

    open: int = 0
    most: int = 0
    accepted: int = 0
    asked: int = 0
    seconds: float = 0.002
    closes: bool = False
    host: str = ""
    transports: set = field(default_factory=set)


def is_open(transport) -> bool:
    """Tell whether neither side has closed: who has gone may not have been noticed yet."""
    if transport.is_closing():
        return False
    inner = transport.get_extra_info("socket")
    told = inner.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
    return told[0] == ESTABLISHED


class _Visitor(asyncio.Protocol):
    def __init__(self, porter: Porter) -> None:
        self.porter = porter
        self.inside = False
        self.read = b""

    def connection_made(self, transport) -> None:
        self.transport, self.inside = transport, True
        porter = self.porter
        porter.transports.add(transport)
        porter.open += 1
        porter.accepted += 1
        porter.most = max(porter.most, sum(map(is_open, porter.transports)))

    def eof_received(self) -> None:
        self.leave()

    def connection_lost(self, _error) -> None:
        self.leave()
        self.porter.transports.discard(self.transport)

    def leave(self) -> None:
        self.porter.open -= self.inside
        self.inside = False

    def data_received(self, data) -> None:
        self.read += data
        head, found, body = self.read.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < length:
            return
        self.read = b""
        self.porter.asked += 1
        path = head.split()[1].decode()
        asyncio.get_running_loop().call_later(self.porter.seconds, self.answer, path)

    def answer(self, path: str) -> None:
        if self.transport.is_closing():
            return
        status, length = HTTPStatus.OK, len(BODY)
        if path == "/busy":
            status = HTTPStatus.TOO_MANY_REQUESTS
        if path == "/unread":
            length *= 1000
        lines = [f"HTTP/1.1 {status.value} X", f"Content-Length: {length}"]
        lines += ["Connection: close"] * self.porter.closes
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + BODY)
        if self.porter.closes:
            self.leave()
            self.transport.close()


@asynccontextmanager
async def porter_at_work(**wishes):
    """Let a porter answer on a free port of this machine."""
    porter = Porter(**wishes)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Visitor(porter), "127.0.0.1", 0)
    porter.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield porter
    finally:
        server.close()
        for transport in list(porter.transports):
            transport.abort()
        await server.wait_closed()
