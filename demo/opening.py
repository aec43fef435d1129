"""Opening the campus: courses read from their plans, files built once, dates set from today."""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

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
from demo.markup import to_html
from demo.oddities import cell_picture, cut_off, scan
from demo.pdf import Handout, build_lecture

CONTENT = Path(__file__).parent / "content"
FOLDERS = (
    "biology",
    "linear-algebra",
    "organic-chemistry",
    "modern-history",
    "data-structures",
)
_CODE = Path(__file__).parent
_BUILDERS = ("pdf.py", "figures.py", "markup.py", "oddities.py", "fonts/__init__.py")
_ALL = tuple(
    tomllib.loads((CONTENT / folder / "course.toml").read_text("utf-8"))["shortname"]
    for folder in FOLDERS
)
_FIRST_COURSE_ID = 2
_SETTLED = timedelta(days=60)
_TERM = timedelta(days=230)
_EVENING = 22 * 3600 - 60
_PDF = "application/pdf"
_VISITOR, _MODEL = "robin", "mina"
Plan = dict[str, Any]


def students() -> list[Student]:
    """The people who can sign in; as Robin does everybody who only tries the demo."""
    biology, data_structures = _ALL[0], _ALL[-1]
    return [
        Student(3, "mina", "Mina", "Aalto", frozenset(_ALL)),
        Student(4, "jonas", "Jonas", "Keller", frozenset({biology, data_structures})),
        Student(5, "noor", "Noor", "Haddad"),
        Student(6, _VISITOR, "Robin", "Vale", frozenset(_ALL)),
    ]


def _and_visitor(names: Iterable[str]) -> frozenset[str]:
    """Those who have done something; the visitor has done what Mina has."""
    done = frozenset(names)
    return done | {_VISITOR} if _MODEL in done else done


def _with_visitor(grades: dict[str, float]) -> dict[str, float]:
    return grades | {_VISITOR: grades[_MODEL]} if _MODEL in grades else grades


def open_campus(data: Path, *, now: datetime) -> Campus:
    """Read all the courses.

    Args:
        data: folder for the built files; what is there and still fits the sources is reused.
        now: the day on which the due dates are based.
    """
    data.mkdir(parents=True, exist_ok=True)
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    reader = _Reader(_Workshop(data), today)
    courses = [
        reader.course(_FIRST_COURSE_ID + place, CONTENT / folder)
        for place, folder in enumerate(FOLDERS)
    ]
    return Campus(students=students(), courses=courses, opened=now)


def _term_start(today: datetime) -> datetime:
    """The last 1 March or 1 September that is long enough ago for a course to be under way."""
    settled = today - _SETTLED
    firsts = (
        settled.replace(year=year, month=month, day=1)
        for year in (settled.year, settled.year - 1)
        for month in (9, 3)
    )
    return next(first for first in firsts if first <= settled)


class _Workshop:
    """Builds files, or takes them from the data folder when nothing changed since."""

    def __init__(self, data: Path) -> None:
        self._data = data
        tools = b"".join((_CODE / name).read_bytes() for name in _BUILDERS)
        self._tools = hashlib.sha256(tools).digest()

    def made(self, source: bytes, way: str, build: Callable[[], bytes]) -> bytes:
        key = hashlib.sha256(self._tools + way.encode() + source).hexdigest()
        kept = self._data / f"{key[:32]}.bin"
        if not kept.exists():
            unfinished = kept.with_suffix(".part")
            unfinished.write_bytes(build())
            unfinished.replace(kept)
        return kept.read_bytes()


@dataclass
class _Reader:
    workshop: _Workshop
    today: datetime
    cmids: Iterator[int] = field(default_factory=lambda: count(1))
    sections: Iterator[int] = field(default_factory=lambda: count(1))
    parts: Iterator[int] = field(default_factory=lambda: count(1))
    instances: dict[str, Iterator[int]] = field(default_factory=dict[str, Iterator[int]])

    def course(self, course_id: int, folder: Path) -> Course:
        plan = tomllib.loads((folder / "course.toml").read_text("utf-8"))
        start = _term_start(self.today)
        head = f"{plan['shortname']} · {plan['fullname']}"
        return Course(
            id=course_id,
            contextid=20 + course_id,
            shortname=plan["shortname"],
            fullname=plan["fullname"],
            idnumber=plan["shortname"].replace(" ", "-"),
            category=plan["category"],
            summary=f"<p>{plan['summary']}</p>",
            teacher=plan["teacher"],
            colour=plan["colour"],
            start=int(start.timestamp()),
            end=int((start + _TERM).timestamp()),
            sections=[
                self._section(
                    number, part, _Desk(self, folder, head, plan["teacher"], start)
                )
                for number, part in enumerate(plan["sections"])
            ],
        )

    def _section(self, number: int, plan: Plan, desk: "_Desk") -> Section:
        created = int(desk.start.timestamp()) + 7 * DAY * number + 8 * 3600
        return Section(
            id=next(self.sections),
            number=number,
            name=plan["name"],
            summary=f"<p>{plan['summary']}</p>" if "summary" in plan else "",
            modules=[desk.module(part, created) for part in plan["modules"]],
        )

    def instance(self, kind: str) -> int:
        return next(self.instances.setdefault(kind, count(1)))


