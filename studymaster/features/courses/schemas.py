"""What leaves the courses service: frozen, plain."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course as its student sees it; `line` is its colour of ten.

    It lies in the Moodle at `site_url`, which knows it by `moodle_id`.
    """

    id: str
    moodle_id: int
    shortname: str
    fullname: str
    line: int
    listed: bool
    sync_enabled: bool
    site_url: str
    last_synced: datetime | None


@dataclass(frozen=True, slots=True)
class ListedCourse:
    """A course as Moodle lists it now; `progress` is what is completed (percent)."""

    moodle_id: int
    shortname: str
    fullname: str
    progress: float | None = None
