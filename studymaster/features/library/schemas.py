"""What leaves the library: materials as a student sees them, pages, and files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MaterialView:
    """One thing in a course.

    Attributes:
        id: Opaque id.
        course_id: The course it lies in.
        name: Its name in Moodle.
        kind: `file`, `page`, `chapter`, `glossary`, `link`, `note` or `activity`.
        section: The section of the course it stands in.
        state: Why it cannot be read here, as a sentence; empty when it can.
        mark: What happened to it in Moodle, as a sentence; empty while it is there.
        address: Where it is in Moodle; empty when unknown.
        readable: Whether its text is here, so that cards can be made from it.
        pictured: Whether its pages can be shown as pictures.
        page_count: Pages from 1; 0 when it has none.
        fresh: New or changed since the student last opened it.
        proposals_open: Proposals that wait for the student's word.
        cards: Cards made from it.
        own: The student added it; Moodle knows nothing of it.
        has_file: There is a file to hand over, not only words of a page.
    """

    id: str = ""
    course_id: str = ""
    name: str = ""
    kind: str = ""
    section: str = ""
    state: str = ""
    mark: str = ""
    address: str = ""
    readable: bool = False
    pictured: bool = False
    page_count: int = 0
    fresh: bool = False
    proposals_open: int = 0
    cards: int = 0
    own: bool = False
    has_file: bool = False


@dataclass(frozen=True, slots=True)
class LectureName:
    """A material with text by its name, and the short name of its course."""

    id: str
    name: str
    course: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of a course with its materials, in Moodle's order."""

    name: str
    materials: list[MaterialView]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The first materials of a course by section; `more` says how many follow."""

    sections: list[SectionView]
    more: int


@dataclass(frozen=True, slots=True)
class FileSource:
    """The bytes behind a material, once it is clear that they are the student's.

    They lie under `key` in the file store, the drawn pages below `pictures`.
    """

    sha1: str
    key: str
    pictures: str
    name: str
    mimetype: str
    size_bytes: int
    page_count: int


@dataclass(frozen=True, slots=True)
class Box:
    """A marked stretch of a page, in percent of its width and height from the top left."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote between the text before and after it on its page."""

    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Written:
    """A text that a student wrote, stored: its number in a course, and its bytes' name."""

    number: int
    sha1: str
    name: str
    text: str
    storage_key: str


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Where the bytes of a removed file lie, and its drawn pages."""

    key: str
    pictures: str


@dataclass(frozen=True, slots=True)
class CoursePlace:
    """Where a course is: our id, its number in the Moodle at `site_url`, its name."""

    id: str
    moodle_id: int
    site_url: str
    name: str
