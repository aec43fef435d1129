"""Reads one Moodle site: signs in, asks its read-only functions, downloads its files.

Nothing is retried here: the caller decides by the failure's `temporary` and `retry_after`.
"""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

import httpx

from studymaster.adapters.moodle.address import (
    PublicOnlyTransport,
    SiteAddress,
    check_site_address,
)
from studymaster.adapters.moodle.failures import (
    CertificateError,
    FileBrokenError,
    FileElsewhereError,
    FileTooLargeError,
    InvalidRequestError,
    MoodleError,
    NotAnswerableError,
    UnreachableError,
)
from studymaster.adapters.moodle.translate import (
    ALLOWED_FUNCTIONS,
    ASSIGNMENTS,
    CONTENTS,
    COURSES,
    GLOSSARIES,
    GLOSSARY_ENTRIES,
    PAGES,
    QUIZZES,
    SITE_INFO,
    Assignment,
    CourseInfo,
    Glossary,
    GlossaryEntry,
    PageContent,
    Question,
    Quiz,
    Section,
    SiteInfo,
)
from studymaster.adapters.moodle.wire import (
    LARGEST_FILE_ERROR,
    FileHead,
    Parameter,
    check_file_start,
    encode_parameters,
    read_answer,
    read_file_head,
    read_token,
)

T = TypeVar("T")

MOBILE_SERVICE = "moodle_mobile_app"
LARGEST_ANSWER = 64 * 1024 * 1024
GLOSSARY_STEP = 100
MOST_PARTS = 200


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


