"""Past runs, one by one, and what was found different lately."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts import queries as accounts
from studymaster.features.sync import rules
from studymaster.features.sync.queries import changes as queries
from studymaster.features.sync.queries import holdings, runs
from studymaster.features.sync.schemas import (
    ChangeView,
    CourseChanges,
    FirstRead,
    History,
    IssueView,
    PastRunView,
    RunDetails,
    RunStatus,
    Tone,
)
from studymaster.features.sync.service.naming import labels
from studymaster.features.sync.service.tallies import Brought, brought_by
from studymaster.models import Course, RunState, SyncRun
from studymaster.paging import Stretch, Window, stretch

NO_RUN = "That run is not one of yours."
MOST_SHOWN = 100
NEWEST_CHANGES = 40


async def history(work: UnitOfWork, *, account_id: UUID, window: Window) -> History:
    """Return the runs that have ended, the newest first."""
    rows = await queries.past_runs(
        work.session, account_id, offset=window.offset, limit=window.probe
    )
    shown = rows[: window.limit]
    names = labels(await accounts.connections(work.session, account_id))
    brought = await brought_by(work, account_id=account_id, runs=[one.run for one in shown])
    past = [
        _Past(
            one.run,
            brought[one.run.id],
            about=one.course or "",
            site=names[one.run.connection_id] if len(names) > 1 else "",
        )
        for one in shown
    ]
    return History(tuple(_lines(past)), more=len(rows) > window.limit)


async def recent_changes(work: UnitOfWork, *, account_id: UUID) -> list[CourseChanges]:
    """Return what was found different last, by course; what the newest run found first."""
    rows = await queries.newest_changes(work.session, account_id, limit=NEWEST_CHANGES)
    by_course: dict[UUID, list[queries.ChangeRow]] = {}
    for row in _in_order(rows):
        by_course.setdefault(row[1].id, []).append(row)
    return [_of_course(found) for found in by_course.values()]


def _in_order(rows: Sequence[queries.ChangeRow]) -> list[queries.ChangeRow]:
    """Return changes by run, in the order in which the runs come, then as names are read."""
    runs_met = [*dict.fromkeys(change.run_id for change, _ in rows)]
    return sorted(
        rows,
        key=lambda row: (
            runs_met.index(row[0].run_id),
            rules.natural(row[1].shortname),
            row[1].id,
            rules.natural(row[0].name),
        ),
    )


async def details(work: UnitOfWork, *, account_id: UUID, run_id: UUID) -> RunDetails:
    """Return what a run found different and what did not come.

    Raises:
        NotFoundError: the run is not the student's.
    """
    session = work.session
    run = await queries.run_by_id(session, account_id, run_id=run_id)
    if run is None:
        raise NotFoundError(NO_RUN)
    firsts = await queries.first_reads(session, account_id, run=run)
    found = await queries.changes_of_run(
        session, account_id, run_id=run_id, limit=MOST_SHOWN
    )
    issues = await runs.issues(session, account_id, run_ids=[run_id])
    return RunDetails(
        id=str(run_id),
        summary=rules.found(
            [number for _, number in firsts],
            counted=run.new_count + run.changed_count,
            listed=len(found),
            stopped=run.state is RunState.FAILED,
        ),
        firsts=tuple(_first_read(*row) for row in firsts),
        changes=tuple(_change(row) for row in _in_order(found)),
        issues=tuple(
            IssueView(row.course_name, row.item_name, row.sentence) for row in issues
        ),
    )


async def get_status(work: UnitOfWork, *, account_id: UUID, run_id: UUID) -> RunStatus:
    """Return how far a run has come.

    Raises:
        NotFoundError: the run is not the student's.
    """
    run = await queries.run_by_id(work.session, account_id, run_id=run_id)
    if run is None:
        raise NotFoundError(NO_RUN)
    numbers = await holdings.moodle_ids(work.session, account_id)
    return _status(run, numbers)


async def list_statuses(
    work: UnitOfWork, *, account_id: UUID, window: Window
) -> Stretch[RunStatus]:
    """Return how far runs have come, the newest first, those under way included."""
    rows = await runs.all_runs(
        work.session, account_id, offset=window.offset, limit=window.probe
    )
    numbers = await holdings.moodle_ids(work.session, account_id)
    return stretch([_status(run, numbers) for run in rows], window=window)


def _status(run: SyncRun, numbers: dict[UUID, int]) -> RunStatus:
    return RunStatus(
        id=str(run.id),
        state=run.state.value,
        course_id=numbers.get(run.course_id) if run.course_id else None,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        courses_done=run.courses_done,
        courses_total=run.courses_total,
        files_done=run.files_done,
        files_total=run.files_total,
        bytes_done=run.bytes_done,
        new_count=run.new_count,
        changed_count=run.changed_count,
        failed_count=run.failed_count,
        failure=run.failure,
        cancelled_at=run.cancelled_at,
    )


@dataclass(frozen=True, slots=True)
class _Past:
    """A run that has ended, what it brought, its one course and its Moodle, if it has those."""

    run: SyncRun
    brought: Brought
    about: str
    site: str

    @property
    def sentence(self) -> str:
        """What came of it."""
        if self.run.state is RunState.DONE:
            return rules.outcome(self.brought.tally)
        return self.run.failure or ""

    @property
    def kind(self) -> tuple[str, ...]:
        """What runs have in common that make one line: those of which the same came."""
        if self.run.bytes_done or self.brought.tally.brought:
            return (str(self.run.id),)
        return (self.run.state.value, self.about, self.sentence)


def _lines(past: Sequence[_Past]) -> list[PastRunView]:
    """Return runs, the newest first; alike ones after each other at one Moodle are one."""
    by_site = groupby(
        sorted(past, key=lambda one: one.run.connection_id),
        key=lambda one: one.run.connection_id,
    )
    lines = [
        _folded([*alike])
        for _, runs_of_site in by_site
        for _, alike in groupby(runs_of_site, key=lambda one: one.kind)
    ]
    return sorted(lines, key=lambda line: line.moment, reverse=True)


def _folded(alike: Sequence[_Past]) -> PastRunView:
    """Return a run, or one line for several after each other of which the same came."""
    newest = _view(alike[0])
    if len(alike) == 1:
        return newest
    sentence = rules.repeated(newest.sentence, len(alike))
    return replace(newest, took="", sentence=sentence, amounts="")


def _view(past: _Past) -> PastRunView:
    run = past.run
    return PastRunView(
        id=str(run.id),
        moment=run.created_at.isoformat(),
        took=rules.took(run.started_at, run.finished_at),
        about=past.about,
        site=past.site,
        tone=_tone(run),
        sentence=past.sentence,
        amounts=_amounts(run, past.brought),
    )


def _tone(run: SyncRun) -> Tone:
    if run.state is RunState.DONE:
        return "short" if run.failed_count else "good"
    return "off" if run.cancelled_at else "bad"


def _amounts(run: SyncRun, brought: Brought) -> str:
    files = rules.fetched(
        brought.files_here, total=run.files_total, size_bytes=run.bytes_done
    )
    if not run.courses_total:
        return files if run.files_total else ""
    return f"{rules.count(run.courses_done, 'course', 'courses')} · {files}"


def _first_read(course: Course, number: int) -> FirstRead:
    amount = rules.count(number, "item", "items")
    return FirstRead(course.shortname, course.line, amount)


def _of_course(rows: Sequence[queries.ChangeRow]) -> CourseChanges:
    course = rows[0][1]
    return CourseChanges(course.shortname, course.line, [_change(row) for row in rows])


def _change(row: queries.ChangeRow) -> ChangeView:
    change, course = row
    return ChangeView(
        id=str(change.id),
        name=change.name,
        course=course.shortname,
        what=rules.WORDS[change.what],
        href=rules.lecture_path(str(change.material_id)),
        moment=change.created_at.isoformat(),
    )
