"""The things of one course as a student sees them: each with why it is here, or is not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses.service import NO_COURSE
from studymaster.features.deadlines.rules import web_address
from studymaster.features.library.service import NO_MATERIAL
from studymaster.features.sync import rules
from studymaster.features.sync.queries import holdings
from studymaster.features.sync.queries import items as queries
from studymaster.features.sync.queries.items import ALL, FRESH, GONE, MISSING, Wanted
from studymaster.features.sync.service import standing
from studymaster.features.sync.service.standing import NO_MARK, Reading, Standing
from studymaster.models import (
    Blob,
    ChangeKind,
    ConnectionState,
    CourseSection,
    Material,
    MaterialKind,
)

SHOWS: Final = (ALL, FRESH, MISSING, GONE)
MOST_PAST: Final = 50
MOST_WORDS: Final = 8
MODULE: Final = re.compile(r"[a-z][a-z0-9_]*")
UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class ItemView:
    """A thing of a course.

    Attributes:
        id: Opaque id.
        name: Its name in Moodle.
        kind: What it is, in a word or two: it chooses the icon.
        mark: What happened to it last, in a word; empty for nothing.
        mark_line: The line whose colour the mark has.
        mark_date: On which day it happened, in words; empty when unknown.
        tick: `open`, `done` or `missed`; empty where Moodle tracks nothing.
        tick_words: The same in words.
        size: How large it is; empty when unknown.
        why: Why it is here, or is not.
        page: Where it can be read here; empty while there is nothing of it.
        link: Where a link leads to outside; empty for what is none.
        moodle: Where it is in Moodle; empty when it is not there.
        fetchable: Whether it comes when it is asked for.
    """

    id: str
    name: str
    kind: str
    mark: str
    mark_line: str
    mark_date: str
    tick: str
    tick_words: str
    size: str
    why: str
    page: str
    link: str
    moodle: str
    fetchable: bool


@dataclass(frozen=True, slots=True)
class SectionItems:
    """A section of a course; `note` says why it is not open, or that it is gone."""

    key: str
    name: str
    note: str
    rows: list[ItemView]


@dataclass(frozen=True, slots=True)
class CourseHead:
    """A course above the list of its things.

    `progress` is what Moodle says is completed (percent), -1 when it does not say; `read` is
    when it was last read (ISO 8601 in UTC), empty for never. While `coming` a run that reads
    it waits or goes on. `obstacle` says why it is not read, and is empty while it is.
    """

    id: str = ""
    shortname: str = ""
    fullname: str = ""
    line: int = 0
    site_name: str = ""
    moodle: str = ""
    listed: bool = True
    sync_enabled: bool = True
    connected: bool = True
    coming: bool = False
    progress: int = UNKNOWN
    read: str = ""
    space: str = ""
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """How many things of a course there are by what can be shown."""

    all: int = 0
    fresh: int = 0
    missing: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class CourseItems:
    """A course with the first of its things; `left` says how many follow."""

    head: CourseHead
    counts: ItemCounts
    sections: list[SectionItems]
    left: int


@dataclass(frozen=True, slots=True)
class PastChange:
    """One thing that happened to an item, and when, in words."""

    id: str
    what: str
    moment: str


@dataclass(frozen=True, slots=True)
class ItemPast:
    """What happened to an item, the newest first."""

    id: str = ""
    changes: list[PastChange] = field(default_factory=list[PastChange])


@dataclass(frozen=True, slots=True)
class Look:
    """How a student looks at a course.

    Attributes:
        show: One of SHOWS.
        words: What is searched for in names.
        limit: How many things are shown at most.
        limit_mb: The largest file that this host keeps (megabytes).
    """

    show: str = ALL
    words: str = ""
    limit: int = 50
    limit_mb: int = 200


async def find_course_items(
    work: UnitOfWork, *, student: Student, address: str, look: Look, now: datetime
) -> CourseItems | None:
    """Return the course that a page's address names; None when it is not the student's."""
    try:
        course_id = parse_id(address, missing=NO_COURSE)
        return await course_items(
            work, student=student, course_id=course_id, look=look, now=now
        )
    except NotFoundError:
        return None


async def course_items(
    work: UnitOfWork, *, student: Student, course_id: UUID, look: Look, now: datetime
) -> CourseItems:
    """Return a course with its things in Moodle's order.

    Raises:
        NotFoundError: the course is not the student's.
    """
    session, account_id = work.session, student.account_id
    row = await queries.course_row(session, account_id, course_id=course_id)
    if row is None:
        raise NotFoundError(NO_COURSE)
    wanted = Wanted(course_id, look.show, tuple(look.words.split()[:MOST_WORDS]))
    head = await _head(work, row, account_id=account_id)
    counts = await queries.count_items(session, account_id, wanted=wanted)
    rows = await queries.items(session, account_id, wanted=wanted, limit=look.limit)
    known = await queries.sections(session, account_id, course_id=course_id)
    place = _Place(row, head, student.time_zone, look.limit_mb, now)
    left = counts[look.show] - len(rows)
    is_whole = look.show == ALL and not wanted.words
    return CourseItems(
        head=head,
        counts=ItemCounts(**counts),
        sections=_sections(rows, known, place, empty_too=is_whole, more=left > 0),
        left=left,
    )


async def history_of(
    work: UnitOfWork, *, student: Student, material_id: UUID, now: datetime
) -> ItemPast:
    """Return what happened to a thing of a course since it was first seen.

    Raises:
        NotFoundError: it is not the student's.
    """
    session, account_id = work.session, student.account_id
    row = await holdings.material_by_id(session, account_id, material_id=material_id)
    if row is None:
        raise NotFoundError(NO_MATERIAL)
    rows = await queries.changes_of_material(
        session, account_id, material_id=material_id, limit=MOST_PAST
    )
    zone = student.time_zone
    changes = [
        PastChange(
            str(one.id), _told(one.what, one.name, row), _moment(one.created_at, zone, now)
        )
        for one in rows
    ]
    if not any(one.what is ChangeKind.NEW for one in rows) and len(rows) < MOST_PAST:
        first = "there when the course was first read"
        changes.append(PastChange("first", first, _moment(row.created_at, zone, now)))
    return ItemPast(str(material_id), changes)


async def space_used(work: UnitOfWork, *, account_id: UUID) -> str:
    """Return how much of the student's courses is kept here, in words; empty for nothing."""
    found = await queries.space(work.session, account_id)
    return standing.space(found.size_bytes, files=found.files)