class MoodleSite:
    """One opened Moodle site, and one student's token on it.

    Every method raises a named MoodleError when the site does not give what was asked for.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        address: SiteAddress,
        token: str | None,
        patience: Patience,
    ) -> None:
        """Use an opened client; the caller closes it."""
        self._client = client
        self._token = token
        self._patience = patience
        self.address = address

    async def sign_in(self, username: str, password: str) -> str:
        """Exchange the password for a token, use it from now on, and return it.

        Moodle gives the same token again until it expires (12 weeks by default). The
        password is sent once and kept nowhere.
        """
        form = {"username": username, "password": password, "service": MOBILE_SERVICE}
        answer = await self._post("/login/token.php", data=form)
        self._token = read_token(*answer, host=self.address.host)
        return self._token

    async def site_info(self) -> SiteInfo:
        """Return who the token belongs to; TokenExpiredError when it has run out."""
        return await self.ask(SITE_INFO)

    async def courses(self, user_id: int) -> list[CourseInfo]:
        """Return the courses of the token's own user."""
        return await self.ask(COURSES, userid=user_id, returnusercount=False)

    async def contents(self, course_id: int) -> list[Section]:
        """Return the sections of a course as the student sees them."""
        return await self.ask(CONTENTS, courseid=course_id)

    async def assignments(self) -> list[Assignment]:
        """Return the assignments of every enrolled course."""
        answer = await self.ask(ASSIGNMENTS)
        return [found for course in answer.courses for found in course.assignments]

    async def quizzes(self, course_ids: Sequence[int]) -> list[Quiz]:
        """Return the quizzes of some courses; courses without access are left out."""
        return (
            list((await self.ask(QUIZZES, courseids=course_ids)).quizzes)
            if course_ids
            else []
        )

    async def pages(self, course_ids: Sequence[int]) -> list[PageContent]:
        """Return the pages of some courses with their text."""
        return (
            list((await self.ask(PAGES, courseids=course_ids)).pages) if course_ids else []
        )

    async def glossaries(self, course_ids: Sequence[int]) -> list[Glossary]:
        """Return the glossaries of some courses, without their entries."""
        if not course_ids:
            return []
        return list((await self.ask(GLOSSARIES, courseids=course_ids)).glossaries)

    async def glossary_entries(self, glossary_id: int) -> list[GlossaryEntry]:
        """Return every entry of a glossary in the order of its letters."""
        entries: list[GlossaryEntry] = []
        for _ in range(MOST_PARTS):
            where: dict[str, Parameter] = {"from": len(entries), "limit": GLOSSARY_STEP}
            part = await self.ask(GLOSSARY_ENTRIES, id=glossary_id, letter="ALL", **where)
            entries.extend(part.entries)
            if not part.entries or len(entries) >= part.total:
                break
        return entries

    async def ask(self, question: Question[T], **parameters: Parameter) -> T:
        """Ask one of ALLOWED_FUNCTIONS with the token and translate the answer."""
        host, function = self.address.host, question.function
        if function not in ALLOWED_FUNCTIONS or self._token is None:
            raise InvalidRequestError(host, detail=f"{function} without leave or token")
        form = encode_parameters(parameters) | {
            "wstoken": self._token,
            "wsfunction": function,
            "moodlewsrestformat": "json",
        }
        status, headers, body = await self._post("/webservice/rest/server.php", data=form)
        answer = read_answer(function, status, headers, body, host=host)
        return question.translate(answer, host=host)

    @asynccontextmanager
    async def download(
        self, url: str, *, limit_bytes: int, known_sha1: str | None = None
    ) -> AsyncGenerator[Download]:
        """Open a file of the site; with `known_sha1` it may turn out `not_modified`.

        `url` is a FileEntry's address. The token goes into the body, never into the
        address, and never to another site (FileElsewhereError).
        """
        headers = {"Accept-Encoding": "identity"}
        if known_sha1:
            headers["If-None-Match"] = f'"{known_sha1}"'
        request = self._client.build_request(
            "POST",
            _own_file_url(url, self.address),
            data={"token": self._token or ""},
            headers=headers,
        )
        response = await self._send(request)
        try:
            yield await self._start_download(
                response, limit_bytes=limit_bytes, conditional=known_sha1 is not None
            )
        finally:
            await response.aclose()

    async def _start_download(
        self, response: httpx.Response, *, limit_bytes: int, conditional: bool
    ) -> Download:
        host = self.address.host
        rest = response.aiter_bytes()
        if response.status_code >= httpx.codes.BAD_REQUEST:
            start = await self._read_start(rest)
            _raise_named_failure(start, response, host=host)
        head = read_file_head(response.status_code, response.headers, host=host)
        if head.not_modified and not conditional:
            raise NotAnswerableError(host, detail="304 without a condition")
        if (head.length or 0) > limit_bytes and not head.not_modified:
            raise FileTooLargeError(host, detail=f"{head.length} bytes")
        start = b""
        if head.suspect and not head.not_modified:
            start = await self._read_start(rest)
            check_file_start(start, named=head.named, host=host)
        return Download(
            head,
            start=start,
            rest=rest,
            limit_bytes=limit_bytes,
            site=(host, self._patience),
        )

    async def _read_start(self, rest: AsyncIterator[bytes]) -> bytes:
        """Read as much of a body as a failure of Moodle's could have."""
        start = bytearray()
        try:
            async with asyncio.timeout(self._patience.answer):
                while len(start) < LARGEST_FILE_ERROR:
                    chunk = await anext(rest, None)
                    if chunk is None:
                        break
                    start += chunk
        except (TimeoutError, httpx.TransportError, httpx.DecodingError) as error:
            raise FileBrokenError(self.address.host, detail=str(error)) from error
        return bytes(start)

    async def _post(
        self, path: str, *, data: Mapping[str, str]
    ) -> tuple[int, httpx.Headers, bytes]:
        """Return status, headers and the whole body of one answer, bounded in time and size."""
        request = self._client.build_request("POST", self.address.url + path, data=data)
        try:
            async with asyncio.timeout(self._patience.answer):
                response = await self._send(request)
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

    async def _send(self, request: httpx.Request) -> httpx.Response:
        """Send and return the answer with its body still to come."""
        try:
            async with asyncio.timeout(self._patience.answer):
                return await self._client.send(request, stream=True)
        except (TimeoutError, httpx.TransportError) as error:
            raise _connection_failure(error, host=self.address.host) from error


@asynccontextmanager
async def open_site(
    site: str,
    *,
    allowed_hosts: frozenset[str],
    token: str | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    patience: Patience = PATIENCE,
) -> AsyncGenerator[MoodleSite]:
    """Open the site at an address as typed; close its connections afterwards.

    `allowed_hosts` are the "host:port" that may be private or plain http (the demo). Raises
    AddressRefusedError before any connection when the address is not one to open.
    """
    address = check_site_address(site, allowed_hosts=allowed_hosts)
    async with httpx.AsyncClient(
        transport=transport or PublicOnlyTransport(allowed_hosts=allowed_hosts),
        timeout=httpx.Timeout(patience.silence, connect=patience.connect),
        headers={"User-Agent": "StudyMaster"},
        follow_redirects=False,
        trust_env=False,  # a proxy from the environment would go around the address check
    ) as client:
        yield MoodleSite(client, address=address, token=token, patience=patience)


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


def _connection_failure(error: Exception, *, host: str) -> MoodleError:
    """Name a failed connection; a certificate that does not fit is told apart."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateError(host, detail=str(cause))
        cause = cause.__cause__ or cause.__context__
    return UnreachableError(host, detail=f"{type(error).__name__}: {error}")
