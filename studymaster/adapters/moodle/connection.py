"""One connection to one site, spoken by aiohttp and handed on in the words of httpx.

aiohttp parses in C: a file costs half the processor time that it costs with httpx's own
transport. What it raises becomes what httpx would have raised.
"""

import ssl
from asyncio import sleep
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Final

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

READ_AHEAD = 256 * 1024
LONGEST_LINE = 64 * 1024
"""Of an answer's head, in bytes."""

CALLED: Final[Sequence[tuple[type[Exception], type[httpx.TransportError]]]] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.ClientConnectorCertificateError, httpx.ConnectError),
    (aiohttp.ClientOSError, httpx.ReadError),
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError),
    (aiohttp.ClientConnectionError, httpx.ReadError),
    (aiohttp.ClientPayloadError, httpx.RemoteProtocolError),
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol),
    (aiohttp.ClientError, httpx.RemoteProtocolError),
    (HttpProcessingError, httpx.RemoteProtocolError),
)
"""What aiohttp says, and what httpx calls it; the first that fits."""


class OneConnection(httpx.AsyncBaseTransport):
    """At most one connection, kept for the next request to the same place."""

    def __init__(self) -> None:
        """Begin without one: the first request opens it."""
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; the body of the answer is still to come."""
        with _called():
            answer = await self._ask(request)
        return httpx.Response(
            answer.status, headers=answer.raw_headers, stream=_Body(answer)
        )

    async def _ask(self, request: httpx.Request) -> aiohttp.ClientResponse:
        patience: dict[str, float | None] = request.extensions.get("timeout", {})
        self._session = self._session or _open_session()
        return await self._session.request(
            request.method,
            # Exactly as it is: file names lie in there.
            URL(str(request.url), encoded=True),
            headers=request.headers.multi_items(),
            data=await request.aread() or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(
                total=None,
                sock_connect=patience.get("connect"),
                sock_read=patience.get("read"),
            ),
            server_hostname=request.extensions.get("sni_hostname"),
        )

    async def aclose(self) -> None:
        """Close the connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            # The event loop closes sockets in its next round.
            await sleep(0)


class _Body(httpx.AsyncByteStream):
    """The body of an answer as it comes."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _called():
            async for piece in self._answer.content.iter_any():
                yield piece

    async def aclose(self) -> None:
        """Keep the connection if the body was read, and close it if not."""
        if self._answer.content.at_eof():
            self._answer.release()
        else:
            self._answer.close()
            await sleep(0)


def _open_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=1, ssl=_trusted(), use_dns_cache=False, happy_eyeballs_delay=None
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        read_bufsize=READ_AHEAD,
        max_line_size=LONGEST_LINE,
        max_field_size=LONGEST_LINE,
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        trust_env=False,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates that are trusted: loading them takes 30 ms of CPU."""
    return httpx.create_ssl_context()


@contextmanager
def _called() -> Generator[None]:
    try:
        yield
    except (aiohttp.ClientError, HttpProcessingError) as error:
        raise _name(error)(str(error) or type(error).__name__) from error


def _name(error: Exception) -> type[httpx.TransportError]:
    return next(name for kind, name in CALLED if isinstance(error, kind))