@dataclass
class _Desk:
    """Where the modules of one course are made from their plans."""

    reader: _Reader
    folder: Path
    head: str
    teacher: str
    start: datetime

    def module(self, plan: Plan, created: int) -> Module:
        kind: str = "resource" if plan["kind"] in _BUILD else plan["kind"]
        cmid = next(self.reader.cmids)
        return Module(
            cmid=cmid,
            instance=self.reader.instance(kind),
            contextid=cmid + CONTEXT_OFFSET,
            kind=kind,
            name=plan["name"],
            created=created,
            modified=created,
            intro=plan.get("intro", ""),
            hidden=plan.get("hidden", False),
            restricted=plan.get("restricted", ""),
            seen=_and_visitor(plan.get("seen", ())),
            html=to_html(self._text(plan["source"])) + plan.get("after", "")
            if kind == "page"
            else "",
            url=plan.get("url", ""),
            files=tuple(self._files(plan, created)),
            chapters=tuple(self._chapters(plan)),
            entries=tuple(self._entries(plan)),
            posts=tuple(self._posts(plan)),
            task=self._task(plan),
        )

    def _text(self, source: str) -> str:
        return (self.folder / source).read_text("utf-8")

    def _files(self, plan: Plan, created: int) -> Iterator[StoredFile]:
        if plan["kind"] in _BUILD:
            content = self._document(plan["kind"], plan)
            yield StoredFile(plan["file"], content, _PDF, created, created)
        for item in plan.get("files", ()):
            content, mimetype = self._attachment(item)
            yield StoredFile(
                item["file"], content, mimetype, created, created, item.get("path", "/")
            )

    def _attachment(self, item: Plan) -> tuple[bytes, str]:
        if item["file"].endswith(".txt"):
            return item["text"].encode(), "text/plain"
        if item["file"].endswith(".png"):
            return self.reader.workshop.made(b"", "cell", cell_picture), "image/png"
        return self._document("lecture", {"name": item["file"][:-4], **item}), _PDF

    def _document(self, kind: str, plan: Plan) -> bytes:
        text = self._text(plan["source"]) if "source" in plan else ""
        head = Handout(self.head, plan.get("head", plan["name"]), self.teacher)
        way = f"{kind}|{head}"
        return self.reader.workshop.made(
            text.encode(), way, lambda: _BUILD[kind](text, head)
        )

    def _chapters(self, plan: Plan) -> Iterator[Chapter]:
        for item in plan.get("chapters", ()):
            yield Chapter(
                next(self.reader.parts),
                item["title"],
                to_html(self._text(item["source"])),
                item.get("level", 0),
            )

    def _entries(self, plan: Plan) -> Iterator[Entry]:
        if "glossary" in plan:
            terms = tomllib.loads(self._text(plan["glossary"]))["terms"]
            for concept, definition in terms.items():
                yield Entry(next(self.reader.parts), concept, definition)

    def _posts(self, plan: Plan) -> Iterator[Post]:
        for item in plan.get("posts", ()):
            created = self._day(-item["days_ago"]) + 9 * 3600
            yield Post(
                next(self.reader.parts),
                item["subject"],
                f"<p>{item['message']}</p>",
                created,
                item.get("pinned", False),
            )

    def _day(self, days: int) -> int:
        return int((self.reader.today + timedelta(days=days)).timestamp())

    def _task(self, plan: Plan) -> Task:
        return Task(
            opens=self._day(plan["opens_in"]) if "opens_in" in plan else 0,
            due=self._day(plan["due_in"]) + _EVENING if "due_in" in plan else 0,
            minutes=plan.get("minutes", 0),
            maximum=plan.get("maximum", 100),
            submitted=_and_visitor(plan.get("submitted", ())),
            grades=_with_visitor(plan.get("grades", {})),
            feedback=plan.get("feedback", ""),
        )


_EXAMINATION_PASSWORD = "lecture"  # noqa: S105  # told to nobody but the tests
# Kinds of file in a course plan, all of them Moodle's "resource".
_BUILD: dict[str, Callable[[str, Handout], bytes]] = {
    "lecture": lambda text, head: build_lecture(text, head=head),
    "scan": lambda text, _head: scan(text),
    "locked": lambda text, head: build_lecture(
        text, head=head, password=_EXAMINATION_PASSWORD
    ),
    "cut_off": lambda text, head: cut_off(build_lecture(text, head=head)),
    "empty": lambda _text, _head: b"",
}
