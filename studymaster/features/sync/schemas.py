"""What goes into and comes out of the sync service: frozen, plain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from studymaster.features.deadlines.schemas import AnnouncementNews, DeadlineNews
from studymaster.features.grades.schemas import GradeNews
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


@dataclass(frozen=True, slots=True)
class News:
    """What a run found out beside the materials, in courses that were read before.

    It was `quiet` when every answer was as the run before had it, and nothing was to fetch.
    """

    deadlines: tuple[DeadlineNews, ...] = ()
    announcements: tuple[AnnouncementNews, ...] = ()
    grades: tuple[GradeNews, ...] = ()
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A run that somebody wants: over a whole connection, or over one course of it."""

    account_id: UUID
    connection_id: UUID
    course_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """One run: whose, at which connection, and whether over only one course of it."""

    run_id: UUID
    account_id: UUID
    connection_id: UUID
    course_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand(Outing):
    """One run to carry out: at which site, and as whom.

    `failing`: the site failed the run before it; `untold`: that did not go through, for
    whatever reason, so nobody was told of what it had found.
    """

    site_url: str
    site_name: str
    sealed_token: str
    token_obtained_at: datetime
    moodle_user_id: int
    failing: bool
    untold: bool


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


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A Moodle site as the Live Sync page shows it.

    `failure` says why the last attempt failed; only when `broken` does it take the student
    to go on, and `what_to_do` says what. `may_try` tells that the token at hand may do.
    `way` is moodle, browser or token: how it was made, and so how it is renewed. `runs_out`
    says when it has to be, in words, and is empty while there is time. One that its student
    `disconnected` is broken and no failure. `keys_url` is where Moodle takes keys back.
    """

    id: str
    site_name: str
    site_url: str
    username: str
    failure: str
    broken: bool
    synced: str
    way: str = "moodle"
    runs_out: str = ""
    what_to_do: str = ""
    may_try: bool = False
    disconnected: bool = False
    keys_url: str = ""


Tone = Literal["", "busy", "good", "short", "bad", "off"]
"""How a run went, as a colour and a shape say it; `short`: something did not come."""


@dataclass(frozen=True, slots=True)
class RunView:
    """The newest run of one connection as the Live Sync page shows it.

    Without an id it is the first, which no worker has taken up yet. Nobody has news of a run
    that `waits`, but what there is to say of it changes: `detail` says for how long. Of one
    whose worker is `silent` it says since when.

    Attributes:
        id: Opaque id; empty while there is no run.
        connection_id: The connection that it is about.
        site: What its Moodle is called.
        state: How far it has come; empty while there is no run.
        tone: How it went.
        headline: What it is, in a few words.
        detail: What came of it, or what it is at, in a sentence.
        waits: Whether no worker has taken it up yet.
        silent: Whether it goes on without a sign of its worker.
        percent: How far it is, 0 to 100.
        courses_done: Courses that were read.
        courses_total: Courses to read; 0 while they are not known.
        files_done: Files that were asked for.
        files_total: Files to ask for.
        files_here: Files among them that came.
        fetched: How much came, in words; empty for nothing.
        here_count: Items in courses that were read for the first time.
        new_count: Items that are new.
        changed_count: Items of which there is a new version.
        moved_count: Items that have another name or place.
        gone_count: Items that Moodle does not show any more.
        shut_count: Items that Moodle has locked.
        back_count: Items that Moodle shows or opens again.
        failed_count: Items that did not come.
        moment: When it ended, else when it was asked for, ISO 8601; empty for no run.
        stoppable: Whether the student can stop it.
        stopping: Whether they just did.
        cancelled: Whether it ended so: that is no failure.
        wants_student: Whether its Moodle is not read before the student does something.
        current: What it is at.
        estimate: How long it still takes, in words.
    """

    id: str = ""
    connection_id: str = ""
    site: str = ""
    state: str = ""
    tone: Tone = ""
    headline: str = ""
    detail: str = ""
    waits: bool = False
    silent: bool = False
    percent: int = 0
    courses_done: int = 0
    courses_total: int = 0
    files_done: int = 0
    files_total: int = 0
    files_here: int = 0
    fetched: str = ""
    here_count: int = 0
    new_count: int = 0
    changed_count: int = 0
    moved_count: int = 0
    gone_count: int = 0
    shut_count: int = 0
    back_count: int = 0
    failed_count: int = 0
    moment: str = ""
    stoppable: bool = False
    stopping: bool = False
    cancelled: bool = False
    wants_student: bool = False
    current: str = ""
    estimate: str = ""


@dataclass(frozen=True, slots=True)
class PanelView:
    """How all the connections of a student stand together.

    `state` and `tone` are those of the run that has most to say. `reading` says in words how
    much of what came is still being read. `ready` tells that some Moodle can be asked, `busy`
    that each of those is being asked already.
    """

    headline: str = ""
    state: str = ""
    tone: Tone = ""
    reading: str = ""
    ready: bool = False
    busy: bool = False


@dataclass(frozen=True, slots=True)
class IssueView:
    """One thing that did not come, and why."""

    course_name: str
    item_name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CourseStatus:
    """What is here of one course; switched off, it is kept but not read.

    `materials` counts what Moodle lists in it, `gone` what it does not show any more,
    `files` the files of it that are kept here. `synced` is when it was last read, ISO
    8601; empty for never. `busy` tells that a run at its Moodle waits or goes on, `away` that
    its Moodle is not connected.
    """

    id: str
    shortname: str
    fullname: str
    line: int
    listed: bool
    sync_enabled: bool
    materials: int
    files: int
    waiting: int
    gone: int
    synced: str
    busy: bool = False
    away: bool = False


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One thing that was found different; `href` is empty when there is no page for it."""

    id: str
    name: str
    course: str
    what: str
    href: str
    moment: str


