"""One connection, and what becomes of it when the other side misbehaves."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest

from studymaster.adapters.moodle.connection import OneConnection

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Site:
    """Answers every request on a connection with the same bytes, or hangs up."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked: list[bytes] = []
        self.opened = self.open = 0
        self.url = ""

    async def serve(self, reader, writer) -> None:
        self.opened += 1
        self.open += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.asked.append(head.split(b"\r\n")[0])
                writer.write(self.answer)
                await writer.drain()
                if not self.answer.startswith(GOOD[:12]):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def site(answer: bytes):
    served = Site(answer)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    served.url = f"http://{host}:{port}"
    async with server:
        yield served


@asynccontextmanager
async def connection():
    one = OneConnection()
    try:
        yield one
    finally:
        await one.aclose()


def get(url: str) -> httpx.Request:
    patience = httpx.Timeout(5.0).as_dict()
    return httpx.Request("GET", url, extensions={"timeout": patience})


async def ask(one: OneConnection, url: str) -> httpx.Response:
    response = await one.handle_async_request(get(url))
    await response.aread()
    return response


async def test_one_connection_serves_one_request_after_the_other() -> None:
    async with site(GOOD) as served, connection() as one:
        for _ in range(3):
            assert (await ask(one, served.url)).content == b"hello"
        assert (served.opened, served.open) == (1, 1)


@pytest.mark.parametrize(
    "path",
    [
        "/a%20b/%C3%A9.pdf",
        "/a%2Fb%2bc.pdf?forcedownload=1",
        "/x/%e2%82%ac;v=1/+&=@:.pdf",
        "/..%2f/%7E~'()*!",
    ],
)
async def test_a_file_is_asked_for_exactly_as_it_is_named(path) -> None:
    async with site(GOOD) as served, connection() as one:
        await ask(one, served.url + path)
        assert served.asked == [f"GET {path} HTTP/1.1".encode()]


async def test_a_body_that_nobody_reads_ends_the_connection() -> None:
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + bytes(2_000_000)
    async with site(large) as served, connection() as one:
        response = await one.handle_async_request(get(served.url))
        await response.aclose()
        served.answer = GOOD
        assert (await ask(one, served.url)).content == b"hello"
        assert served.opened == 2


async def test_an_answer_is_handed_on_as_it_came() -> None:
    packed = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: x-odd\r\nContent-Length: 2\r\n\r\n\x1f\x8b"
    )
    async with site(packed) as served, connection() as one:
        response = await one.handle_async_request(get(served.url))
        assert b"".join([part async for part in response.stream]) == b"\x1f\x8b"


async def test_a_long_line_in_the_head_is_read() -> None:
    line = b"X-Policy: " + b"a" * 60_000
    answer = GOOD.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n")
    async with site(answer) as served, connection() as one:
        assert (await ask(one, served.url)).content == b"hello"


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (b"", httpx.RemoteProtocolError),
        (b"garbage\r\n\r\n", httpx.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000, httpx.RemoteProtocolError),
        (b"HTTP/1.1 nonsense\r\n\r\n", httpx.RemoteProtocolError),
    ],
)
async def test_what_is_no_answer_is_named_as_httpx_names_it(answer, name) -> None:
    async with site(answer) as served, connection() as one:
        with pytest.raises(name):
            await ask(one, served.url)


async def test_nobody_there_is_named_as_httpx_names_it() -> None:
    async with site(GOOD) as served:
        url = served.url
    async with connection() as one:
        with pytest.raises(httpx.ConnectError):
            await ask(one, url)


async def test_a_silent_site_is_named_as_httpx_names_it() -> None:
    request = httpx.Request("GET", "", extensions={"timeout": {"read": 0.01}})

    async def say_nothing(reader, _writer) -> None:
        await reader.read()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    request.url = httpx.URL("http://{}:{}".format(*server.sockets[0].getsockname()))
    async with server, connection() as one:
        with pytest.raises(httpx.ReadTimeout):
            await one.handle_async_request(request)
