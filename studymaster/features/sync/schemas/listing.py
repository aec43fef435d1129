"""What a course holds as Moodle lists it, and how far it was kept so."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from studymaster.models import MaterialKind


@dataclass(frozen=True, slots=True)
class ListedSection:
    """A section of a course as Moodle lists it now; `moodle_id` stays, `number` may shift.

    One that is not `accessible` is listed without what lies in it.
    """

    moodle_id: int
    number: int
    name: str
    summary: str = ""
    visible: bool = True
    accessible: bool = True
    restriction: str | None = None


@dataclass(frozen=True, slots=True)
class ListedMaterial:
    """A thing as Moodle lists it now; `address` is where to fetch or open it.

    `section` is the Moodle id of the section it lies in. `text_sha1` names the text that came
    beside the listing. Without `text_known` the question for its text failed, or it is shut:
    size, date and type say nothing. What is `on_demand` is fetched when the student asks.
    """

    cmid: int
    filepath: str
    filename: str
    kind: MaterialKind
    modname: str
    name: str
    section: int
    section_name: str
    position: int
    address: str | None = None
    mimetype: str = ""
    size_bytes: int = 0
    modified_at: datetime | None = None
    restriction: str | None = None
    accessible: bool = True
    completion: int | None = None
    has_file: bool = False
    on_demand: bool = False
    text_sha1: str | None = None
    text_known: bool = True

    @property
    def key(self) -> tuple[int, str, str]:
        """What stays the same while the thing changes."""
        return self.cmid, self.filepath, self.filename


@dataclass(frozen=True, slots=True)
class CourseListing:
    """What Moodle lists in a course: its sections, and what lies in them, in its order."""

    sections: tuple[ListedSection, ...]
    materials: tuple[ListedMaterial, ...]


@dataclass(frozen=True, slots=True)
class InlineText:
    """A module's text that came with an answer instead of as a file; `sha1` names `data`."""

    cmid: int
    mimetype: str
    data: bytes
    modified_at: datetime | None
    sha1: str


@dataclass(frozen=True, slots=True)
class CourseReading:
    """That a course is kept as the answers about it say, which `digest` names.

    Without a digest some of them were missing: the next run looks at them all again. Without
    `read_at` what lies in the course was among those.
    """

    course_id: UUID
    digest: str | None
    read_at: datetime | None
