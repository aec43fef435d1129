"""Bytes on their way: to fetch, here now, and not read yet."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file to fetch.

    `known_sha1` names bytes that it may well have: those that another student of the same
    site has under the same name, size and date, else what we have of it from an earlier run.
    Moodle says whether it has them, and whether this student may read them.
    """

    material_id: UUID
    course_name: str
    name: str
    filename: str
    address: str
    mimetype: str
    size_bytes: int
    known_sha1: str | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes that are here now: `sha1` names them, `readable` there may be text in them.

    A file of Moodle's has a `material_id`; a text that came with an answer has none.
    """

    sha1: str
    size_bytes: int
    mimetype: str
    readable: bool
    material_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """Stored bytes whose text nobody has read yet."""

    sha1: str
    mimetype: str