@dataclass(frozen=True, slots=True)
class CourseChanges:
    """What was found different in one course, the newest first."""

    course: str
    line: int
    changes: list[ChangeView]


@dataclass(frozen=True, slots=True)
class PastRunView:
    """A run that has ended.

    Attributes:
        id: Opaque id.
        moment: When it was asked for, ISO 8601 in UTC.
        took: How long it went on, in words; empty when it never began.
        about: The one course that it was about; empty for everything.
        site: The Moodle that was asked; empty where there is only one.
        tone: How it went.
        sentence: What came of it.
        amounts: Courses, files and bytes, in words.
    """

    id: str
    moment: str
    took: str
    about: str
    site: str
    tone: Tone
    sentence: str
    amounts: str


@dataclass(frozen=True, slots=True)
class History:
    """The newest runs that have ended; `more` says whether older ones are left."""

    runs: tuple[PastRunView, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class FirstRead:
    """A course that a run read for the first time, and how much lay in it, in words."""

    course: str
    line: int
    amount: str


@dataclass(frozen=True, slots=True)
class RunDetails:
    """What a run found different and what did not come, up to a hundred of each.

    `summary` says what the list of changes does not; it may be empty. `firsts` are the
    courses that the run read for the first time: what lay in them is no change.
    """

    id: str = ""
    summary: str = ""
    firsts: tuple[FirstRead, ...] = ()
    changes: tuple[ChangeView, ...] = ()
    issues: tuple[IssueView, ...] = ()


@dataclass(frozen=True, slots=True)
class RunStatus:
    """How far a run has come; `course_id` is Moodle's when it is about one course.

    One that its student stopped has `cancelled_at`, and ends as failed.
    """

    id: str
    state: str
    course_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    courses_done: int
    courses_total: int
    files_done: int
    files_total: int
    bytes_done: int
    new_count: int
    changed_count: int
    failed_count: int
    failure: str | None
    cancelled_at: datetime | None = None


TELLING: Final[Sequence[Tone]] = ("busy", "bad", "short", "off", "good", "")
"""Of several runs, the one that has most to say: what goes on, then what went wrong."""


@dataclass(frozen=True, slots=True)
class SyncView:
    """What the Live Sync page shows of the present; `automatic`: runs come by themselves.

    `runs` are the newest of each connection, in the order of `connections`.
    """

    connections: tuple[ConnectionView, ...]
    panel: PanelView
    runs: tuple[RunView, ...]
    issues: tuple[IssueView, ...]
    courses: tuple[CourseStatus, ...]
    automatic: bool

    @property
    def run(self) -> RunView | None:
        """The run that has most to say; None while there is none."""
        return most_telling(self.runs)


def most_telling(runs: Sequence[RunView]) -> RunView | None:
    """Return the run that has most to say; of two alike the first."""
    begun = [run for run in runs if run.tone]
    return min(begun, key=lambda run: TELLING.index(run.tone), default=None)
