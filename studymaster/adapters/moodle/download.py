"""One file of a Moodle site on its way here, checked as it passes."""

import asyncio
import re
from asyncio import to_thread
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from studymaster.adapters.moodle.address import SiteAddress
from studymaster.adapters.moodle.door import Door, Patience
from studymaster.adapters.moodle.failures import (
    FileBrokenError,
    FileElsewhereError,
    FileTooLargeError,
    NotAnswerableError,
)
from studymaster.adapters.moodle.partial import Part, open_part
from studymaster.adapters.moodle.wire import (
    LARGEST_FILE_ERROR,
    FileHead,
    check_file_start,
    read_file_head,
)

WRITTEN_AT_ONCE = 1024 * 1024
WORTH_A_THREAD = 64 * 1024
"""Fewer bytes are written and hashed sooner than a thread is woken."""
MOST_WRITES = 64
"""What came in more pieces is put together before it is written."""
CONTENT_RANGE: Final = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")

Progress = Callable[[int], None]
"""Is told how many more bytes of a file are here."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one transfer may take: bytes of the file, and time at the site's host."""

    limit_bytes: int
    host: str
    patience: Patience


class Download:
    """One file on its way: what its head says, then its bytes, checked as they pass.

    `received` counts the bytes of the file that are here, of which `resumed` were left by
    an earlier try; `length` is what they will be in the end, None when not told.
    """

    def __init__(
        self, head: FileHead, part: Part, *, body: AsyncIterator[bytes], bounds: Bounds
    ) -> None:
        """Continue after what `part` holds with `body`, all bytes that are still to come."""
        self.not_modified = head.not_modified
        self.mimetype = head.mimetype
        self.sha1_expected = head.sha1
        self.length = head.length
        self.resumed = self.received = part.size
        self._part = part
        self._body = body
        self._bounds = bounds
        self._pieces = list[bytes]()
        self._held = 0
        self._has_begun = bool(part.size)

    @property
    def start(self) -> bytes:
        """The first bytes that are put down, as many as tell what kind of file it is."""
        return self._part.start

    @property
    def sha1(self) -> str:
        """The hexadecimal SHA-1 of the bytes that are put down."""
        return self._part.digest.hexdigest()

    async def save(self, *, progress: Progress | None = None) -> Path:
        """Bring the whole file to this machine's disk; it lies there until the download ends.

        What has arrived when it breaks off, or is cancelled, waits for the next try.

        Args:
            progress: told the bytes as they come, those of an earlier try first.

        Raises:
            FileBrokenError: length or hash differ from what was announced, or the connection
                broke or crawled.
            FileTooLargeError: as soon as the limit is passed.
            StorageAwayError: the disk does not take it.
        """
        if self.resumed and progress:
            progress(self.resumed)
        try:
            await self._receive(progress)
        finally:
            await self._put_down(progress)
        self._check_end()
        return self._part.path

    async def _receive(self, progress: Progress | None) -> None:
        """Take in the bytes that are still to come, as long as they come fast enough."""
        clock = asyncio.get_running_loop().time
        waited, began = 0.0, clock()
        try:
            async with asyncio.timeout(self._time_left(waited)) as patience:
                async for chunk in self._body:
                    waited += clock() - began
                    self._count(chunk)
                    self._pieces.append(chunk)
                    self._held += len(chunk)
                    if self._held >= WRITTEN_AT_ONCE:
                        patience.reschedule(None)
                        await self._put_down(progress)
                    began = clock()
                    patience.reschedule(began + self._time_left(waited))
        except (TimeoutError, httpx.TransportError, httpx.DecodingError) as error:
            detail = f"stopped after {self.received} bytes: {type(error).__name__}"
            raise FileBrokenError(self._bounds.host, detail=detail) from error

    async def _put_down(self, progress: Progress | None) -> None:
        """Write what has come since the last time, and let the digest read it."""
        pieces, self._pieces = self._pieces, []
        held, self._held = self._held, 0
        if held < WORTH_A_THREAD:
            self._write(pieces)
        else:
            await to_thread(self._write, pieces)
        if progress and held:
            progress(held)

    def _write(self, pieces: Sequence[bytes]) -> None:
        if not self._has_begun:
            self._part.begin(self.sha1_expected)
            self._has_begun = True
        for piece in pieces if len(pieces) <= MOST_WRITES else [b"".join(pieces)]:
            self._part.append(piece)

    def _time_left(self, waited: float) -> float:
        patience = self._bounds.patience
        arrived = self.received - self.resumed
        return min(patience.silence + arrived / patience.slowest - waited, patience.silence)

    def _count(self, chunk: bytes) -> None:
        self.received += len(chunk)
        if self.received > self._bounds.limit_bytes:
            self._part.discard()
            self._has_begun = True  # and has ended: what is still in hand is not written
            detail = f"more than {self._bounds.limit_bytes}"
            raise FileTooLargeError(self._bounds.host, detail=detail)

    def _check_end(self) -> None:
        if self.length not in (None, self.received):
            detail = f"{self.received} of {self.length} bytes"
            raise FileBrokenError(self._bounds.host, detail=detail)
        if self.sha1_expected not in (None, self.sha1):
            detail = f"SHA-1 {self.sha1} instead of {self.sha1_expected}"
            # Nobody knows which of the bytes are wrong: the next try starts anew.
            self._part.discard()
            raise FileBrokenError(self._bounds.host, detail=detail)


