"""One run at one Moodle site: listing its courses and what lies in them, fetching files."""

from asyncio import sleep, to_thread
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog

from studymaster.adapters import bus, clock, documents, vault
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.adapters.moodle import MoodleSite, failures
from studymaster.adapters.storage import StorageAwayError, blob_key, get_storage, received
from studymaster.config import get_settings
from studymaster.errors import NotFoundError, StudyMasterError
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.features.sync import rules, service
from studymaster.features.sync.schemas import Errand, InlineText, ListedDeadline, Parcel
from studymaster.models import MaterialKind

log = structlog.get_logger(__name__)

MEGABYTE = 1_000_000
COUNT_EVERY_BYTES = 8 * MEGABYTE
NEWS_SECONDS = 0.5
"""Tabs are told at most so often how far a run is."""

BROKEN = (
    failures.TokenExpiredError,
    failures.AccountSuspendedError,
    vault.SealError,
)
"""Only a new sign-in helps: the connection is not asked again until then."""

WHOLE_SITE = (
    *BROKEN,
    failures.PasswordChangeRequiredError,
    failures.PolicyNotAgreedError,
    failures.MaintenanceError,
    failures.UpgradeRunningError,
    failures.DatabaseDownError,
    failures.SiteDownError,
    failures.TooBusyError,
    failures.ServiceDisabledError,
    failures.UnreachableError,
    failures.CertificateError,
    failures.MovedError,
    failures.NotMoodleError,
    failures.AddressRefusedError,
)
"""These say the same about everything on the site, so the run stops at the first."""

ENDS_THE_RUN = (*WHOLE_SITE, DatabaseAwayError, StorageAwayError, service.RunLostError)
"""Everything else costs one file or one course, and the run goes on."""

PART_FAULT = (
    "This could not be brought in because of a fault on our side. The next sync tries it "
    "again."
)

NOT_LISTED = NotFoundError(
    "Moodle does not list this course for you any more. What was here of it stays."
)

Answer = TypeVar("Answer")
NoteFailure = Callable[[StudyMasterError], Awaitable[None]]


