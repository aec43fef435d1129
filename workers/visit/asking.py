"""The questions of a run: few requests for all courses together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1
from typing import Any, Generic, TypeVar

from studymaster.adapters.moodle import MoodleSite
from studymaster.adapters.moodle.batch import Answer, Call
from studymaster.adapters.moodle.client import EVENTS_STEP, MOST_EVENT_PARTS
from studymaster.adapters.moodle.translate import (
    ACTION_EVENTS,
    ASSIGNMENTS,
    DISCUSSIONS,
    FORUMS,
    GLOSSARIES,
    GLOSSARY_ENTRIES,
    GRADES,
    PAGES,
    QUIZZES,
    SUBMISSION,
    ActionEvent,
    ActionEventPart,
    Assignment,
    AssignmentList,
    DiscussionPart,
    Forum,
    Glossary,
    GlossaryEntry,
    GlossaryList,
    GradeReport,
    PageContent,
    PageList,
    Question,
    Quiz,
    QuizList,
    Section,
    Submission,
)
from studymaster.adapters.moodle.wire import Parameter
from studymaster.features.sync import rules, service
from studymaster.features.sync.schemas import InlineText
from studymaster.models import MaterialKind
from workers.visit.faults import REFUSED
from workers.visit.journal import Journal
from workers.visit.together import both

T = TypeVar("T")

SHUT_TO_US = "refused"
"""Takes the place of a digest where the answer is that there is none for this student."""


@dataclass(slots=True)
class Slot(Generic[T]):
    """Where the answer to one question of a round will be; None: it is not offered."""

    name: str
    answer: Answer[T] | None = None


class Round:
    """Questions about all courses, asked together; what a site does not offer is left out."""

    def __init__(self, site: MoodleSite) -> None:
        """Begin without a question."""
        self._site = site
        self._asked: list[tuple[Call[object], Slot[Any]]] = []

    def add(
        self, question: Question[T], name: str, parameters: Mapping[str, Parameter]
    ) -> Slot[T]:
        """Add a question; `name` is what a student calls what it is about."""
        slot = Slot[T](name)
        if offers(self._site, question):
            self._asked.append((Call(question, parameters), slot))
        return slot

    async def ask(self) -> None:
        """Ask all of them; the slots have their answers afterwards."""
        answers = await self._site.ask_many([call for call, _ in self._asked])
        for (_, slot), answer in zip(self._asked, answers, strict=True):
            slot.answer = answer


def offers(site: MoodleSite, question: Question[Any]) -> bool:
    """Tell whether a site lets the token ask this; one that lists nothing is tried."""
    return not site.functions or question.function in site.functions


@dataclass(frozen=True, slots=True)
class Overall:
    """What a site told of all courses at once; None: not offered, or not answered.

    `unanswered` are the kinds of materials whose texts were asked for in vain, everywhere or
    in the courses (by their Moodle ids) that an answer left out; `undated` are the courses
    that an answer about what is due left out; `submissions` go by the assignments' ids.
    """

    pages: Sequence[PageContent] | None
    assignments: Sequence[Assignment] | None
    quizzes: Sequence[Quiz] | None
    events: Sequence[ActionEvent] | None
    submissions: Mapping[int, Submission]
    entries: Sequence[tuple[Glossary, Answer[list[GlossaryEntry]]]]
    news: Sequence[tuple[Forum, Answer[DiscussionPart]]]
    unanswered: frozenset[MaterialKind]
    left_out: Mapping[MaterialKind, frozenset[int]]
    undated: frozenset[int]

    def unanswered_in(self, course_id: int) -> frozenset[MaterialKind]:
        """Return the kinds of materials whose texts are not known in a course."""
        missing = {kind for kind, courses in self.left_out.items() if course_id in courses}
        return self.unanswered | missing


Graded = Mapping[tuple[int, int], datetime]
"""When graded work was due, by (course, module), both as Moodle counts them."""


@dataclass(frozen=True, slots=True)
class Student:
    """Who asks, about which courses (by their Moodle ids), and what is known of their work."""

    user_id: int
    course_ids: Sequence[int]
    graded: Graded
    now: datetime


class _Overview:
    """The questions about all courses at once, and those that follow from their answers."""

    def __init__(self, site: MoodleSite, journal: Journal, *, student: Student) -> None:
        self._site = site
        self._journal = journal
        self._student = student
        self._teller = _Teller(site, journal)
        self._first: dict[str, Parameter] = {
            "timesortfrom": int((student.now - rules.LOOKED_BACK).timestamp()),
            "limitnum": EVENTS_STEP,
        }
        about: dict[str, Parameter] = {"courseids": student.course_ids}
        self._round = Round(site)
        self._pages = self._round.add(PAGES, "Pages", about)
        self._assignments = self._round.add(ASSIGNMENTS, "Assignments", about)
        self._quizzes = self._round.add(QUIZZES, "Quizzes", about)
        self._glossaries = self._round.add(GLOSSARIES, "Glossaries", about)
        self._forums = self._round.add(FORUMS, "Announcements", about)
        self._events = self._round.add(ACTION_EVENTS, "Calendar", self._first)

    async def ask(self) -> Overall:
        await self._round.ask()
        teller = self._teller
        pages = await teller.value(self._pages)
        glossaries = await teller.value(self._glossaries)
        assignments = await teller.value(self._assignments)
        quizzes = await teller.value(self._quizzes)
        forums = await teller.value(self._forums)
        works = assignments and [
            item for course in assignments.courses for item in course.assignments
        ]
        (events, submissions), (entries, news) = await both(
            both(teller.events(self._events, self._first), self._submissions(works or ())),
            both(
                self._entries(glossaries.glossaries if glossaries else ()),
                self._news(forums or ()),
            ),
        )
        return Overall(
            pages=pages and pages.pages,
            assignments=works,
            quizzes=quizzes and quizzes.quizzes,
            events=events,
            submissions=submissions,
            entries=entries,
            news=news,
            unanswered=teller.in_vain_among(
                {MaterialKind.PAGE: self._pages, MaterialKind.GLOSSARY: self._glossaries}
            ),
            left_out={
                MaterialKind.PAGE: _left_out(pages),
                MaterialKind.GLOSSARY: _left_out(glossaries),
            },
            undated=_left_out(assignments) | _left_out(quizzes),
        )

    async def _submissions(self, works: Sequence[Assignment]) -> dict[int, Submission]:
        """Ask how far the student has come with what may be news."""
        student = self._student
        asked = service.worth_asking_about(works, graded=student.graded, now=student.now)
        if not asked or not offers(self._site, SUBMISSION):
            return {}
        answers = await self._site.submission_states([item.id for item in asked])
        found: dict[int, Submission] = {}
        for item, answer in zip(asked, answers, strict=True):
            if isinstance(answer.failure, REFUSED):
                continue
            note = self._journal.issue(self._site.address.host, item.name)
            async with self._journal.apart(note):
                found[item.id] = answer.value
        return found

    async def _entries(
        self, glossaries: Sequence[Glossary]
    ) -> list[tuple[Glossary, Answer[list[GlossaryEntry]]]]:
        """Ask what lies in the glossaries."""
        asked = [item for item in glossaries if item.course_id in self._student.course_ids]
        if not offers(self._site, GLOSSARY_ENTRIES):
            return []
        answers = await self._site.glossary_entries_of([item.id for item in asked])
        return list(zip(asked, answers, strict=True))

    async def _news(
        self, forums: Sequence[Forum]
    ) -> list[tuple[Forum, Answer[DiscussionPart]]]:
        """Ask what was announced."""
        asked = [
            item
            for item in forums
            if item.announces and item.course_id in self._student.course_ids
        ]
        if not offers(self._site, DISCUSSIONS):
            return []
        answers = await self._site.discussions_of([item.id for item in asked])
        return list(zip(asked, answers, strict=True))


def _left_out(
    told: PageList | GlossaryList | AssignmentList | QuizList | None,
) -> frozenset[int]:
    return told.left_out if told else frozenset()


class _Teller:
    """Reads answers about all courses; one that fails costs only itself, and is noted."""

    def __init__(self, site: MoodleSite, journal: Journal) -> None:
        self._site = site
        self._journal = journal
        self._in_vain: set[str] = set()

    def in_vain_among(
        self, slots: Mapping[MaterialKind, Slot[Any]]
    ) -> frozenset[MaterialKind]:
        """Return what was asked for in vain."""
        return frozenset(kind for kind, slot in slots.items() if slot.name in self._in_vain)

    async def value(self, slot: Slot[T]) -> T | None:
        """Return what was answered."""
        if slot.answer is None:
            return None
        note = self._journal.issue(self._site.address.host, slot.name)
        async with self._journal.apart(note):
            return slot.answer.value
        self._in_vain.add(slot.name)
        return None

    async def events(
        self, slot: Slot[ActionEventPart], first: Mapping[str, Parameter]
    ) -> Sequence[ActionEvent] | None:
        """Return the events of this part and of those after it."""
        part = await self.value(slot)
        if part is None:
            return None
        note = self._journal.issue(self._site.address.host, slot.name)
        async with self._journal.apart(note):
            return await self._later(part, first)
        return None

    async def _later(
        self, part: ActionEventPart, first: Mapping[str, Parameter]
    ) -> Sequence[ActionEvent]:
        events, after = [*part.events], 0
        for _ in range(MOST_EVENT_PARTS):
            if len(part.events) < EVENTS_STEP or part.last_id in (None, after):
                break
            after = part.last_id or 0
            part = await self._site.ask(ACTION_EVENTS, **{**first, "aftereventid": after})
            events += part.events
        return events


@dataclass(slots=True)
class CourseAnswers:
    """Everything that a site answered about one course; nothing of it is parsed yet."""

    contents: Answer[list[Section]]
    unanswered: frozenset[MaterialKind]
    pages: list[InlineText] = field(default_factory=list[InlineText])
    glossaries: list[tuple[Glossary, Answer[list[GlossaryEntry]]]] = field(
        default_factory=list[tuple[Glossary, Answer[list[GlossaryEntry]]]]
    )
    news: list[tuple[Forum, Answer[DiscussionPart]]] = field(
        default_factory=list[tuple[Forum, Answer[DiscussionPart]]]
    )
    grades: Answer[GradeReport] | None = None

    @property
    def digest(self) -> str | None:
        """A name of all of it; None when something did not come."""
        answers: list[Answer[Any]] = [self.contents]
        answers += [answer for _, answer in self.glossaries]
        answers += [answer for _, answer in self.news]
        if self.grades is not None:
            answers.append(self.grades)
        names = [_digest(answer) for answer in answers]
        if self.contents.failure or self.unanswered or None in names:
            return None
        names += [f"{text.cmid}:{text.sha1}" for text in self.pages]
        line = "\n".join(name or "" for name in names)
        return sha1(line.encode(), usedforsecurity=False).hexdigest()


def _digest(answer: Answer[Any]) -> str | None:
    if answer.failure is None:
        return answer.sha1
    return SHUT_TO_US if isinstance(answer.failure, REFUSED) else None


async def ask_everything(
    site: MoodleSite, journal: Journal, *, student: Student
) -> tuple[Overall, dict[int, CourseAnswers]]:
    """Ask about all courses at once and about each of them (by their Moodle ids)."""
    course_ids = student.course_ids
    graded = course_ids if offers(site, GRADES) else ()
    overall, (contents, grades) = await both(
        _Overview(site, journal, student=student).ask(),
        both(
            site.contents_of(course_ids),
            site.grades_of(graded, user_id=student.user_id),
        ),
    )
    found = {
        number: CourseAnswers(answer, overall.unanswered_in(number))
        for number, answer in zip(course_ids, contents, strict=True)
    }
    for page in overall.pages or ():
        if page.course_id in found:
            found[page.course_id].pages.append(service.page_text(page))
    for number, told in zip(course_ids, grades, strict=False):
        found[number].grades = told
    for glossary, entries in overall.entries:
        found[glossary.course_id].glossaries.append((glossary, entries))
    for forum, news in overall.news:
        found[forum.course_id].news.append((forum, news))
    return overall, found
