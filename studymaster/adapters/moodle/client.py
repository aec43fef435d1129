"""Reads one Moodle site: signs in, asks its read-only functions, downloads its files.

What is only for a moment is asked again, a few times; signing in and downloads never are.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx

from studymaster.adapters.moodle import gate as gates
from studymaster.adapters.moodle.address import check_site_address
from studymaster.adapters.moodle.asking import Asker
from studymaster.adapters.moodle.batch import (
    Answer,
    Call,
    joined,
)
from studymaster.adapters.moodle.door import PATIENCE, WATCHED, Patience, open_door
from studymaster.adapters.moodle.download import Download, open_download
from studymaster.adapters.moodle.failures import MoodleError
from studymaster.adapters.moodle.gate import Gate
from studymaster.adapters.moodle.translate import (
    ACTION_EVENTS,
    ASSIGNMENTS,
    CONTENTS,
    COURSES,
    DISCUSSIONS,
    FORUMS,
    GLOSSARIES,
    GLOSSARY_ENTRIES,
    GRADES,
    PAGES,
    PUBLIC_CONFIG,
    QUIZZES,
    SITE_INFO,
    SUBMISSION,
    ActionEvent,
    Assignment,
    CourseInfo,
    DiscussionPart,
    Forum,
    Glossary,
    GlossaryEntry,
    GlossaryPart,
    GradeReport,
    PageContent,
    PublicConfig,
    Quiz,
    Section,
    SiteInfo,
    Submission,
)
from studymaster.adapters.moodle.wire import (
    JSON,
    Parameter,
    read_public_answer,
    read_token,
)

PUBLIC_SERVER = f"/lib/ajax/service-nologin.php?info={PUBLIC_CONFIG.function}&lang=en"
MOBILE_SERVICE = "moodle_mobile_app"
GLOSSARY_STEP = 100
MOST_PARTS = 200
MOST_DISCUSSIONS = 50
EVENTS_STEP = 50
"""As many as Moodle gives in one answer."""
MOST_EVENT_PARTS = 10


class MoodleSite(Asker):
    """One opened Moodle site, and one student's token on it.

    Every method raises a named MoodleError when the site does not give what was asked for.
    """

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far, for files too."""
        return self._door.requests

    def download(
        self,
        url: str,
        *,
        limit_bytes: int,
        known_sha1: str | None = None,
        parts: Path | None = None,
    ) -> AbstractAsyncContextManager[Download]:
        """Open a file of the site; with `known_sha1` it may turn out `not_modified`.

        With a folder for `parts` it is continued where an earlier try broke off.
        """
        return open_download(
            self._door,
            url,
            token=self._token or "",
            limit_bytes=limit_bytes,
            known_sha1=known_sha1,
            parts=parts,
        )

    async def sign_in(self, username: str, password: str) -> str:
        """Exchange the password for a token, use it from now on, and return it.

        Moodle gives the same token again until it expires (12 weeks by default). The
        password is sent once and kept nowhere.
        """
        form = {"username": username, "password": password, "service": MOBILE_SERVICE}
        answer = await self._door.post("/login/token.php", form, kind="token")
        self._token = read_token(*answer, host=self.address.host)
        return self._token

    async def site_info(self) -> SiteInfo:
        """Return who the token belongs to; TokenExpiredError when it has run out."""
        info = await self.ask(SITE_INFO)
        self.functions = info.functions
        return info

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
        return (await self.glossary_entries_of([glossary_id]))[0].value

    async def glossary_entries_of(
        self, glossary_ids: Sequence[int]
    ) -> list[Answer[list[GlossaryEntry]]]:
        """Return every entry of some glossaries, each in the order of its letters."""
        firsts = await self.ask_many([_entries(number) for number in glossary_ids])
        wanted = [
            (place, _entries(number, start=start))
            for place, number in enumerate(glossary_ids)
            for start in _later_starts(firsts[place])
        ]
        parts = [[first] for first in firsts]
        later = await self.ask_many([call for _, call in wanted])
        for (place, _), part in zip(wanted, later, strict=True):
            parts[place].append(part)
        return [joined(of_one, _all_entries) for of_one in parts]

    async def contents_of(
        self, course_ids: Sequence[int], *, known: Mapping[int, str] | None = None
    ) -> list[Answer[list[Section]]]:
        """Return the sections of some courses, in their order.

        `known` are the digests of earlier answers by place: see `ask_many`.
        """
        calls = [Call(CONTENTS, {"courseid": number}) for number in course_ids]
        return await self.ask_many(calls, known=known)

    async def forums(self) -> list[Forum]:
        """Return the forums of every enrolled course."""
        return await self.ask(FORUMS)

    async def discussions_of(
        self, forum_ids: Sequence[int]
    ) -> list[Answer[DiscussionPart]]:
        """Return the newest discussions of some forums."""
        most: dict[str, Parameter] = {"page": 0, "perpage": MOST_DISCUSSIONS}
        calls = [Call(DISCUSSIONS, {"forumid": number} | most) for number in forum_ids]
        return await self.ask_many(calls)

    async def submission_states(
        self, assignment_ids: Sequence[int]
    ) -> list[Answer[Submission]]:
        """Return how far the student has come with some assignments."""
        calls = [Call(SUBMISSION, {"assignid": number}) for number in assignment_ids]
        return await self.ask_many(calls)

    async def grades_of(
        self, course_ids: Sequence[int], *, user_id: int
    ) -> list[Answer[GradeReport]]:
        """Return the gradebooks of some courses; `user_id` is the token's own user."""
        return await self.ask_many(
            [Call(GRADES, {"courseid": number, "userid": user_id}) for number in course_ids]
        )

    async def action_events(self, since: datetime) -> list[ActionEvent]:
        """Return what waits for the student since then, overdue or to come, by time."""
        events: dict[int, ActionEvent] = {}
        after = 0
        for _ in range(MOST_EVENT_PARTS):
            part = await self.ask(
                ACTION_EVENTS,
                timesortfrom=int(since.timestamp()),
                aftereventid=after,
                limitnum=EVENTS_STEP,
            )
            fresh = {event.id: event for event in part.events if event.id not in events}
            events |= fresh
            if len(part.events) < EVENTS_STEP or part.last_id is None or not fresh:
                break
            after = part.last_id
        return list(events.values())