@dataclass(frozen=True, slots=True)
class _Wish:
    """One file that is asked for, perhaps in more than one request."""

    door: Door
    url: httpx.URL
    token: str
    known_sha1: str | None

    async def ask(self, *, start: int) -> httpx.Response:
        """Ask for the file from a byte on; the body is still to come."""
        headers = {"Accept-Encoding": "identity"}
        if self.known_sha1:
            headers["If-None-Match"] = f'"{self.known_sha1}"'
        if start:
            headers["Range"] = f"bytes={start}-"
        request = self.door.request(self.url, {"token": self.token}, headers)
        return await self.door.send(request)


@asynccontextmanager
async def open_download(
    door: Door,
    url: str,
    *,
    token: str,
    limit_bytes: int,
    known_sha1: str | None = None,
    parts: Path | None = None,
) -> AsyncGenerator[Download]:
    """Open a file of the site; with `known_sha1` it may turn out `not_modified`.

    `parts` is a folder of this machine. The beginning that an earlier try left there is
    continued if the site says that it belongs to the version it has now, whoever asked for
    it; a file that was saved and not used (the block failed) is not sent again.

    `url` is a FileEntry's address. The token goes into the body, never into the
    address, and never to another site (FileElsewhereError).
    """
    own_url = _own_file_url(url, door.address)
    bounds = Bounds(limit_bytes, door.address.host, door.patience)
    async with open_part(parts, file=str(own_url)) as part:
        if part.size > limit_bytes:
            part.discard()
        known = part.sha1 if part.whole else known_sha1
        wish = _Wish(door, own_url, token=token, known_sha1=known)
        response = await _answer(wish, part)
        try:
            yield await _start_download(
                response, part, bounds=bounds, conditional=known is not None
            )
        finally:
            await response.aclose()


async def _answer(wish: _Wish, part: Part) -> httpx.Response:
    """Ask for what is missing, and for the whole file when that does not fit what is here.

    Moodle ignores If-Range, so the version of the rest is only known once it comes.
    """
    if part.size and not part.whole:
        response = await wish.ask(start=part.size)
        if response.status_code == HTTPStatus.PARTIAL_CONTENT:
            fits = _length_of_rest(response.headers, part) is not None
        else:
            fits = response.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        if fits:
            return response
        await response.aclose()
        part.discard()
    return await wish.ask(start=0)


def _length_of_rest(headers: httpx.Headers, part: Part) -> int | None:
    """Return the length of the whole file when these are the bytes after those of `part`."""
    span = CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
    if span is None or headers.get("content-encoding", "identity") != "identity":
        return None
    first, last, length = (int(text) for text in span.groups())
    head = read_file_head(HTTPStatus.OK, headers)
    if head.sha1 != part.sha1 or first != part.size or last + 1 != length:
        return None
    return length


