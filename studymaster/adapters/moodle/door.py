"""The way to one Moodle site: a request goes out, an answer comes back whole, or a named failure."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from studymaster.adapters.moodle.address import PublicOnlyTransport, SiteAddress
from studymaster.adapters.moodle.failures import (
    CertificateError,
    MoodleError,
    NotAnswerableError,
    UnreachableError,
)

LARGEST_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and the slowest transfer accepted, in bytes a second.

    `answer` bounds a whole web service answer and the head of a file. A file may take
    `silence` seconds plus its bytes at `slowest` bytes a second.
    """

    connect: float = 10.0
    silence: float = 30.0
    answer: float = 90.0
    slowest: int = 4096


PATIENCE: Final = Patience()


class Door:
    """The connections to one site; every request of StudyMaster to it goes through here."""

    def __init__(
        self, client: httpx.AsyncClient, *, address: SiteAddress, patience: Patience
    ) -> None:
        """Use an opened client; the caller closes it."""
        self._client = client
        self.address = address
        self.patience = patience

    async def post(
        self, path: str, data: Mapping[str, str]
    ) -> tuple[int, httpx.Headers, bytes]:
        """Return status, headers and the whole body of one answer, bounded in time and size."""
        request = self._client.build_request("POST", self.address.url + path, data=data)
        try:
            async with asyncio.timeout(self.patience.answer):
                response = await self.send(request)
                try:
                    body = await self._read_all(response)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise UnreachableError(self.address.host, detail="too slow") from error
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
        """Send and return the answer with its body still to come."""
        try:
            async with asyncio.timeout(self.patience.answer):
                return await self._client.send(request, stream=True)
        except (TimeoutError, httpx.TransportError) as error:
            raise _connection_failure(error, host=self.address.host) from error

    def request(
        self, url: httpx.URL, data: Mapping[str, str], headers: Mapping[str, str]
    ) -> httpx.Request:
        """Return a request for one file of the site."""
        return self._client.build_request("POST", url, data=data, headers=headers)


@asynccontextmanager
async def open_door(
    address: SiteAddress,
    *,
    allowed_hosts: frozenset[str],
    transport: httpx.AsyncBaseTransport | None,
    patience: Patience,
) -> AsyncGenerator[Door]:
    """Open the way to a site; close its connections afterwards."""
    async with httpx.AsyncClient(
        transport=transport or PublicOnlyTransport(allowed_hosts=allowed_hosts),
        timeout=httpx.Timeout(patience.silence, connect=patience.connect),
        headers={"User-Agent": "StudyMaster"},
        follow_redirects=False,
        trust_env=False,  # a proxy from the environment would go around the address check
    ) as client:
        yield Door(client, address=address, patience=patience)


def _connection_failure(error: Exception, *, host: str) -> MoodleError:
    """Name a failed connection; a certificate that does not fit is told apart."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateError(host, detail=str(cause))
        cause = cause.__cause__ or cause.__context__
    return UnreachableError(host, detail=f"{type(error).__name__}: {error}")
