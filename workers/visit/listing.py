"""What a run lists: the courses, and what lies in each, kept where it differs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.moodle import CourseInfo, MoodleSite
from studymaster.adapters.moodle.batch import Answer
from studymaster.adapters.moodle.translate import Glossary, GlossaryEntry
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.errors import StudyMasterError
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.features.deadlines import service as deadlines
from studymaster.features.deadlines.schemas import (
    ListedAnnouncement,
)
from studymaster.features.grades import service as grades
from studymaster.features.grades.schemas import ListedGrade
from studymaster.features.sync import service
from studymaster.features.sync.schemas import (
    Arrival,
    CourseListing,
    CourseReading,
    Errand,
    InlineText,
    News,
)
from studymaster.models import MaterialKind
from workers.visit.asking import (
    CourseAnswers,
    Graded,
    Overall,
    Student,
    ask_everything,
)
from workers.visit.bundle import in_company
from workers.visit.faults import NOT_LISTED, REFUSED
from workers.visit.journal import Journal, NoteFailure
from workers.visit.together import both

TOGETHER = 20
"""So many courses are kept in one transaction."""


@dataclass(slots=True)
class _Found:
    """What was answered about one course; without a listing it did not come.

    `digest` names the answers; None: something in them has to be looked at again.
    """

    course: CourseView
    digest: str | None
    listing: CourseListing | None = None
    texts: Sequence[InlineText] = ()
    grades: Sequence[ListedGrade] | None = None
    news: Sequence[ListedAnnouncement] = ()


Digests = Mapping[UUID, str | None]


def _is_known(digest: str | None, known: Digests, course: CourseView) -> bool:
    return digest is not None and digest == known.get(UUID(course.id))


def _readings(
    found: Iterable[_Found], differ: Collection[UUID], *, now: datetime
) -> list[CourseReading]:
    """Return what is to be noted of the courses for which there is anything to note."""
    readings: list[CourseReading] = []
    for one in found:
        course_id, is_kept = UUID(one.course.id), one.listing is not None
        is_first = is_kept and one.course.last_synced is None
        if one.digest or course_id in differ or is_first:
            read_at = now if is_kept else None
            readings.append(CourseReading(course_id, one.digest, read_at))
    return readings


class Listing:
    """What one site lists for one student."""

    def __init__(self, errand: Errand, site: MoodleSite, journal: Journal) -> None:
        """List for `errand` at the opened site."""
        self._errand = errand
        self._site = site
        self._journal = journal
        self._told = 0

    async def keep_everything(self) -> bool:
        """Keep the courses and what lies in those that this run goes through.

        Whoever keeps news tells of them in the same transaction, so a run that dies has told
        of all that it kept. Returns whether every answer was known.
        """
        info, found = await both(
            self._site.site_info(), self._site.courses(self._errand.moodle_user_id)
        )
        listed, known, graded = await self._keep_courses(found)
        if not listed:
            return True
        course_ids = [course.moodle_id for course in listed]
        student = Student(info.user_id, course_ids, graded, clock.now())
        overall, answers = await ask_everything(self._site, self._journal, student=student)
        changed = [
            course
            for course in listed
            if not _is_known(answers[course.moodle_id].digest, known, course)
        ]
        self._journal.note(courses_done=len(listed) - len(changed))
        for first in range(0, len(changed), TOGETHER):
            await self._keep_some(changed[first : first + TOGETHER], answers)
        await self._keep_deadlines(listed, overall)
        return not changed

    async def _keep_courses(
        self, found: Sequence[CourseInfo]
    ) -> tuple[list[CourseView], Digests, Graded]:
        """Keep the courses that Moodle lists; return those that this run goes through.

        With them come the names of the answers from which they were kept last, and what is
        known to be graded.
        """
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
            known = await service.digests(work, errand=self._errand)
            graded = await service.graded_work(work, errand=self._errand)
        chosen = [view for view in views if view.sync_enabled and self._is_wanted(view)]
        if self._errand.course_id is not None and not chosen:
            host = self._site.address.host
            await self._journal.note_issue(host, "Course", NOT_LISTED)
        self._journal.note(courses_total=len(chosen))
        return chosen, known, graded

    def _is_wanted(self, course: CourseView) -> bool:
        only = self._errand.course_id
        return only is None or UUID(course.id) == only

    async def _keep_some(
        self, some: Sequence[CourseView], answers: Mapping[int, CourseAnswers]
    ) -> None:
        """Keep what was answered about some courses; one that fails costs only itself."""
        self._journal.note(current=f"Looking through {some[0].fullname}")
        found = [await self._look_into(one, answers[one.moodle_id]) for one in some]
        failures = await in_company(found, self._keep_together)
        for place, error in failures.items():
            async with self._journal.apart(self._unread(some[place])):
                raise error
        self._journal.note(courses_done=len(some))

    async def _look_into(self, course: CourseView, answers: CourseAnswers) -> _Found:
        """Read the answers about a course; a part that fails costs only itself."""
        found = _Found(course, answers.digest)
        parts = (
            (self._unread(course), self._take_contents),
            (self._journal.issue(course.fullname, "Grades"), self._take_grades),
            (self._journal.issue(course.fullname, "Announcements"), self._take_news),
        )
        for note, take in parts:
            is_done = False
            async with self._journal.apart(note):
                await take(found, answers)
                is_done = True
            if not is_done:
                found.digest = None
        return found

    async def _keep_together(self, found: Sequence[_Found]) -> None:
        """Keep what was found in some courses in one go."""
        listed = [(one.course, one.listing) for one in found if one.listing is not None]
        texts = await self._store([text for one in found for text in one.texts])
        now = clock.now()
        async with unit_of_work() as work:
            await service.keep_inline(work, errand=self._errand, arrivals=texts, now=now)
            differ = await service.keep_courses(
                work, errand=self._errand, listed=listed, now=now
            )
            graded = await grades.keep_gradebooks(
                work,
                account_id=self._errand.account_id,
                listed={UUID(one.course.id): one.grades for one in found if one.grades},
                now=now,
            )
            announced = await deadlines.keep_announcements(
                work,
                account_id=self._errand.account_id,
                listed={UUID(one.course.id): one.news for one in found if one.news},
                now=now,
            )
            differ |= {one.course_id for one in (*graded, *announced)}
            await service.keep_readings(
                work, errand=self._errand, readings=_readings(found, differ, now=now)
            )
            known = {UUID(one.course.id) for one in found if one.course.last_synced}
            news = News(
                announcements=[one for one in announced if one.course_id in known],
                grades=[one for one in graded if one.course_id in known],
            )
            await service.tell_of_news(
                work, outing=self._errand, news=news, told=self._told, now=now
            )
        self._told += len(news.announcements)

    def _unread(self, course: CourseView) -> NoteFailure:
        async def note(error: StudyMasterError) -> None:
            async with unit_of_work() as work:
                await service.note_unread(
                    work, errand=self._errand, course=course, error=error, now=clock.now()
                )

        return note

    async def _take_contents(self, found: _Found, answers: CourseAnswers) -> None:
        sections = answers.contents.value
        cmids = {module.id for section in sections for module in section.modules}
        texts = [text for text in answers.pages if text.cmid in cmids]
        unanswered = answers.unanswered
        for glossary, entries in answers.glossaries:
            text = await self._glossary_text(found.course, glossary, entries)
            if text is None:
                unanswered |= {MaterialKind.GLOSSARY}
            elif text.cmid in cmids:
                texts.append(text)
        texts += service.note_texts(sections)
        found.listing = service.listed_course(sections, inline=texts, unanswered=unanswered)
        found.texts = texts

    async def _glossary_text(
        self, course: CourseView, glossary: Glossary, entries: Answer[list[GlossaryEntry]]
    ) -> InlineText | None:
        """Return a glossary as a text; None when its entries did not come."""
        if isinstance(entries.failure, REFUSED):
            return None
        async with self._journal.apart(self._journal.issue(course.fullname, glossary.name)):
            return service.glossary_text(glossary.module_id, entries.value)
        return None

    async def _store(self, texts: Sequence[InlineText]) -> list[Arrival]:
        """Store the texts that nobody has yet, and return them."""
        if not texts:
            return []
        unique = {text.sha1: text for text in texts}
        async with unit_of_work() as work:
            known = await service.bytes_here(work, sha1s=unique.keys())
        fresh = [text for sha1, text in unique.items() if sha1 not in known]
        for text in fresh:
            await get_storage().put_bytes(text.data, blob_key(text.sha1))
        return [
            Arrival(text.sha1, len(text.data), text.mimetype, readable=True)
            for text in fresh
        ]

    async def _take_grades(self, found: _Found, answers: CourseAnswers) -> None:
        told = answers.grades
        if told is not None and not isinstance(told.failure, REFUSED):
            found.grades = service.grades(told.value.lines)

    async def _take_news(self, found: _Found, answers: CourseAnswers) -> None:
        found.news = [
            item
            for forum, told in answers.news
            if not isinstance(told.failure, REFUSED)
            for item in service.announcements(
                forum, told.value.discussions, site=self._site.address.url
            )
        ]

    async def _keep_deadlines(self, listed: Sequence[CourseView], overall: Overall) -> None:
        """Keep what is due."""
        host = self._site.address.host
        async with self._journal.apart(self._journal.issue(host, "Deadlines")):
            await self._keep_due(listed, overall)

    async def _keep_due(self, listed: Sequence[CourseView], overall: Overall) -> None:
        told = service.Told(
            overall.assignments, overall.quizzes, overall.events, overall.submissions
        )
        course_ids = {
            course.moodle_id: UUID(course.id)
            for course in listed
            if course.moodle_id not in overall.undated
        }
        known = {UUID(course.id) for course in listed if course.last_synced}
        now = clock.now()
        async with unit_of_work() as work:
            moved = await deadlines.keep_deadlines(
                work,
                account_id=self._errand.account_id,
                course_ids=course_ids.values(),
                kinds=told.kinds,
                listed=service.deadlines(
                    told, course_ids=course_ids, site=self._site.address.url
                ),
                now=now,
            )
            news = News(deadlines=[one for one in moved if one.course_id in known])
            await service.tell_of_news(work, outing=self._errand, news=news, now=now)
