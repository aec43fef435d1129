"""One file of a Moodle site on its way here, checked as it passes."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import httpx

from studymaster.adapters.moodle.address import SiteAddress
from studymaster.adapters.moodle.door import Door, Patience
from studymaster.adapters.moodle.failures import (
    FileBrokenError,
    FileElsewhereError,
    FileTooLargeError,
    NotAnswerableError,
)
from studymaster.adapters.moodle.wire import (
    LARGEST_FILE_ERROR,
    FileHead,
    check_file_start,
    read_file_head,
)


class Download:
    """One file on its way: what its head says, then its bytes, checked as they pass."""

    def __init__(
        self,
        head: FileHead,
        *,
        start: bytes,
        rest: AsyncIterator[bytes],
        limit_bytes: int,
        site: tuple[str, Patience],
    ) -> None:
        """Continue after `start`, the part of the body that was read to judge it."""
        self.not_modified = head.not_modified
        self.mimetype = head.mimetype
        self.sha1_expected = head.sha1
        self.length = head.length
        self.received = 0
        self._start = start
        self._rest = rest
        self._limit_bytes = limit_bytes
        self._host, self._patience = site
        self._hash = hashlib.sha1(usedforsecurity=False)

    @property
    def sha1(self) -> str:
        """The hexadecimal SHA-1 of the bytes received so far."""
        return self._hash.hexdigest()

    async def chunks(self) -> AsyncGenerator[bytes]:
        """Yield the file's bytes once.

        Only a loop that ends by itself has the whole file: FileBrokenError is raised after
        the last chunk when length or hash differ from what was announced, or when the
        connection broke or crawled, and FileTooLargeError as soon as the limit is passed.
        """
        if self._start:
            yield self._count(self._start)
        waited = 0.0
        while chunk := await self._next_chunk(self._time_left(waited)):
            waited += chunk[1]
            yield self._count(chunk[0])
        self._check_end()

    async def _next_chunk(self, time_left: float) -> tuple[bytes, float] | None:
        """Return the next bytes and the seconds they took, None at the end."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(time_left):
                chunk = await anext(self._rest, None)
        except (TimeoutError, httpx.TransportError, httpx.DecodingError) as error:
            detail = f"stopped after {self.received} bytes: {type(error).__name__}"
            raise FileBrokenError(self._host, detail=detail) from error
        return None if chunk is None else (chunk, clock() - began)

    def _time_left(self, waited: float) -> float:
        allowed = self._patience.silence + self.received / self._patience.slowest
        return min(allowed - waited, self._patience.silence)

    def _count(self, chunk: bytes) -> bytes:
        self.received += len(chunk)
        if self.received > self._limit_bytes:
            raise FileTooLargeError(self._host, detail=f"more than {self._limit_bytes}")
        self._hash.update(chunk)
        return chunk

    def _check_end(self) -> None:
        if self.length not in (None, self.received):
            detail = f"{self.received} of {self.length} bytes"
            raise FileBrokenError(self._host, detail=detail)
        if self.sha1_expected not in (None, self.sha1):
            detail = f"SHA-1 {self.sha1} instead of {self.sha1_expected}"
            raise FileBrokenError(self._host, detail=detail)


@asynccontextmanager
async def open_download(
    door: Door,
    url: str,
    *,
    token: str,
    limit_bytes: int,
    known_sha1: str | None = None,
) -> AsyncGenerator[Download]:
    """Open a file of the site; with `known_sha1` it may turn out `not_modified`.

    `url` is a FileEntry's address. The token goes into the body, never into the
    address, and never to another site (FileElsewhereError).
    """
    headers = {"Accept-Encoding": "identity"}
    if known_sha1:
        headers["If-None-Match"] = f'"{known_sha1}"'
    request = door.request(_own_file_url(url, door.address), {"token": token}, headers)
    response = await door.send(request)
    try:
        yield await _start_download(
            door, response, limit_bytes=limit_bytes, conditional=known_sha1 is not None
        )
    finally:
        await response.aclose()


async def _start_download(
    door: Door, response: httpx.Response, *, limit_bytes: int, conditional: bool
) -> Download:
    host = door.address.host
    rest = response.aiter_bytes()
    if response.status_code >= httpx.codes.BAD_REQUEST:
        start = await _read_start(door, rest)
        _raise_named_failure(start, response, host=host)
    head = read_file_head(response.status_code, response.headers, host=host)
    if head.not_modified and not conditional:
        raise NotAnswerableError(host, detail="304 without a condition")
    if (head.length or 0) > limit_bytes and not head.not_modified:
        raise FileTooLargeError(host, detail=f"{head.length} bytes")
    start = b""
    if head.suspect and not head.not_modified:
        start = await _read_start(door, rest)
        check_file_start(start, named=head.named, host=host)
    return Download(
        head,
        start=start,
        rest=rest,
        limit_bytes=limit_bytes,
        site=(host, door.patience),
    )


async def _read_start(door: Door, rest: AsyncIterator[bytes]) -> bytes:
    """Read as much of a body as a failure of Moodle's could have."""
    start = bytearray()
    try:
        async with asyncio.timeout(door.patience.answer):
            while len(start) < LARGEST_FILE_ERROR:
                chunk = await anext(rest, None)
                if chunk is None:
                    break
                start += chunk
    except (TimeoutError, httpx.TransportError, httpx.DecodingError) as error:
        raise FileBrokenError(door.address.host, detail=str(error)) from error
    return bytes(start)


def _own_file_url(url: str, address: SiteAddress) -> httpx.URL:
    """Return the address under which this site serves the file to apps."""
    try:
        wanted = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise FileElsewhereError(address.host, detail="not an address") from error
    own = httpx.URL(address.url)
    path = wanted.raw_path.decode("ascii")
    plain, served = (
        f"{address.path}/pluginfile.php/",
        f"{address.path}/webservice/pluginfile.php/",
    )
    if path.startswith(plain):
        path = served + path.removeprefix(plain)
    same = (wanted.scheme, wanted.raw_host, wanted.port) == (
        own.scheme,
        own.raw_host,
        own.port,
    )
    steps = (
        path.partition("?")[0].lower().replace("%2e", ".").replace("%2f", "/").split("/")
    )
    if not same or wanted.userinfo or not path.startswith(served) or ".." in steps:
        raise FileElsewhereError(address.host, detail=f"on {wanted.host}")
    return own.copy_with(raw_path=path.encode("ascii"))


def _raise_named_failure(start: bytes, response: httpx.Response, *, host: str) -> None:
    """Prefer the reason that Moodle gives in the body over the bare status."""
    if response.headers.get("content-type", "").startswith("application/json"):
        try:
            check_file_start(start, named=True, host=host)
        except NotAnswerableError:
            return
