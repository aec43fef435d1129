"""What a run lists: the courses, and what lies in each, kept where it differs."""

from asyncio import to_thread
from collections.abc import Sequence
from uuid import UUID

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.moodle import MoodleSite, SiteInfo
from studymaster.adapters.moodle.batch import Answer
from studymaster.adapters.moodle.translate import Glossary, GlossaryEntry
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.errors import StudyMasterError
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.features.deadlines import service as deadlines
from studymaster.features.deadlines.schemas import AnnouncementNews, DeadlineNews
from studymaster.features.grades import service as grades
from studymaster.features.grades.schemas import GradeNews
from studymaster.features.sync import rules, service
from studymaster.features.sync.schemas import Errand, InlineText, News
from studymaster.models import MaterialKind
from workers.visit.asking import (
    CourseAnswers,
    Overall,
    ask_each,
    ask_overall,
    ask_submissions,
)
from workers.visit.faults import NOT_LISTED, REFUSED
from workers.visit.journal import Journal, NoteFailure


class Listing:
    """What one site lists for one student."""

    def __init__(self, errand: Errand, site: MoodleSite, journal: Journal) -> None:
        """List for `errand` at the opened site."""
        self._errand = errand
        self._site = site
        self._journal = journal
        self._announcements = list[AnnouncementNews]()
        self._grades = list[GradeNews]()

    async def keep_everything(self) -> News:
        """Keep the courses and what lies in those that this run goes through."""
        info = await self._site.site_info()
        listed = await self._keep_courses(info)
        if not listed:
            return News()
        course_ids = [course.moodle_id for course in listed]
        overall = await ask_overall(
            self._site,
            self._journal,
            course_ids=course_ids,
            since=clock.now() - rules.LOOKED_BACK,
        )
        answers = await ask_each(
            self._site, overall, course_ids=course_ids, user_id=info.user_id
        )
        async with unit_of_work() as work:
            known = await service.digests(work, errand=self._errand)
        for course in listed:
            found = answers[course.moodle_id]
            if found.digest is None or found.digest != known.get(UUID(course.id)):
                await self._keep_course(course, found)
            self._journal.note(courses_done=1)
        moved = await self._keep_deadlines(listed, overall)
        return News(tuple(moved), tuple(self._announcements), tuple(self._grades))

    async def _keep_courses(self, info: SiteInfo) -> list[CourseView]:
        """Keep the courses that Moodle lists; return those that this run goes through."""
        found = await self._site.courses(info.user_id)
        listed = [
            ListedCourse(item.id, item.short_name, item.full_name, item.progress)
            for item in found
        ]
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
            host = self._site.address.host
            await self._journal.note_issue(host, "Course", NOT_LISTED)
        self._journal.note(courses_total=len(chosen))
        return chosen

    def _is_wanted(self, course: CourseView) -> bool:
        only = self._errand.course_id
        return only is None or UUID(course.id) == only

    async def _keep_course(self, course: CourseView, answers: CourseAnswers) -> None:
        """Keep what was answered about a course; a part that fails costs only itself."""
        self._journal.note(current=f"Looking through {course.fullname}")
        differs = kept = False
        async with self._journal.apart(self._unread(course)):
            differs = await self._keep_contents(course, answers)
            kept = True
        whole = kept
        for name, keep in (
            ("Grades", self._keep_grades),
            ("Announcements", self._keep_announcements),
        ):
            done = False
            async with self._journal.apart(self._journal.issue(course.fullname, name)):
                differs |= await keep(course, answers)
                done = True
            whole &= done
        digest = answers.digest if whole else None
        if digest or differs or (kept and course.last_synced is None):
            async with unit_of_work() as work:
                await service.keep_reading(
                    work,
                    errand=self._errand,
                    course=course,
                    digest=digest,
                    read_at=clock.now() if kept else None,
                )

    def _unread(self, course: CourseView) -> NoteFailure:
        async def note(error: StudyMasterError) -> None:
            async with unit_of_work() as work:
                await service.note_unread(
                    work, errand=self._errand, course=course, error=error, now=clock.now()
                )

        return note

    async def _keep_contents(self, course: CourseView, answers: CourseAnswers) -> bool:
        sections = answers.contents.value
        cmids = {module.id for section in sections for module in section.modules}
        texts = [text for text in answers.pages if text.cmid in cmids]
        unanswered = answers.unanswered
        for glossary, entries in answers.glossaries:
            text = await self._glossary_text(course, glossary, entries)
            if text is None:
                unanswered |= {MaterialKind.GLOSSARY}
            elif text.cmid in cmids:
                texts.append(text)
        texts += service.note_texts(sections)
        await self._store(texts)
        async with unit_of_work() as work:
            return await service.keep_course(
                work,
                errand=self._errand,
                course=course,
                listing=service.listed_course(
                    sections, inline=texts, unanswered=unanswered
                ),
                now=clock.now(),
            )

    async def _glossary_text(
        self, course: CourseView, glossary: Glossary, entries: Answer[list[GlossaryEntry]]
    ) -> InlineText | None:
        """Return a glossary as a text; None when its entries did not come."""
        if isinstance(entries.failure, REFUSED):
            return None
        async with self._journal.apart(self._journal.issue(course.fullname, glossary.name)):
            return service.glossary_text(glossary.module_id, entries.value)
        return None

    async def _store(self, texts: Sequence[InlineText]) -> None:
        """Store and read the texts that nobody has yet."""
        if not texts:
            return
        async with unit_of_work() as work:
            known = await service.bytes_read(work, sha1s={text.sha1 for text in texts})
        for text in {text.sha1: text for text in texts}.values():
            if text.sha1 in known:
                continue
            await get_storage().put_bytes(text.data, blob_key(text.sha1))
            reading = await to_thread(service.read_inline, text)
            async with unit_of_work() as work:
                await service.keep_blob(
                    work,
                    sha1=text.sha1,
                    size_bytes=len(text.data),
                    mimetype=text.mimetype,
                    reading=reading,
                    now=clock.now(),
                )

    async def _keep_grades(self, course: CourseView, answers: CourseAnswers) -> bool:
        told = answers.grades
        if told is None or isinstance(told.failure, REFUSED):
            return False
        listed = service.grades(told.value.lines)
        async with unit_of_work() as work:
            news = await grades.keep_grades(
                work,
                account_id=self._errand.account_id,
                course_id=UUID(course.id),
                listed=listed,
                now=clock.now(),
            )
        self._grades += news if course.last_synced else []
        return bool(news)

    async def _keep_announcements(self, course: CourseView, answers: CourseAnswers) -> bool:
        listed = [
            item
            for forum, told in answers.news
            if not isinstance(told.failure, REFUSED)
            for item in service.announcements(
                forum, told.value.discussions, site=self._site.address.url
            )
        ]
        if not listed:
            return False
        async with unit_of_work() as work:
            news = await deadlines.keep_announcements(
                work,
                account_id=self._errand.account_id,
                course_id=UUID(course.id),
                listed=listed,
                now=clock.now(),
            )
        self._announcements += news if course.last_synced else []
        return bool(news)

    async def _keep_deadlines(
        self, listed: Sequence[CourseView], overall: Overall
    ) -> list[DeadlineNews]:
        """Keep what is due; return what moved in courses that were read before."""
        host = self._site.address.host
        found: list[DeadlineNews] = []
        async with self._journal.apart(self._journal.issue(host, "Deadlines")):
            found = await self._keep_due(listed, overall)
        known = {UUID(course.id) for course in listed if course.last_synced}
        return [item for item in found if item.course_id in known]

    async def _keep_due(
        self, listed: Sequence[CourseView], overall: Overall
    ) -> list[DeadlineNews]:
        now = clock.now()
        async with unit_of_work() as work:
            graded = await service.graded_work(work, errand=self._errand)
        asked = service.worth_asking_about(
            overall.assignments or (), graded=graded, now=now
        )
        told = service.Told(
            overall.assignments,
            overall.quizzes,
            overall.events,
            await ask_submissions(self._site, self._journal, asked),
        )
        course_ids = {
            course.moodle_id: UUID(course.id)
            for course in listed
            if course.moodle_id not in overall.undated
        }
        async with unit_of_work() as work:
            return await deadlines.keep_deadlines(
                work,
                account_id=self._errand.account_id,
                course_ids=course_ids.values(),
                kinds=told.kinds,
                listed=service.deadlines(
                    told, course_ids=course_ids, site=self._site.address.url
                ),
                now=now,
            )