async def _start_download(
    response: httpx.Response, part: Part, *, bounds: Bounds, conditional: bool
) -> Download:
    rest = response.aiter_bytes()
    if response.status_code >= httpx.codes.BAD_REQUEST:
        start = await _read_start(rest, bounds)
        _raise_named_failure(start, response, host=bounds.host)
    head = _read_head(response, part, host=bounds.host)
    if head.not_modified:
        await response.aclose()
        return _known(head, part, bounds=bounds, conditional=conditional)
    if (head.length or 0) > bounds.limit_bytes:
        part.discard()
        raise FileTooLargeError(bounds.host, detail=f"{head.length} bytes")
    start = b""
    if head.suspect:
        start = await _read_start(rest, bounds)
        check_file_start(start, named=head.named, host=bounds.host)
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        # The whole file comes, whatever was asked for.
        part.discard()
    body = _joined(start, rest) if start else rest
    return Download(head, part, body=body, bounds=bounds)


def _known(head: FileHead, part: Part, *, bounds: Bounds, conditional: bool) -> Download:
    """Tell a file that the caller has from one that an earlier try left here, whole."""
    if not conditional:
        raise NotAnswerableError(bounds.host, detail="304 without a condition")
    if part.whole:
        head = replace(head, not_modified=False, length=part.size, sha1=part.sha1)
    else:
        part.discard()
    return Download(head, part, body=_joined(b"", None), bounds=bounds)


def _read_head(response: httpx.Response, part: Part, *, host: str) -> FileHead:
    if part.size and response.status_code == HTTPStatus.PARTIAL_CONTENT:
        head = read_file_head(HTTPStatus.OK, response.headers, host=host)
        return replace(head, length=_length_of_rest(response.headers, part))
    return read_file_head(response.status_code, response.headers, host=host)


async def _joined(start: bytes, rest: AsyncIterator[bytes] | None) -> AsyncGenerator[bytes]:
    if start:
        yield start
    if rest is not None:
        async for chunk in rest:
            yield chunk


async def _read_start(rest: AsyncIterator[bytes], bounds: Bounds) -> bytes:
    """Read as much of a body as a failure of Moodle's could have."""
    start = bytearray()
    try:
        async with asyncio.timeout(bounds.patience.answer):
            while len(start) < LARGEST_FILE_ERROR:
                chunk = await anext(rest, None)
                if chunk is None:
                    break
                start += chunk
    except (TimeoutError, httpx.TransportError, httpx.DecodingError) as error:
        raise FileBrokenError(bounds.host, detail=str(error)) from error
    return bytes(start)


def _own_file_url(url: str, address: SiteAddress) -> httpx.URL:
    """Return the address under which this site serves the file to apps."""
    try:
        wanted = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise FileElsewhereError(address.host, detail="not an address") from error
    path = wanted.raw_path.decode("ascii")
    plain, served = (
        f"{address.path}/pluginfile.php/",
        f"{address.path}/webservice/pluginfile.php/",
    )
    own = _parsed(address.url)
    place = own.scheme, own.raw_host, own.port
    same = (wanted.scheme, wanted.raw_host, wanted.port) == place
    is_plain = path.startswith(plain)
    steps = (
        path.partition("?")[0].lower().replace("%2e", ".").replace("%2f", "/").split("/")
    )
    is_served = is_plain or path.startswith(served)
    if not same or wanted.userinfo or not is_served or ".." in steps:
        raise FileElsewhereError(address.host, detail=f"on {wanted.host}")
    if is_plain:
        path = served + path.removeprefix(plain)
    if is_plain or wanted.fragment:
        return own.copy_with(raw_path=path.encode("ascii"))
    return wanted


@lru_cache(maxsize=64)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


def _raise_named_failure(start: bytes, response: httpx.Response, *, host: str) -> None:
    """Prefer the reason that Moodle gives in the body over the bare status."""
    if response.headers.get("content-type", "").startswith("application/json"):
        try:
            check_file_start(start, named=True, host=host)
        except NotAnswerableError:
            return