def _told(what: ChangeKind, name: str, row: Material) -> str:
    """Return what happened; a name that it does not have any more is told with it."""
    words = rules.WORDS[what]
    return words if name == row.name else f"{words}: {name}"


def _moment(moment: datetime, zone: str, now: datetime) -> str:
    time = moment.astimezone(ZoneInfo(zone))
    return f"{standing.day(moment, zone=zone, now=now)}, {time:%H:%M}"


async def _head(
    work: UnitOfWork, row: queries.CourseRow, *, account_id: UUID
) -> CourseHead:
    course, connection, read_at = row
    space = await queries.space(work.session, account_id, course_id=course.id)
    site = web_address(connection.site_url).rstrip("/")
    return CourseHead(
        id=str(course.id),
        shortname=course.shortname,
        fullname=course.fullname,
        line=course.line,
        site_name=connection.site_name,
        moodle=f"{site}/course/view.php?id={course.moodle_id}" if site else "",
        listed=course.listed,
        sync_enabled=course.sync_enabled,
        connected=connection.state is ConnectionState.ACTIVE,
        coming=await queries.is_being_read(work.session, account_id, course=course),
        progress=UNKNOWN if course.progress is None else round(course.progress),
        read=read_at.isoformat() if read_at else "",
        space=standing.space(space.size_bytes, files=space.files),
        obstacle=OBSTACLES[_reading(row)],
    )


OBSTACLES: Final[dict[Reading, str]] = {
    "on": "",
    "off": "Switched off: what is here stays, nothing new is read.",
    "away": "Its Moodle is not connected. What is here stays.",
    "gone": "Moodle does not list this course any more. What is here stays.",
}


