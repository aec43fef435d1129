"""How the newest run at a Moodle stands, as the Live Sync page tells it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from studymaster.features.accounts.rules import DISCONNECTED
from studymaster.features.sync import rules
from studymaster.features.sync.queries.runs import UNFINISHED
from studymaster.features.sync.schemas import PanelView, RunView, Tone, most_telling
from studymaster.features.sync.service.asking import may_try
from studymaster.features.sync.service.tallies import Brought
from studymaster.models import (
    ChangeKind,
    ConnectionState,
    Course,
    MoodleConnection,
    RunState,
    SyncRun,
)

WAITING = "Waiting for a free worker"
STOPPING = ("Stopping the sync", "It ends within a moment. What has arrived is kept.")
NOTHING = Brought(rules.Tally(), files_here=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When somebody looks: their time zone, whether runs come by themselves, who goes first.

    `ahead` counts the runs of other students before the student's own.
    """

    now: datetime
    zone: str
    automatic: bool
    ahead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A connection, its newest run (None: no worker has taken one up), and its courses."""

    connection: MoodleConnection
    label: str
    run: SyncRun | None
    brought: Brought
    courses: Sequence[Course]

    @property
    def is_active(self) -> bool:
        """Whether its Moodle is read by itself."""
        return self.connection.state is ConnectionState.ACTIVE

    @property
    def may_be_asked(self) -> bool:
        """Whether a run can be asked for."""
        return self.is_active or may_try(self.connection)


class _Told(NamedTuple):
    tone: Tone
    headline: str
    detail: str


def panel(sites: Sequence[Site], shown: Sequence[RunView], *, unread: int) -> PanelView:
    """Return how all connections stand together; `unread` texts are still being read."""
    told = most_telling(shown) or RunView()
    tones = [run.tone for run in shown]
    working = [site.run for site in sites if site.may_be_asked]
    is_busy = [run is not None and run.state in UNFINISHED for run in working]
    headline = (
        told.headline
        if len(shown) == 1
        else rules.of_all(len(shown), busy=tones.count("busy"), whole=tones.count("good"))
    )
    return PanelView(
        headline=headline if shown else "",
        state=told.state,
        tone=told.tone,
        reading=rules.still_read(unread, busy="busy" in tones),
        # Also where a key has run out: the button says so, and keeps the focus it has.
        ready=any(site.connection.failure_code != DISCONNECTED for site in sites),
        busy=bool(is_busy) and all(is_busy),
    )


def run_view(site: Site, *, at: Moment) -> RunView:
    """Return how the newest run at a Moodle stands."""
    told = _told_of_site(site, at=at)
    base = RunView(
        connection_id=str(site.connection.id),
        site=site.label,
        tone=told.tone,
        headline=told.headline,
        detail=told.detail,
        waits=site.is_active and (site.run is None or site.run.state is RunState.QUEUED),
        wants_student=not site.is_active,
    )
    return _with_run(base, site.run, site.brought, at=at) if site.run else base


def _with_run(base: RunView, run: SyncRun, brought: Brought, *, at: Moment) -> RunView:
    """Return a view with what is counted of its run."""
    tally, is_stopped = brought.tally, run.cancelled_at is not None
    goes_on = run.state in UNFINISHED
    return replace(
        base,
        id=str(run.id),
        state=run.state.value,
        silent=_is_silent(run, at=at),
        percent=100 if run.state is RunState.DONE else _percent(run),
        courses_done=run.courses_done,
        courses_total=run.courses_total,
        files_done=run.files_done,
        files_total=run.files_total,
        files_here=brought.files_here,
        fetched=rules.size(run.bytes_done) if run.bytes_done else "",
        here_count=tally.here,
        new_count=tally.of(ChangeKind.NEW),
        changed_count=tally.of(ChangeKind.CHANGED),
        moved_count=tally.of(ChangeKind.RENAMED, ChangeKind.MOVED),
        gone_count=tally.of(ChangeKind.GONE),
        shut_count=tally.of(ChangeKind.RESTRICTED),
        back_count=tally.of(ChangeKind.BACK, ChangeKind.OPENED),
        failed_count=tally.missing,
        moment=(run.finished_at or run.created_at).isoformat(),
        stoppable=goes_on and not is_stopped,
        stopping=goes_on and is_stopped,
        cancelled=run.state is RunState.FAILED and is_stopped,
        current=run.current,
        estimate=_estimate(run, at=at),
    )


def _told_of_site(site: Site, *, at: Moment) -> _Told:
    """Return how a Moodle stands, in a headline and a sentence."""
    connection, run = site.connection, site.run
    if connection.failure_code == DISCONNECTED:
        sentences = (rules.LEFT_BY_STUDENT, rules.what_to_do(DISCONNECTED))
        return _Told("off", "Disconnected", " ".join(sentences))
    if not site.is_active:
        headline = "The sync stopped" if run else "Not synced yet"
        return _Told("bad", headline, connection.failure or "")
    if run is None:
        return _Told("busy", WAITING, _wait(connection.created_at, at=at))
    return _told(site, run, at=at)


def _told(site: Site, run: SyncRun, *, at: Moment) -> _Told:
    about = next((row.shortname for row in site.courses if row.id == run.course_id), "")
    if run.state is RunState.QUEUED:
        return _Told("busy", WAITING, _wait(run.created_at, at=at))
    if run.state is RunState.RUNNING:
        return _told_running(run, about=about, at=at)
    if run.state is RunState.FAILED:
        return _told_failed(site, run, at=at)
    any_listed = any(row.listed for row in site.courses)
    tone: Tone = "short" if run.failed_count else "good"
    tally = site.brought.tally
    return _Told(tone, *rules.done(tally, about=about, any_listed=any_listed))


def _told_running(run: SyncRun, *, about: str, at: Moment) -> _Told:
    goes_on = (f"Syncing only {about}" if about else "Syncing", run.current)
    headline, detail = STOPPING if run.cancelled_at else goes_on
    if _is_silent(run, at=at):
        detail = rules.no_sign(run.beat_at, zone=at.zone)
    return _Told("busy", headline, detail)


def _told_failed(site: Site, run: SyncRun, *, at: Moment) -> _Told:
    is_stopped = run.cancelled_at is not None
    pause = site.connection.paused_until
    again = rules.next_run(run.created_at, paused_until=pause, now=at.now)
    hope = rules.hope(
        again if at.automatic else None, stopped=is_stopped, now=at.now, zone=at.zone
    )
    detail = f"{run.failure or ''} {hope}".strip()
    if is_stopped:
        return _Told("off", "You stopped the sync", detail)
    return _Told("bad", "The sync stopped", detail)


def _wait(since: datetime, *, at: Moment) -> str:
    return rules.waiting(at.now - since, ahead=at.ahead)


def _is_silent(run: SyncRun, *, at: Moment) -> bool:
    return run.state is RunState.RUNNING and at.now - run.beat_at > rules.QUIET


def _estimate(run: SyncRun, *, at: Moment) -> str:
    """Return how long a run still takes, in words; empty while nobody can say."""
    is_going = run.state is RunState.RUNNING and not run.cancelled_at
    if not is_going or run.started_at is None or _is_silent(run, at=at):
        return ""
    courses = (run.courses_done, run.courses_total)
    files = ((run.files_done, run.files_total), (run.bytes_done, run.bytes_total))
    parts = files if run.files_total else (courses,)
    return rules.remaining(at.now - run.started_at, *parts)


def _percent(run: SyncRun) -> int:
    return rules.percent(
        courses=(run.courses_done, run.courses_total),
        files=(run.files_done, run.files_total),
    )
