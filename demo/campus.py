"""The campus of the demo: its people, courses, sections, modules and files."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from demo.wire import Json, RefusalError, invalid_token, missing_record

SITE_NAME = "Lindmark University"
PASSWORD = "campus"  # noqa: S105  # the published sign-in of the demo
_SEED = "studymaster demo campus"
DAY = 86_400


@dataclass(frozen=True)
class Student:
    """Somebody who can sign in, and the short names of the courses he or she takes."""

    id: int
    username: str
    firstname: str
    lastname: str
    courses: frozenset[str] = frozenset()

    @property
    def fullname(self) -> str:
        """First and last name."""
        return f"{self.firstname} {self.lastname}"


@dataclass(frozen=True)
class StoredFile:
    """A file of a module; times are Unix seconds."""

    name: str
    content: bytes
    mimetype: str
    created: int
    modified: int
    path: str = "/"
    sha1: str = field(init=False, repr=False, compare=False)
    """The content hash under which Moodle stores it and which it sends as ETag."""

    def __post_init__(self) -> None:
        """Know the hash from the start, so that no request has to wait for it."""
        sha1 = hashlib.sha1(self.content, usedforsecurity=False).hexdigest()
        object.__setattr__(self, "sha1", sha1)


@dataclass(frozen=True)
class Chapter:
    """A chapter of a book."""

    id: int
    title: str
    html: str
    level: int = 0


@dataclass(frozen=True)
class Entry:
    """An entry of a glossary."""

    id: int
    concept: str
    definition: str


@dataclass(frozen=True)
class Post:
    """A discussion opened in a forum."""

    id: int
    subject: str
    message: str
    created: int
    pinned: bool = False


@dataclass(frozen=True)
class Task:
    """The dates and results of an assignment or a quiz; 0 means no date."""

    opens: int = 0
    due: int = 0
    minutes: int = 0
    maximum: int = 100
    submitted: frozenset[str] = frozenset()
    grades: dict[str, float] = field(default_factory=dict[str, float])
    feedback: str = ""


@dataclass(frozen=True)
class Module:
    """One activity or resource on a course page."""

    cmid: int
    instance: int
    contextid: int
    kind: str
    name: str
    created: int
    modified: int
    intro: str = ""
    hidden: bool = False
    restricted: str = ""
    seen: frozenset[str] = frozenset()
    revision: int = 0
    html: str = ""
    url: str = ""
    files: tuple[StoredFile, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    entries: tuple[Entry, ...] = ()
    posts: tuple[Post, ...] = ()
    task: Task = Task()


@dataclass
class Section:
    """A week of a course."""

    id: int
    number: int
    name: str
    summary: str
    modules: list[Module]


@dataclass
class Course:
    """A course as its students see it."""

    id: int
    contextid: int
    shortname: str
    fullname: str
    idnumber: str
    category: str
    summary: str
    teacher: str
    colour: str
    start: int
    end: int
    sections: list[Section]

    def is_taken_by(self, student: Student) -> bool:
        """Whether a student is enrolled."""
        return self.shortname in student.courses

    @property
    def modules(self) -> Iterator[tuple[Section, Module]]:
        """Every module with its section, in the order of the page."""
        return (
            (section, module) for section in self.sections for module in section.modules
        )

    def visible_modules(self, kind: str) -> Iterator[tuple[Section, Module]]:
        """The modules of one kind that a student may open."""
        return (
            (section, module)
            for section in self.sections
            for module in section.modules
            if module.kind == kind and not module.hidden and not module.restricted
        )


_Name = tuple[str, int]
"""The number of a module's context, or of it among its kind."""
_CONTEXT = "context"