class OurFaultError(StudyMasterError):
    """Something in the product broke; no fault of the student's or of Moodle's."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """What came apart from the listings, and of which kinds nothing could be learnt."""

    found: tuple[InlineText, ...]
    unanswered: frozenset[MaterialKind]


class Visit:
    """One run at one site."""

    def __init__(self, errand: Errand, site: MoodleSite) -> None:
        """Carry out `errand` at the opened site."""
        self._errand = errand
        self._site = site
        self._untold = False

    async def tell_tabs(self, *, every: float = NEWS_SECONDS) -> None:
        """Tell every open tab how far the run is, when there is something to tell."""
        news = news_for(self._errand.account_id, Topic.SYNC)
        while True:
            await sleep(every)
            if self._untold:
                self._untold = False
                await bus.publish(news)

    async def list_courses(self) -> list[CourseView]:
        """Keep the courses that Moodle lists; return those that this run goes through."""
        info = await self._site.site_info()
        found = await self._site.courses(info.user_id)
        listed = [ListedCourse(item.id, item.short_name, item.full_name) for item in found]
        async with unit_of_work() as work:
            views = await courses.keep_listed(
                work,
                account_id=self._errand.account_id,
                connection_id=self._errand.connection_id,
                listed=listed,
                now=clock.now(),
            )
        chosen = [view for view in views if view.sync_enabled and self._is_wanted(view)]
        if self._errand.course_id is not None and not chosen:
            await self._note_issue(self._site.address.host, "Course", NOT_LISTED)
        await self._note(courses_total=len(chosen))
        return chosen

    def _is_wanted(self, course: CourseView) -> bool:
        only = self._errand.course_id
        return only is None or UUID(course.id) == only

    async def list_everything(self, listed: list[CourseView]) -> None:
        """Keep what lies in these courses: materials, texts and due dates."""
        ids = [course.moodle_id for course in listed]
        pages = await self._try(self._site.pages(ids), "Pages")
        assignments = await self._try(self._site.assignments(), "Assignments")
        quizzes = await self._try(self._site.quizzes(ids), "Quizzes")
        glossaries = await self._try(self._glossary_texts(ids), "Glossaries")
        texts = _Texts(
            found=(*service.page_texts(pages or []), *(glossaries or [])),
            unanswered=frozenset(
                kind
                for kind, answer in (
                    (MaterialKind.PAGE, pages),
                    (MaterialKind.GLOSSARY, glossaries),
                )
                if answer is None
            ),
        )
        for course in listed:
            async with self._apart(self._issue(course.fullname, course.fullname)):
                await self._list_course(course, texts=texts)
            if assignments is not None and quizzes is not None:
                due = service.deadlines(assignments, quizzes, course_id=course.moodle_id)
                await self._keep_deadlines(course, due)
            await self._note(courses_done=1)

    async def _keep_deadlines(self, course: CourseView, due: list[ListedDeadline]) -> None:
        async with unit_of_work() as work:
            await service.keep_deadlines(
                work,
                account_id=self._errand.account_id,
                course=course,
                listed=due,
                now=clock.now(),
            )

    async def _glossary_texts(self, course_ids: list[int]) -> list[InlineText]:
        return [
            service.glossary_text(
                glossary.module_id, await self._site.glossary_entries(glossary.id)
            )
            for glossary in await self._site.glossaries(course_ids)
        ]

    async def _list_course(self, course: CourseView, *, texts: _Texts) -> None:
        await self._note(current=f"Looking through {course.fullname}")
        sections = await self._site.contents(course.moodle_id)
        cmids = {module.id for section in sections for module in section.modules}
        own = [text for text in texts.found if text.cmid in cmids]
        async with unit_of_work() as work:
            await service.keep_materials(
                work,
                errand=self._errand,
                course=course,
                listed=service.listed_materials(
                    sections, inline=own, unanswered=texts.unanswered
                ),
                now=clock.now(),
            )
        for text in own:
            await self._keep_text(course, text)

    async def _keep_text(self, course: CourseView, text: InlineText) -> None:
        sha1 = service.sha1_of(text)
        async with unit_of_work() as work:
            known = await service.has_bytes(work, sha1=sha1, readable=True)
        if not known:
            await get_storage().put_bytes(text.data, blob_key(sha1))
        async with unit_of_work() as work:
            await service.keep_blob(
                work,
                sha1=sha1,
                size_bytes=len(text.data),
                mimetype=text.mimetype,
                reading=service.read_inline(text),
                now=clock.now(),
            )
            await service.keep_inline(
                work, errand=self._errand, course=course, text=text, sha1=sha1
            )

    async def fetch_files(self) -> None:
        """Bring in the files that are not here yet, and read what is in them."""
        async with unit_of_work() as work:
            waiting = await service.parcels(work, errand=self._errand)
        await self._note(files_total=len(waiting))
        for parcel in waiting:
            await self._note(current=f"{parcel.course_name}: {parcel.name}")
            async with self._apart(partial(self._note_failed_file, parcel)):
                await self._fetch(parcel)
            await self._note(files_done=1)

    async def _fetch(self, parcel: Parcel) -> None:
        limit = get_settings().file_limit_mb * MEGABYTE
        async with self._site.download(
            parcel.address, limit_bytes=limit, known_sha1=parcel.known_sha1
        ) as download:
            if download.not_modified and parcel.known_sha1:
                return await self._keep_file(parcel, sha1=parcel.known_sha1)
            async with received(self._counted(download.chunks())) as path:
                kind = parcel.mimetype or download.mimetype
                await self._store(path, sha1=download.sha1, mimetype=kind)
                return await self._keep_file(parcel, sha1=download.sha1)

    async def _counted(self, chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """Show how far a large file has arrived."""
        fresh = 0
        async for chunk in chunks:
            fresh += len(chunk)
            if fresh >= COUNT_EVERY_BYTES:
                await self._note(bytes_done=fresh)
                fresh = 0
            yield chunk
        await self._note(bytes_done=fresh)

    async def _store(self, path: Path, *, sha1: str, mimetype: str) -> None:
        kind = rules.kind_of(await to_thread(_start_of, path), listed=mimetype)
        readable = kind in documents.READERS
        async with unit_of_work() as work:
            if await service.has_bytes(work, sha1=sha1, readable=readable):
                return
        size = (await to_thread(path.stat)).st_size
        await get_storage().put_file(path, blob_key(sha1))
        reading = await to_thread(documents.read, path, mimetype=kind)
        async with unit_of_work() as work:
            await service.keep_blob(
                work,
                sha1=sha1,
                size_bytes=size,
                mimetype=kind,
                reading=reading,
                now=clock.now(),
            )

    async def _keep_file(self, parcel: Parcel, *, sha1: str) -> None:
        async with unit_of_work() as work:
            await service.keep_file(
                work, errand=self._errand, material_id=parcel.material_id, sha1=sha1
            )

    async def _try(self, asking: Awaitable[Answer], name: str) -> Answer | None:
        """Return an answer, or None once the reason why there is none is kept."""
        async with self._apart(self._issue(self._site.address.host, name)):
            return await asking
        return None

    @asynccontextmanager
    async def _apart(self, note: NoteFailure) -> AsyncGenerator[None]:
        """Keep what goes wrong with one part of a run from ending the whole run."""
        try:
            yield
        except ENDS_THE_RUN:
            raise
        except StudyMasterError as error:
            await note(error)
        except Exception:
            log.exception("sync_part_broke", run_id=str(self._errand.run_id))
            await note(OurFaultError(PART_FAULT))

    def _issue(self, course_name: str, item_name: str) -> NoteFailure:
        return partial(self._note_issue, course_name, item_name)

    async def _note_issue(
        self, course_name: str, item_name: str, error: StudyMasterError
    ) -> None:
        async with unit_of_work() as work:
            await service.note_issue(
                work,
                errand=self._errand,
                course_name=course_name,
                item_name=item_name,
                error=error,
                now=clock.now(),
            )

    async def _note_failed_file(self, parcel: Parcel, error: StudyMasterError) -> None:
        async with unit_of_work() as work:
            await service.note_failed_file(
                work, errand=self._errand, parcel=parcel, error=error, now=clock.now()
            )

    async def _note(self, *, current: str | None = None, **amounts: int) -> None:
        async with unit_of_work() as work:
            await service.note_progress(
                work, errand=self._errand, now=clock.now(), current=current, **amounts
            )
        self._untold = True


def _start_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(16)
