"""The way to one Moodle site: a request goes out, an answer comes back whole, or a named failure."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx

from studymaster.adapters.moodle.address import PublicOnlyTransport, SiteAddress
from studymaster.adapters.moodle.failures import (
    CertificateError,
    MoodleError,
    MovedError,
    NotAnswerableError,
    UnreachableError,
)
from studymaster.adapters.moodle.gate import Gate, Outcome, Turn
from studymaster.adapters.moodle.wire import read_pause

LARGEST_ANSWER = 64 * 1024 * 1024


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


class Door:
    """The connections to one site; every request of StudyMaster to it goes through here."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        address: SiteAddress,
        patience: Patience,
        gate: Gate,
    ) -> None:
        """Use an opened client; the caller closes it."""
        self._client = client
        self._gate = gate
        self.address = address
        self.patience = patience
        self.requests = 0

    async def post(
        self, path: str, data: Mapping[str, str], *, kind: str
    ) -> tuple[int, httpx.Headers, bytes]:
        """Return status, headers and the whole body of one answer, bounded in time and size.

        Requests of one `kind` usually take about the same time.
        """
        url = self.address.url + path
        return await self._ask(self._client.build_request("POST", url, data=data), kind)

    async def post_json(
        self, path: str, value: object, *, kind: str
    ) -> tuple[int, httpx.Headers, bytes]:
        """Send a JSON body instead of a form; otherwise like `post`."""
        url = self.address.url + path
        return await self._ask(self._client.build_request("POST", url, json=value), kind)

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

        The turn at the site lasts until the body is read or closed.
        """
        return (await self._send(request, kind="file"))[0]

    async def _send(
        self, request: httpx.Request, *, kind: str
    ) -> tuple[httpx.Response, float]:
        """Return an answer, and after how many seconds it began."""
        turn = await self._gate.enter(f"{self.address.host}:{self.address.port}")
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            response = await self._begin(request, turn)
        except BaseException:
            await turn.leave()
            raise
        seconds = clock() - began
        pause = read_pause(response.headers)
        outcome = _judge(response.status_code, pause)
        turn.tell(
            outcome,
            kind=kind,
            seconds=seconds,
            retry_after=None if outcome == Outcome.ANSWERED else pause,
        )
        await _hold(turn, response)
        return response, seconds

    async def _begin(self, request: httpx.Request, turn: Turn) -> httpx.Response:
        self.requests += 1
        try:
            async with asyncio.timeout(self.patience.answer):
                return await self._client.send(request, stream=True)
        except (TimeoutError, httpx.TransportError) as error:
            if isinstance(error, (TimeoutError, httpx.TimeoutException)):
                turn.tell(Outcome.BUSY)
            raise _connection_failure(error, host=self.address.host) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            # The client reads where an answer leads to, also when it does not follow.
            raise MovedError(self.address.host, detail=str(error)) from error

    def request(
        self, url: httpx.URL, data: Mapping[str, str], headers: Mapping[str, str]
    ) -> httpx.Request:
        """Return a request for one file of the site."""
        return self._client.build_request("POST", url, data=data, headers=headers)


class _HeldStream(httpx.AsyncByteStream):
    """The bytes of an answer; the turn at the site ends with them."""

    def __init__(self, inner: httpx.AsyncByteStream, turn: Turn) -> None:
        self._inner = inner
        self._turn = turn

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._inner:
                await self._turn.renew()
                yield chunk
        except httpx.TimeoutException:
            self._turn.tell(Outcome.BUSY)
            raise

    async def aclose(self) -> None:
        try:
            await self._inner.aclose()
        finally:
            await self._turn.leave()


async def _hold(turn: Turn, response: httpx.Response) -> None:
    """Give the turn back when the answer is closed: now, if nothing of it is on its way."""
    stream = response.stream
    if response.is_closed or not isinstance(stream, httpx.AsyncByteStream):
        await turn.leave()
    else:
        response.stream = _HeldStream(stream, turn)


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
    """Open the way to a site; close its connections afterwards."""
    async with httpx.AsyncClient(
        transport=transport or PublicOnlyTransport(allowed_hosts=allowed_hosts),
        timeout=httpx.Timeout(patience.silence, connect=patience.connect),
        headers={"User-Agent": "StudyMaster"},
        follow_redirects=False,
        trust_env=False,  # a proxy from the environment would go around the address check
    ) as client:
        yield Door(client, address=address, patience=patience, gate=gate)


def _connection_failure(error: Exception, *, host: str) -> MoodleError:
    """Name a failed connection; a certificate that does not fit is told apart."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateError(host, detail=str(cause))
        cause = cause.__cause__ or cause.__context__
    return UnreachableError(host, detail=f"{type(error).__name__}: {error}")