class Campus:
    """Everything the demo knows; changes live as long as the process."""

    def __init__(
        self, *, students: list[Student], courses: list[Course], opened: datetime
    ) -> None:
        """Open the doors with these people and courses."""
        self.students = {student.username: student for student in students}
        self.courses = {course.id: course for course in courses}
        self.opened = opened
        self.type_of_login = 1
        self._generation = dict.fromkeys(self.students, 0)
        self._expired: set[str] = set()
        self._places: dict[_Name, tuple[Course, Section]] = {}

    # -- people and tokens

    def token_of(self, student: Student) -> str:
        """The present token: the same after every restart until it has expired once."""
        return _derived("token", student.username, self._generation[student.username])

    def access_key_of(self, student: Student) -> str:
        """The key for files without a token."""
        return _derived("files", student.username, 0)

    def sign_in(self, student: Student) -> str:
        """The token of a student who gave the right password; replaces an expired one."""
        if self.token_of(student) in self._expired:
            self._generation[student.username] += 1
        return self.token_of(student)

    def expire_token(self, student: Student) -> None:
        """Let the present token be used up; a new sign-in gives another."""
        self._expired.add(self.token_of(student))

    def renew_tokens(self) -> None:
        """Forget every expiry: the first tokens hold again."""
        self._expired.clear()
        self._generation = dict.fromkeys(self.students, 0)

    def student_with(self, token: str) -> Student:
        """The owner of a valid token.

        Raises:
            RefusalError: invalidtoken.
        """
        if token not in self._expired:
            for student in self.students.values():
                if token == self.token_of(student):
                    return student
        raise invalid_token()

    # -- courses

    def courses_of(self, student: Student) -> list[Course]:
        """The courses a student is enrolled in."""
        return [course for course in self.courses.values() if course.is_taken_by(student)]

    def course_named(self, shortname: str) -> Course:
        """The course with this short name.

        Raises:
            RefusalError: invalidrecord.
        """
        for course in self.courses.values():
            if course.shortname == shortname:
                return course
        msg = "course"
        raise missing_record(msg)

    def find_context(self, contextid: int) -> tuple[Course, Module | None] | None:
        """The course, and the module if it is one, that a context id belongs to."""
        for course in self.courses.values():
            if course.contextid == contextid:
                return course, None
        return self._find((_CONTEXT, contextid))

    def find_open(self, kind: str, instance: int) -> tuple[Course, Module] | None:
        """The module of a kind with this instance id that students may open, and its course."""
        found = self._find((kind, instance))
        if found is None or found[1].hidden or found[1].restricted:
            return None
        return found

    def _find(self, name: _Name) -> tuple[Course, Module] | None:
        """The module that is called so; where it lay the last time is looked at first."""
        return self._look(name) or self._look_everywhere(name)

    def _look(self, name: _Name) -> tuple[Course, Module] | None:
        if name not in self._places:
            return None
        course, section = self._places[name]
        if self.courses.get(course.id) is not course:
            return None
        for module in section.modules:
            if name in _names(module):
                return course, module
        return None

    def _look_everywhere(self, name: _Name) -> tuple[Course, Module] | None:
        self._places = {
            known: (course, section)
            for course in self.courses.values()
            for section, module in course.modules
            for known in _names(module)
        }
        return self._look(name)

    # -- changes

    def add(self, course: Course, module: Module) -> Module:
        """Put a new module at the end of the last section, with ids of its own."""
        cmid = 1 + max(m.cmid for c in self.courses.values() for _s, m in c.modules)
        instance = 1 + max(
            (
                m.instance
                for c in self.courses.values()
                for _s, m in c.modules
                if m.kind == module.kind
            ),
            default=0,
        )
        placed = replace(
            module, cmid=cmid, instance=instance, contextid=cmid + CONTEXT_OFFSET
        )
        course.sections[-1].modules.append(placed)
        return placed

    def module(self, cmid: int) -> tuple[Course, Module]:
        """A module and its course.

        Raises:
            RefusalError: invalidcoursemoduleid.
        """
        for course in self.courses.values():
            for _section, module in course.modules:
                if module.cmid == cmid:
                    return course, module
        raise RefusalError(
            errorcode="invalidcoursemoduleid", message=f"There is no module {cmid}."
        )

    def change(self, cmid: int, **changes: Json) -> Module:
        """Change fields of one module."""
        course, module = self.module(cmid)
        changed = replace(module, **changes)
        for section in course.sections:
            section.modules[:] = [
                changed if each is module else each for each in section.modules
            ]
        return changed


CONTEXT_OFFSET = 100


def _names(module: Module) -> tuple[_Name, _Name]:
    return (_CONTEXT, module.contextid), (module.kind, module.instance)


@cache
def _derived(purpose: str, username: str, generation: int) -> str:
    words = f"{_SEED}|{purpose}|{username}|{generation}"
    return hashlib.sha256(words.encode()).hexdigest()[:32]