def _reading(row: queries.CourseRow) -> Reading:
    if not row.course.listed:
        return "gone"
    if row.connection.state is not ConnectionState.ACTIVE:
        return "away"
    return "on" if row.course.sync_enabled else "off"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where things lie, and who looks at them when."""

    row: queries.CourseRow
    head: CourseHead
    zone: str
    limit_mb: int
    now: datetime

    def day(self, moment: datetime | None) -> str:
        """Return a day in words; empty for none."""
        return standing.day(moment, zone=self.zone, now=self.now) if moment else ""


def _sections(
    rows: Sequence[queries.ItemRow],
    known: Sequence[CourseSection],
    place: _Place,
    *,
    empty_too: bool,
    more: bool,
) -> list[SectionItems]:
    """Group things by section; empty ones stand among them as far as the list goes."""
    by_id: dict[UUID | str, CourseSection] = {one.id: one for one in known}
    groups = {
        key: [_item(*one, place) for one in group]
        for key, group in groupby(rows, key=lambda one: _section_key(one[0]))
    }
    last = next(reversed(groups), None)
    order: list[UUID | str] = []
    for section in known:
        if section.id in groups or (empty_too and section.listed):
            order.append(section.id)
        if more and section.id == last:
            break
    order += [key for key in groups if key not in by_id]
    return [_section(key, by_id.get(key), groups.get(key, [])) for key in order]


def _section_key(row: Material) -> UUID | str:
    return row.section_id or row.section_name


def _section(
    key: UUID | str, section: CourseSection | None, items: list[ItemView]
) -> SectionItems:
    if section is None:
        return SectionItems(f"name-{key}", str(key) or "General", "", items)
    return SectionItems(str(key), section.name or "General", _note(section), items)


def _note(section: CourseSection) -> str:
    """Return what is to be known of a section before what lies in it."""
    if not section.listed:
        return "Not in Moodle any more."
    if section.restriction:
        return f"Locked in Moodle: {standing.sentence(section.restriction)}"
    return "" if section.visible else "Hidden in Moodle."


def _item(row: Material, blob: Blob | None, place: _Place) -> ItemView:
    known = _standing(row, blob, place)
    state = standing.state_of(
        listed=row.listed, accessible=row.accessible, last_change=row.last_change
    )
    mark = standing.MARKS.get(state, NO_MARK)
    done = UNKNOWN if row.completion is None or not row.listed else row.completion
    tick, tick_words = standing.TICKS.get(done, ("", ""))
    size_bytes = blob.size_bytes if blob and not row.size_bytes else row.size_bytes
    return ItemView(
        id=str(row.id),
        name=row.name,
        kind=standing.kind_words(kind=row.kind, modname=row.modname, mimetype=row.mimetype),
        mark=mark.word,
        mark_line=mark.line and f"line-{mark.line}",
        mark_date=place.day(row.last_change_at) if row.last_change == state else "",
        tick=tick,
        tick_words=tick_words,
        size=standing.amount(size_bytes) if size_bytes > 0 and row.filename else "",
        why=standing.why(known),
        page=f"{rules.LECTURE_PATH}{row.id}" if blob else "",
        link=web_address(row.address) if row.kind is MaterialKind.LINK else "",
        moodle=_in_moodle(row, place.head, site=place.row.connection.site_url),
        fetchable=bool(row.filename) and standing.is_fetchable(known),
    )


def _standing(row: Material, blob: Blob | None, place: _Place) -> Standing:
    return Standing(
        kind=row.kind,
        fetch=row.fetch_state,
        text=blob.text_state if blob else None,
        listed=row.listed,
        accessible=row.accessible,
        reading=_reading(place.row),
        coming=place.head.coming,
        restriction=row.restriction or "",
        failure=row.failure or "",
        mimetype=row.mimetype or (blob.mimetype if blob else ""),
        size_bytes=row.size_bytes,
        pages=blob.page_count if blob else 0,
        by_ocr=blob.by_ocr if blob else False,
        gone_on=place.day(row.last_change_at) if row.last_change is ChangeKind.GONE else "",
        has_link=bool(web_address(row.address)),
        limit_mb=place.limit_mb,
    )


def _in_moodle(row: Material, head: CourseHead, *, site: str) -> str:
    """Return where a thing is in Moodle; what stands on the course page itself is there."""
    if not (row.listed and head.listed and head.moodle):
        return ""
    if row.kind is MaterialKind.NOTE or row.cmid < 1 or not MODULE.fullmatch(row.modname):
        return head.moodle
    return f"{site.rstrip('/')}/mod/{row.modname}/view.php?id={row.cmid}"
