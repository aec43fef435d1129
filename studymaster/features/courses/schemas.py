"""What leaves the courses service: frozen, plain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course as its student sees it; `line` is its colour of ten."""

    id: str
    moodle_id: int
    shortname: str
    fullname: str
    line: int
    listed: bool
    sync_enabled: bool


@dataclass(frozen=True, slots=True)
class ListedCourse:
    """A course as Moodle lists it now."""

    moodle_id: int
    shortname: str
    fullname: str
