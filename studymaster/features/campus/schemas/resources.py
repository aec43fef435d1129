"""Shared resources on their way in and as students see them: frozen, plain."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from studymaster.features.campus.schemas.audience import CourseKey


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    USEFUL = "useful"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to share, as it was typed, and with whom: a course or a group."""

    kind: str
    title: object
    text: object = ""
    address: object = ""
    course_id: int | None = None
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived, and the name it had on the device it came from."""

    path: Path
    filename: object
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store, which will be the resource `id`; the name is fit to show."""

    id: UUID
    key: str
    filename: str
    mimetype: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Audience:
    """With whom something is shared: a group, or everybody who has the course."""

    name: str
    group_id: UUID | None = None
    course: CourseKey | None = None


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """An audience to choose: `value` is `course:<Moodle id>` or `group:<id>`."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which resources are asked for; without an audience all that the student may see."""

    audience: Audience | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A shared file, link or note as one student sees it.

    Attributes:
        id: Opaque id.
        kind: `file`, `link` or `note`.
        title: What its author called it.
        text: A note's words in Markdown; in a list their beginning, `cut` says that more follow.
        cut: Whether `text` is only the beginning.
        address: Where a link leads.
        host: The host of that address.
        filename: A file's name.
        size_bytes: A file's size.
        size: The same in words: `340 kB`; empty without a file.
        opens: Whether a browser may show the file in place; else it is a download.
        author: Its author's name; empty when the account is gone.
        author_id: Its author's account; empty when it is gone.
        audience: The name of the course or of the group.
        course_id: The course's id in Moodle; null for a group.
        group_id: The group; null for a course.
        votes: How many found it useful.
        voted: Whether this student did.
        reported: Whether this student reported it.
        mine: Whether this student shared it.
        hidden: Whether reports have hidden it from everybody else.
        may_judge: Whether this student may remove it, and restore it when it is hidden.
        created_at: ISO 8601 in UTC.
    """

    id: str
    kind: str
    title: str
    text: str
    cut: bool
    address: str
    host: str
    filename: str
    size_bytes: int
    size: str
    opens: bool
    author: str
    author_id: str
    audience: str
    course_id: int | None
    group_id: str | None
    votes: int
    voted: bool
    reported: bool
    mine: bool
    hidden: bool
    may_judge: bool
    created_at: str


@dataclass(frozen=True, slots=True)
class SharedFile:
    """The bytes of a resource, once it is clear that the student may have them."""

    key: str
    filename: str
    mimetype: str
