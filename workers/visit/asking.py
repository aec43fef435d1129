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
from studymaster.features.sync import service
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
    that an answer about what is due left out.
    """

    pages: Sequence[PageContent] | None
    assignments: Sequence[Assignment] | None
    quizzes: Sequence[Quiz] | None
    glossaries: Sequence[Glossary] | None
    forums: Sequence[Forum] | None
    events: Sequence[ActionEvent] | None
    unanswered: frozenset[MaterialKind]
    left_out: Mapping[MaterialKind, frozenset[int]]
    undated: frozenset[int]

    def unanswered_in(self, course_id: int) -> frozenset[MaterialKind]:
        """Return the kinds of materials whose texts are not known in a course."""
        missing = {kind for kind, courses in self.left_out.items() if course_id in courses}
        return self.unanswered | missing


async def ask_overall(
    site: MoodleSite, journal: Journal, *, course_ids: Sequence[int], since: datetime
) -> Overall:
    """Ask about all courses (by their Moodle ids); events count from `since` on."""
    about: dict[str, Parameter] = {"courseids": course_ids}
    first: dict[str, Parameter] = {
        "timesortfrom": int(since.timestamp()),
        "limitnum": EVENTS_STEP,
    }
    asked = Round(site)
    pages = asked.add(PAGES, "Pages", about)
    assignments = asked.add(ASSIGNMENTS, "Assignments", about)
    quizzes = asked.add(QUIZZES, "Quizzes", about)
    glossaries = asked.add(GLOSSARIES, "Glossaries", about)
    forums = asked.add(FORUMS, "Announcements", about)
    events = asked.add(ACTION_EVENTS, "Calendar", first)
    await asked.ask()
    teller = _Teller(site, journal)
    told_pages = await teller.value(pages)
    told_glossaries = await teller.value(glossaries)
    told_assignments = await teller.value(assignments)
    told_quizzes = await teller.value(quizzes)
    return Overall(
        pages=told_pages and told_pages.pages,
        assignments=told_assignments
        and [item for course in told_assignments.courses for item in course.assignments],
        quizzes=told_quizzes and told_quizzes.quizzes,
        glossaries=told_glossaries and told_glossaries.glossaries,
        forums=await teller.value(forums),
        events=await teller.events(events, first),
        unanswered=teller.in_vain_among(
            {MaterialKind.PAGE: pages, MaterialKind.GLOSSARY: glossaries}
        ),
        left_out={
            MaterialKind.PAGE: _left_out(told_pages),
            MaterialKind.GLOSSARY: _left_out(told_glossaries),
        },
        undated=_left_out(told_assignments) | _left_out(told_quizzes),
    )


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
    site: MoodleSite,
    journal: Journal,
    *,
    course_ids: Sequence[int],
    user_id: int,
    since: datetime,
) -> tuple[Overall, dict[int, CourseAnswers]]:
    """Ask about all courses (by their Moodle ids) and about each; events count from `since`."""
    graded = course_ids if offers(site, GRADES) else ()
    overall, (contents, grades) = await both(
        ask_overall(site, journal, course_ids=course_ids, since=since),
        both(site.contents_of(course_ids), site.grades_of(graded, user_id=user_id)),
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
    await _ask_further(site, overall, found)
    return overall, found


async def _ask_further(
    site: MoodleSite, overall: Overall, found: Mapping[int, CourseAnswers]
) -> None:
    """Ask what lies in the glossaries and forums that a site told of."""
    glossaries = [one for one in overall.glossaries or () if one.course_id in found]
    forums = [
        one for one in overall.forums or () if one.announces and one.course_id in found
    ]
    if not offers(site, GLOSSARY_ENTRIES):
        glossaries.clear()
    if not offers(site, DISCUSSIONS):
        forums.clear()
    entries, news = await both(
        site.glossary_entries_of([item.id for item in glossaries]),
        site.discussions_of([item.id for item in forums]),
    )
    for glossary, told in zip(glossaries, entries, strict=True):
        found[glossary.course_id].glossaries.append((glossary, told))
    for forum, told in zip(forums, news, strict=True):
        found[forum.course_id].news.append((forum, told))


async def ask_submissions(
    site: MoodleSite, journal: Journal, assignments: Sequence[Assignment]
) -> dict[int, Submission]:
    """Ask how far the student has come with some assignments; return it by their ids."""
    if not assignments or not offers(site, SUBMISSION):
        return {}
    answers = await site.submission_states([item.id for item in assignments])
    found: dict[int, Submission] = {}
    for item, answer in zip(assignments, answers, strict=True):
        if isinstance(answer.failure, REFUSED):
            continue
        async with journal.apart(journal.issue(site.address.host, item.name)):
            found[item.id] = answer.value
    return found