def _entries(glossary_id: int, *, start: int = 0) -> Call[GlossaryPart]:
    where: dict[str, Parameter] = {"from": start, "limit": GLOSSARY_STEP}
    return Call(GLOSSARY_ENTRIES, {"id": glossary_id, "letter": "ALL"} | where)


def _later_starts(first: Answer[GlossaryPart]) -> Sequence[int]:
    """Return where the later parts of a glossary begin: none where the first one failed."""
    try:
        total, step = first.value.total, len(first.value.entries)
    except MoodleError:
        return ()
    return range(step, total, step)[:MOST_PARTS] if step else ()


def _all_entries(parts: Sequence[Answer[GlossaryPart]]) -> list[GlossaryEntry]:
    return [entry for part in parts for entry in part.value.entries]


@asynccontextmanager
async def open_site(
    site: str,
    *,
    allowed_hosts: frozenset[str],
    token: str | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    patience: Patience = PATIENCE,
    gate: Gate | None = None,
) -> AsyncGenerator[MoodleSite]:
    """Open the site at an address as typed; close its connections afterwards.

    `allowed_hosts` are the "host:port" that may be private or plain http (the demo). Raises
    AddressRefusedError before any connection when the address is not one to open. Every
    connection takes a turn at `gate`; unless another is named, that of this event loop.
    """
    address = check_site_address(site, allowed_hosts=allowed_hosts)
    async with open_door(
        address,
        allowed_hosts=allowed_hosts,
        transport=transport,
        patience=patience,
        gate=gate or gates.of_this_loop(),
    ) as door:
        yield MoodleSite(door, token=token)


async def ask_public_config(
    site: str,
    *,
    allowed_hosts: frozenset[str],
    transport: httpx.AsyncBaseTransport | None = None,
    patience: Patience = WATCHED,
) -> PublicConfig:
    """Return what the site at an address as typed tells everybody, without a sign-in.

    Asked once: somebody sits before it and sees what is wrong.

    Raises:
        AddressRefusedError: before any connection, the address is not one to open.
        NotMoodleError: something else is there.
        MoodleError: it is in maintenance, or does not answer.
    """
    address = check_site_address(site, allowed_hosts=allowed_hosts)
    call: dict[str, JSON] = {"index": 0, "methodname": PUBLIC_CONFIG.function, "args": {}}
    async with open_door(
        address,
        allowed_hosts=allowed_hosts,
        transport=transport,
        patience=patience,
        gate=gates.of_this_loop(),
    ) as door:
        answer = await door.post_json(PUBLIC_SERVER, [call], kind=PUBLIC_CONFIG.function)
    told = read_public_answer(*answer, host=address.host)
    return PUBLIC_CONFIG.translate(told, host=address.host)
