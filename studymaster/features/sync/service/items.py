"""The things of one course as a student sees them: each with why it is here, or is not."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses.service import NO_COURSE
from studymaster.features.deadlines.rules import web_address
from studymaster.features.deadlines.service import listing as dates
from studymaster.features.library.service import NO_MATERIAL
from studymaster.features.sync import rules
from studymaster.features.sync.queries import holdings
from studymaster.features.sync.queries import items as queries
from studymaster.features.sync.queries.items import ALL, FRESH, GONE, MISSING, Wanted
from studymaster.features.sync.rules import standing
from studymaster.features.sync.rules.standing import Reading
from studymaster.features.sync.service.item_rows import (
    UNKNOWN,
    Place,
    SectionItems,
    reading_of,
    sections_of,
)
from studymaster.models import ChangeKind, ConnectionState, Material

SHOWS: Final = (ALL, FRESH, MISSING, GONE)
MOST_PAST: Final = 50
MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class CourseHead:
    """A course above the list of its things.

    `progress` is what Moodle says is completed (percent), -1 when it does not say; `read` is
    when it was last read (ISO 8601 in UTC), empty for never. While `coming` a run that reads
    it waits or goes on. `obstacle` says why it is not read, and is empty while it is.
    `materials`, `gone` and `files` are counted as for every course (`holdings.CourseCounts`);
    `space` is what the files take, empty for none.
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
    materials: int = 0
    gone: int = 0
    files: int = 0
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
    told = await dates.dates_of_course(work, student=student, course_id=course_id, now=now)
    place = Place(row, head, told, student.time_zone, look.limit_mb, now)
    left = counts[look.show] - len(rows)
    is_whole = look.show == ALL and not wanted.words
    return CourseItems(
        head=head,
        counts=ItemCounts(**counts),
        sections=sections_of(rows, known, place, empty_too=is_whole, more=left > 0),
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
    (counts,) = await holdings.course_counts(work.session, account_id, course_id=course.id)
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
        materials=counts.materials,
        gone=counts.gone,
        files=counts.files,
        space=standing.amount(space.size_bytes) if space.files else "",
        obstacle=OBSTACLES[reading_of(row)],
    )


OBSTACLES: Final[dict[Reading, str]] = {
    "on": "",
    "off": "Switched off: what is here stays, nothing new is read.",
    "away": "Its Moodle is not connected. What is here stays.",
    "gone": "Moodle does not list this course any more. What is here stays.",
}
