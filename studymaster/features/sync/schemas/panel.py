"""What the Live Sync page shows of the present: connections, their newest runs, courses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Tone = Literal["", "busy", "good", "short", "bad", "off"]
"""How a run went, as a colour and a shape say it; `short`: something did not come."""

TELLING: Final[Sequence[Tone]] = ("busy", "bad", "short", "off", "good", "")
"""Of several runs, the one that has most to say: what goes on, then what went wrong."""


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
