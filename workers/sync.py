"""Background work for Live Sync: one pass over everything a Moodle connection can see."""

from asyncio import to_thread
from collections.abc import AsyncIterable, AsyncIterator, Awaitable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from studymaster.adapters import clock, documents, moodle, vault
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.moodle import MoodleError, MoodleSite, failures
from studymaster.adapters.storage import blob_key, get_storage, received
from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand, InlineText, Parcel
from studymaster.jobs import JobName
from workers.app import task

MEGABYTE = 1_000_000
BEAT_EVERY_BYTES = 8 * MEGABYTE

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

OUR_FAULT = (
    "The sync stopped because of a fault on our side. What had arrived is kept; the next "
    "run tries again in half an hour."
)

Answer = TypeVar("Answer")


class OurFaultError(StudyMasterError):
    """Something in the product broke; no fault of the student's or of Moodle's."""


@task(JobName.SYNC_DUE_ACCOUNTS)
async def sync_due_accounts() -> None:
    """Ask for the runs that are due."""
    async with unit_of_work() as work:
        await service.request_due_syncs(work, now=clock.now())


@task(JobName.SYNC_ACCOUNT)
async def sync_account(*, account_id: str) -> None:
    """Carry out every run promised to one account."""
    owner = UUID(account_id)
    async with unit_of_work() as work:
        await service.promise_runs(work, account_id=owner, now=clock.now())
    while (errand := await _claim(owner)) is not None:
        try:
            await _carry_out(errand)
        except StudyMasterError as error:
            await _give_up(errand, error)
        except Exception:
            # A fault of ours would come again at once: the run is closed, the log has it.
            await _give_up(errand, OurFaultError(OUR_FAULT))
            raise


async def _claim(owner: UUID) -> Errand | None:
    async with unit_of_work() as work:
        return await service.claim_run(work, account_id=owner, now=clock.now())


async def _give_up(errand: Errand, error: StudyMasterError) -> None:
    async with unit_of_work() as work:
        await service.fail_run(
            work,
            errand=errand,
            error=error,
            connection_broken=isinstance(error, BROKEN),
            now=clock.now(),
        )


async def _carry_out(errand: Errand) -> None:
    async with moodle.open_site(
        errand.site_url,
        allowed_hosts=get_settings().moodle_allowed_hosts,
        token=vault.unseal(errand.sealed_token),
    ) as site:
        visit = _Visit(errand, site)
        listed = await visit.list_courses()
        await visit.list_everything(listed)
        await visit.fetch_files()
    async with unit_of_work() as work:
        await service.finish_run(work, errand=errand, now=clock.now())


class _Visit:
    """One run at one site."""

    def __init__(self, errand: Errand, site: MoodleSite) -> None:
        self._errand = errand
        self._site = site

    async def list_courses(self) -> list[CourseView]:
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
        chosen = [view for view in views if view.sync_enabled]
        await self._note(courses_total=len(chosen))
        return chosen

    async def list_everything(self, listed: list[CourseView]) -> None:
        ids = [course.moodle_id for course in listed]
        pages = await self._try(self._site.pages(ids), "Pages") or []
        assignments = await self._try(self._site.assignments(), "Assignments")
        quizzes = await self._try(self._site.quizzes(ids), "Quizzes")
        glossaries = await self._try(self._glossary_texts(ids), "Glossaries") or []
        texts = [*service.page_texts(pages), *glossaries]
        for course in listed:
            await self._list_course(course, texts=texts)
            if assignments is not None and quizzes is not None:
                due = service.deadlines(assignments, quizzes, course_id=course.moodle_id)
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

    async def _list_course(self, course: CourseView, *, texts: list[InlineText]) -> None:
        await self._note(current=f"Looking through {course.fullname}")
        sections = await self._try(self._site.contents(course.moodle_id), course.fullname)
        if sections is not None:
            cmids = {module.id for section in sections for module in section.modules}
            own = [text for text in texts if text.cmid in cmids]
            async with unit_of_work() as work:
                await service.keep_materials(
                    work,
                    errand=self._errand,
                    course=course,
                    listed=service.listed_materials(sections, inline=own),
                    now=clock.now(),
                )
                await courses.mark_synced(
                    work,
                    account_id=self._errand.account_id,
                    course_id=UUID(course.id),
                    now=clock.now(),
                )
            for text in own:
                await self._keep_text(course, text)
        await self._note(courses_done=1)

    async def _keep_text(self, course: CourseView, text: InlineText) -> None:
        sha1 = service.sha1_of(text)
        async with unit_of_work() as work:
            known = await service.has_bytes(work, sha1=sha1)
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
        async with unit_of_work() as work:
            waiting = await service.parcels(work, errand=self._errand)
        await self._note(files_total=len(waiting))
        for parcel in waiting:
            await self._note(current=f"{parcel.course_name}: {parcel.name}")
            try:
                await self._fetch(parcel)
            except WHOLE_SITE:
                raise
            except StudyMasterError as error:
                async with unit_of_work() as work:
                    await service.note_failed_file(
                        work,
                        errand=self._errand,
                        parcel=parcel,
                        error=error,
                        now=clock.now(),
                    )
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
        """Give a sign of life while a large file arrives."""
        fresh = 0
        async for chunk in chunks:
            fresh += len(chunk)
            if fresh >= BEAT_EVERY_BYTES:
                await self._note(bytes_done=fresh)
                fresh = 0
            yield chunk
        await self._note(bytes_done=fresh)

    async def _store(self, path: Path, *, sha1: str, mimetype: str) -> None:
        async with unit_of_work() as work:
            if await service.has_bytes(work, sha1=sha1):
                return
        size = (await to_thread(path.stat)).st_size
        await get_storage().put_file(path, blob_key(sha1))
        reading = await to_thread(documents.read, path, mimetype=mimetype)
        async with unit_of_work() as work:
            await service.keep_blob(
                work,
                sha1=sha1,
                size_bytes=size,
                mimetype=mimetype,
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
        try:
            return await asking
        except WHOLE_SITE:
            raise
        except MoodleError as error:
            async with unit_of_work() as work:
                await service.note_issue(
                    work,
                    errand=self._errand,
                    course_name=self._site.address.host,
                    item_name=name,
                    error=error,
                    now=clock.now(),
                )
            return None

    async def _note(self, *, current: str | None = None, **amounts: int) -> None:
        async with unit_of_work() as work:
            await service.note_progress(
                work, errand=self._errand, now=clock.now(), current=current, **amounts
            )
