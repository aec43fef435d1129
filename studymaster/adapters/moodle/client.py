"""Reads one Moodle site: signs in, asks its read-only functions, downloads its files.

Nothing is retried here: the caller decides by the failure's `temporary` and `retry_after`.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar

import httpx

from studymaster.adapters.moodle.address import check_site_address
from studymaster.adapters.moodle.door import PATIENCE, Door, Patience, open_door
from studymaster.adapters.moodle.download import Download, open_download
from studymaster.adapters.moodle.failures import InvalidRequestError
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
    Parameter,
    encode_parameters,
    read_answer,
    read_token,
)

T = TypeVar("T")

MOBILE_SERVICE = "moodle_mobile_app"
GLOSSARY_STEP = 100
MOST_PARTS = 200


class MoodleSite:
    """One opened Moodle site, and one student's token on it.

    Every method raises a named MoodleError when the site does not give what was asked for.
    """

    def __init__(
        self,
        door: Door,
        *,
        token: str | None,
    ) -> None:
        """Ask through an opened door; the caller closes it."""
        self._door = door
        self._token = token
        self.address = door.address

    def download(
        self, url: str, *, limit_bytes: int, known_sha1: str | None = None
    ) -> AbstractAsyncContextManager[Download]:
        """Open a file of the site; with `known_sha1` it may turn out `not_modified`."""
        return open_download(
            self._door,
            url,
            token=self._token or "",
            limit_bytes=limit_bytes,
            known_sha1=known_sha1,
        )

    async def sign_in(self, username: str, password: str) -> str:
        """Exchange the password for a token, use it from now on, and return it.

        Moodle gives the same token again until it expires (12 weeks by default). The
        password is sent once and kept nowhere.
        """
        form = {"username": username, "password": password, "service": MOBILE_SERVICE}
        answer = await self._door.post("/login/token.php", form)
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
        status, headers, body = await self._door.post("/webservice/rest/server.php", form)
        answer = read_answer(function, status, headers, body, host=host)
        return question.translate(answer, host=host)


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
    async with open_door(
        address, allowed_hosts=allowed_hosts, transport=transport, patience=patience
    ) as door:
        yield MoodleSite(door, token=token)
