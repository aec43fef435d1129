"""A term of any size for measuring: hundreds of files, each its own, out of a few drawn lectures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from itertools import count, cycle
from pathlib import Path
from random import Random
from zipfile import ZipFile, ZipInfo

from demo.campus import (
    CONTEXT_OFFSET,
    DAY,
    Campus,
    Chapter,
    Course,
    Entry,
    Module,
    Post,
    Section,
    StoredFile,
    Student,
    Task,
)
from demo.opening import open_campus

WEEKS = 12
KILOBYTE = 1_000
MEGABYTE = 1_000_000
LARGEST = 40 * MEGABYTE
_COURSE_CONTEXTS = 1_000_000
_FIRST_COURSE_ID = 2
_FIRST_STUDENT_ID = 3
_SMALLEST, _USUAL, _LARGE = 100 * KILOBYTE, 400 * KILOBYTE, 2 * MEGABYTE
_SPREAD = 0.8
_SUBJECTS = ("Mechanics", "Statistics", "Ethics", "Genetics", "Logic", "Optics", "Syntax")
_PDF, _TEXT, _ARCHIVE = "application/pdf", "text/plain", "application/zip"
_NOT_PDF = {7: _TEXT, 13: _ARCHIVE}
"""Of twenty files these are no PDF."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a term holds.

    Attributes:
        courses: Every student takes all of them.
        files: In folders and by themselves, over all courses.
        students: student1, student2 and so on; the password is that of the demo.
        heavy: Sizes as in a real term (100 kB to 2 MB, one of 40 MB) instead of the few
            kilobytes that a drawn lecture has.
        plain: Every file is a page of text, for when only their number matters.
    """

    courses: int = 60
    files: int = 500
    students: int = 1
    heavy: bool = True
    plain: bool = False


@dataclass(frozen=True, slots=True)
class _Sources:
    """What the campus of five courses lends to every course of a term."""

    lectures: tuple[bytes, ...]
    texts: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    entries: tuple[Entry, ...]


def open_term(data: Path, *, now: datetime, size: Size) -> Campus:
    """Make a term; the same size and day give the same bytes.

    Args:
        data: folder for the drawn lectures; what is there is reused.
        now: the day on which the due dates are based.
        size: how much of it.
    """
    small = open_campus(data, now=now)
    start = min(course.start for course in small.courses.values())
    seeded = Random(size.files)  # noqa: S311 - sample data
    planner = _Planner(size, _sources_of(small), seeded, start, int(now.timestamp()))
    courses = [planner.course(number) for number in range(size.courses)]
    names = frozenset(course.shortname for course in courses)
    students = [
        Student(
            _FIRST_STUDENT_ID + place,
            f"student{place + 1}",
            "Sam",
            f"No. {place + 1}",
            names,
        )
        for place in range(size.students)
    ]
    return Campus(students=students, courses=courses, opened=now)


def _sources_of(campus: Campus) -> _Sources:
    modules = [
        module for course in campus.courses.values() for _section, module in course.modules
    ]
    return _Sources(
        lectures=tuple(
            module.files[0].content
            for module in modules
            if module.kind == "resource" and module.name.startswith("Lecture")
        ),
        texts=tuple(
            module.html for module in modules if module.kind == "page" and not module.files
        ),
        chapters=tuple(chapter for module in modules for chapter in module.chapters),
        entries=tuple(entry for module in modules for entry in module.entries),
    )


@dataclass
class _Planner:
    size: Size
    sources: _Sources
    random: Random
    start: int
    now: int
    cmids: Iterator[int] = field(default_factory=lambda: count(1))
    sections: Iterator[int] = field(default_factory=lambda: count(1))
    parts: Iterator[int] = field(default_factory=lambda: count(1))
    files: Iterator[int] = field(default_factory=lambda: count(0))
    instances: dict[str, Iterator[int]] = field(default_factory=dict[str, Iterator[int]])

    def course(self, number: int) -> Course:
        """A course of twelve weeks; each has a little of everything."""
        subject = f"{_SUBJECTS[number % len(_SUBJECTS)]} {number + 1}"
        weeks = [
            Section(
                next(self.sections), week, f"Week {week}" if week else "General", "", []
            )
            for week in range(WEEKS + 1)
        ]
        weeks[0].modules += self._general(number)
        places = cycle(weeks[1:])
        for module in self._weekly(number, subject):
            next(places).modules.append(module)
        course_id = _FIRST_COURSE_ID + number
        return Course(
            id=course_id,
            contextid=_COURSE_CONTEXTS + course_id,
            shortname=f"TERM {number + 1:03}",
            fullname=subject,
            idnumber=f"TERM-{number + 1:03}",
            category="Term",
            summary=f"<p>{subject} for measuring.</p>",
            teacher="Ilse Varga",
            colour="#2f7d5b",
            start=self.start,
            end=self.start + 230 * DAY,
            sections=weeks,
        )

    def _general(self, number: int) -> Iterator[Module]:
        posts = tuple(
            Post(
                next(self.parts),
                f"News {place + 1}",
                "<p>Read the sheet first.</p>",
                self.start + place * DAY,
            )
            for place in range(5)
        )
        yield self._module("forum", "Announcements", posts=posts)
        yield self._module("label", "How to study", intro="<p>Read, recall, review.</p>")
        if number % 3 == 0:
            yield self._module("glossary", "Terms", entries=tuple(self._entries()))
        if number % 6 == 0:
            yield self._module("book", "Reader", chapters=tuple(self._chapters()))

    def _weekly(self, number: int, subject: str) -> Iterator[Module]:
        yield from self._with_files(number, subject)
        for place, text in zip(range(2), self.sources.texts, strict=False):
            yield self._module(
                "page", f"Notes {place + 1} on {subject}", html=f"<p>{subject}</p>{text}"
            )
        yield self._module("url", "Further reading", url="https://example.org/reading")
        for place in range(3):
            due = self.now + (number % 5 + 10 * place - 12) * DAY
            done = frozenset({"student1"}) if place == 0 else frozenset[str]()
            grades = {"student1": 70.0 + number % 30} if place == 0 else {}
            task = Task(
                opens=due - 20 * DAY,
                due=due,
                submitted=done,
                grades=grades,
                feedback="Good.",
            )
            yield self._module(
                "assign", f"Sheet {place + 1}", intro="<p>Solve it.</p>", task=task
            )
        closes = self.now + (number % 9 + 1) * DAY
        quiz = Task(opens=closes - 7 * DAY, due=closes, minutes=20)
        yield self._module("quiz", f"Quiz on {subject}", task=quiz)

    def _with_files(self, number: int, subject: str) -> Iterator[Module]:
        share, left = divmod(self.size.files, self.size.courses)
        files = [self._file(subject) for _ in range(share + (number < left))]
        folded = len(files) // 3
        for file in files[folded:]:
            yield self._module("resource", file.name.partition(".")[0], files=(file,))
        if folded:
            inside = tuple(replace(file, path="/sheets/") for file in files[:folded])
            yield self._module("folder", "Exercises", files=inside)

    def _module(self, kind: str, name: str, **more: object) -> Module:
        cmid = next(self.cmids)
        plain = Module(
            cmid=cmid,
            instance=next(self.instances.setdefault(kind, count(1))),
            contextid=cmid + CONTEXT_OFFSET,
            kind=kind,
            name=name,
            created=self.start,
            modified=self.start,
        )
        return replace(plain, **more)

    def _entries(self) -> Iterator[Entry]:
        for entry in self.sources.entries:
            yield replace(entry, id=next(self.parts))

    def _chapters(self) -> Iterator[Chapter]:
        for chapter in self.sources.chapters:
            yield replace(chapter, id=next(self.parts))

    def _file(self, subject: str) -> StoredFile:
        number = next(self.files)
        kind = _TEXT if self.size.plain else _NOT_PDF.get(number % 20, _PDF)
        make = {_PDF: self._pdf, _TEXT: self._text, _ARCHIVE: self._archive}[kind]
        ending = {_PDF: "pdf", _TEXT: "txt", _ARCHIVE: "zip"}[kind]
        content = make(number, subject)
        return StoredFile(
            f"{subject}, part {number + 1}.{ending}", content, kind, self.start, self.start
        )

    def _bytes_of(self, number: int) -> int:
        if not self.size.heavy:
            return 0
        if number == 0:
            return LARGEST
        drawn = int(self.random.lognormvariate(0, _SPREAD) * _USUAL)
        return min(max(drawn, _SMALLEST), _LARGE)

    def _pdf(self, number: int, _subject: str) -> bytes:
        lecture = self.sources.lectures[number % len(self.sources.lectures)]
        return with_ballast(lecture, size=self._bytes_of(number), random=self.random)

    def _text(self, number: int, subject: str) -> bytes:
        lines = (
            f"{place}. What does {subject} say of case {number}?" for place in range(40)
        )
        return "\n".join(lines).encode()

    def _archive(self, number: int, subject: str) -> bytes:
        target = BytesIO()
        with ZipFile(target, "w") as archive:
            filling = self.random.randbytes(self._bytes_of(number))
            archive.writestr(ZipInfo("data.bin"), filling)
            archive.writestr(ZipInfo("about.txt"), f"{subject}, {number}")
        return target.getvalue()


def with_ballast(pdf: bytes, *, size: int, random: Random) -> bytes:
    """The same document as a later save: with bytes that no page shows, like a large picture.

    Args:
        pdf: a document with a plain cross-reference table.
        size: about how many bytes the result has; a few are added in any case, so that no
            two results are equal.
        random: where the bytes come from.
    """
    trailer = pdf[pdf.rindex(b"trailer") :]
    root, known, before = (
        _found(pattern, trailer)
        for pattern in (rb"/Root (\d+ \d+ R)", rb"/Size (\d+)", rb"startxref\s+(\d+)")
    )
    filling = random.randbytes(max(size - len(pdf), 16))
    head = b"%s 0 obj\n<< /Length %d >>\nstream\n" % (known, len(filling))
    begin = len(pdf) + 1
    entry = b"%s\nendstream\nendobj\n" % filling
    table = begin + len(head) + len(entry)
    end = (
        b"xref\n%s 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (known, begin, int(known) + 1, root, before, table)
    )
    return b"".join((pdf, b"\n", head, entry, end))


def _found(pattern: bytes, text: bytes) -> bytes:
    match = re.search(pattern, text)
    if match is None:
        message = "The document has no plain cross-reference table."
        raise ValueError(message)
    return match[1]
