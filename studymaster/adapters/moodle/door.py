"""The way to one Moodle site: a request goes out, an answer comes back whole, or a named failure."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

import httpx

from studymaster.adapters.moodle.address import PublicOnlyTransport, SiteAddress
from studymaster.adapters.moodle.failures import (
    CertificateError,
    MoodleError,
    NotAnswerableError,
    UnreachableError,
)
from studymaster.adapters.moodle.gate import Gate
from studymaster.adapters.moodle.lanes import Lane, Lanes
from studymaster.adapters.moodle.ledger import Outcome
from studymaster.adapters.moodle.wire import read_pause

LARGEST_ANSWER = 64 * 1024 * 1024
HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
    "User-Agent": "StudyMaster",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and the slowest transfer accepted, in bytes a second.

    `answer` bounds a whole web service answer and the head of a file. A file may take
    `silence` seconds plus its bytes at `slowest` bytes a second. Waiting for a turn at the
    site comes on top.
    """

    connect: float = 10.0
    silence: float = 30.0
    answer: float = 90.0
    slowest: int = 4096


PATIENCE: Final = Patience()
WATCHED: Final = Patience(connect=8.0, silence=10.0, answer=15.0)
"""While somebody sits before it and waits."""


class Door:
    """The connections to one site; every request of StudyMaster to it goes through here."""

    def __init__(self, lanes: Lanes, *, address: SiteAddress, patience: Patience) -> None:
        """Use these connections; the caller closes them."""
        self._lanes = lanes
        self._timeout = httpx.Timeout(patience.silence, connect=patience.connect).as_dict()
        self.address = address
        self.patience = patience
        self.requests = 0

    async def post(
        self, path: str, data: Mapping[str, str], *, kind: str
    ) -> tuple[int, httpx.Headers, bytes]:
        """Return status, headers and the whole body of one answer, bounded in time and size.

        Requests of one `kind` usually take about the same time.
        """
        return await self._ask(self._spell(self.address.url + path, data=data), kind)

    async def post_json(
        self, path: str, value: object, *, kind: str
    ) -> tuple[int, httpx.Headers, bytes]:
        """Send a JSON body instead of a form; otherwise like `post`."""
        return await self._ask(self._spell(self.address.url + path, json=value), kind)

    async def _ask(
        self, request: httpx.Request, kind: str
    ) -> tuple[int, httpx.Headers, bytes]:
        response, seconds = await self._send(request, kind=kind)
        try:
            async with asyncio.timeout(self.patience.answer - seconds):
                body = await self._read_all(response)
        except TimeoutError as error:
            raise UnreachableError(self.address.host, detail="too slow") from error
        finally:
            await response.aclose()
        return response.status_code, response.headers, body

    async def _read_all(self, response: httpx.Response) -> bytes:
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise NotAnswerableError(self.address.host, detail="endless answer")
        except httpx.TransportError as error:
            raise _connection_failure(error, host=self.address.host) from error
        except httpx.DecodingError as error:
            raise NotAnswerableError(self.address.host, detail=str(error)) from error
        return bytes(body)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send and return the answer with its body still to come.

        Its connection is busy until the body is read or closed.
        """
        return (await self._send(request, kind="file"))[0]

    async def _send(
        self, request: httpx.Request, *, kind: str
    ) -> tuple[httpx.Response, float]:
        """Return an answer, and after how many seconds it began."""
        lane = await self._lanes.take()
        try:
            response = await self._begin(request, lane)
        except BaseException:
            lane.is_broken = True
            self._lanes.free(lane)
            raise
        seconds = asyncio.get_running_loop().time() - lane.began
        pause = read_pause(response.headers)
        outcome = _judge(response.status_code, pause)
        asked = 0 if outcome is Outcome.ANSWERED else pause or 0
        # The first answer on a connection says more of the way there than of the site.
        kind = "" if lane.is_fresh else kind
        self._lanes.tell(lane, outcome, kind=kind, seconds=seconds, pause=asked)
        self._hold(lane, response)
        return response, seconds

    async def _begin(self, request: httpx.Request, lane: Lane) -> httpx.Response:
        self.requests += 1
        try:
            async with asyncio.timeout(self.patience.answer):
                response = await lane.transport.handle_async_request(request)
        except (TimeoutError, httpx.TransportError) as error:
            if isinstance(error, (TimeoutError, httpx.TimeoutException)):
                self._lanes.tell(lane, Outcome.BUSY)
            raise _connection_failure(error, host=self.address.host) from error
        response.request = request
        return response

    def _hold(self, lane: Lane, response: httpx.Response) -> None:
        """Free the lane when the answer is closed: now, if nothing of it is on its way."""
        stream = response.stream
        if response.is_closed or not isinstance(stream, httpx.AsyncByteStream):
            self._lanes.free(lane)
        else:
            response.stream = _HeldStream(stream, lane, self._lanes)

    def request(
        self, url: httpx.URL, data: Mapping[str, str], headers: Mapping[str, str]
    ) -> httpx.Request:
        """Return a request for one file of the site."""
        return self._spell(url, data=data, headers=headers)

    def _spell(
        self,
        url: httpx.URL | str,
        *,
        data: Mapping[str, str] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        return httpx.Request(
            "POST",
            url,
            data=data,
            json=json,
            headers={**HEADERS, **(headers or {})},
            extensions={"timeout": self._timeout},
        )


class _HeldStream(httpx.AsyncByteStream):
    """The bytes of an answer; the lane is free after them."""

    def __init__(self, inner: httpx.AsyncByteStream, lane: Lane, lanes: Lanes) -> None:
        self._inner = inner
        self._lane = lane
        self._lanes = lanes
        self._is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._inner:
                yield chunk
        except httpx.TransportError as error:
            self._lane.is_broken = True
            if isinstance(error, httpx.TimeoutException):
                self._lanes.tell(self._lane, Outcome.BUSY)
            raise

    async def aclose(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        try:
            await self._inner.aclose()
        except BaseException:
            self._lane.is_broken = True
            raise
        finally:
            self._lanes.free(self._lane)


def _judge(status: int, pause: int | None) -> Outcome:
    """Tell what a status says about how the site is doing."""
    if status == HTTPStatus.SERVICE_UNAVAILABLE and pause is not None:
        return Outcome.CLOSED
    bad = (
        status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )
    return Outcome.BUSY if bad else Outcome.ANSWERED


@asynccontextmanager
async def open_door(
    address: SiteAddress,
    *,
    allowed_hosts: frozenset[str],
    transport: httpx.AsyncBaseTransport | None,
    patience: Patience,
    gate: Gate,
) -> AsyncGenerator[Door]:
    """Open the way to a site; close its connections afterwards.

    With a `transport` every connection is one of its own; it is closed with the door.
    """
    open_way = partial(PublicOnlyTransport, allowed_hosts=allowed_hosts)
    if transport is not None:
        open_way = partial(_Shared, transport)
    lanes = Lanes(gate.at(f"{address.host}:{address.port}"), open_way)
    try:
        yield Door(lanes, address=address, patience=patience)
    finally:
        await lanes.close()
        if transport is not None:
            await transport.aclose()


class _Shared(httpx.AsyncBaseTransport):
    """A transport that others use too: it is left open."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._inner.handle_async_request(request)


def _connection_failure(error: Exception, *, host: str) -> MoodleError:
    """Name a failed connection; a certificate that does not fit is told apart."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateError(host, detail=str(cause))
        cause = cause.__cause__ or cause.__context__
    return UnreachableError(host, detail=f"{type(error).__name__}: {error}")
