"""Past runs, one by one, and what was found different lately."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
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
)
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
    alike = groupby(rows[: window.limit], key=_alike)
    return History(
        tuple(_folded([*group]) for _, group in alike), more=len(rows) > window.limit
    )


async def recent_changes(work: UnitOfWork, *, account_id: UUID) -> list[CourseChanges]:
    """Return what was found different last, by course; the newest course first."""
    rows = await queries.newest_changes(work.session, account_id, limit=NEWEST_CHANGES)
    order = {course.id: place for place, (_, course) in reversed([*enumerate(rows)])}
    by_course = sorted(rows, key=lambda row: order[row[1].id])
    groups = groupby(by_course, key=lambda row: row[1].id)
    return [_of_course([*group]) for _, group in groups]


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
    issues = await runs.issues(session, account_id, run_id=run_id)
    return RunDetails(
        id=str(run_id),
        summary=rules.found(
            [number for _, number in firsts],
            counted=run.new_count + run.changed_count,
            listed=len(found),
            stopped=run.state is RunState.FAILED,
        ),
        firsts=tuple(_first_read(*row) for row in firsts),
        changes=tuple(_change(row) for row in found),
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


def _alike(row: queries.PastRun) -> tuple[str, ...]:
    """Return what runs have in common that make one line: none but those without news."""
    run = row.run
    is_quiet = not (run.new_count or run.changed_count or run.failed_count)
    if run.state is RunState.DONE and is_quiet:
        return ("nothing new", row.site_name, row.course or "")
    return (str(run.id),)


def _folded(rows: Sequence[queries.PastRun]) -> PastRunView:
    """Return a run, or one line for several after each other that brought nothing."""
    newest = _past(rows[0])
    if len(rows) == 1:
        return newest
    return replace(newest, took="", sentence=rules.nothing_new(len(rows)), amounts="")


def _past(row: queries.PastRun) -> PastRunView:
    run, is_done = row.run, row.run.state is RunState.DONE
    outcome = rules.outcome(
        new=run.new_count, changed=run.changed_count, failed=run.failed_count
    )
    return PastRunView(
        id=str(run.id),
        moment=run.created_at.isoformat(),
        took=rules.took(run.started_at, run.finished_at),
        about=row.course or "",
        site=row.site_name,
        done=is_done,
        cancelled=not is_done and run.cancelled_at is not None,
        sentence=outcome if is_done else run.failure or "",
        amounts=" · ".join(
            (
                rules.count(run.courses_done, "course", "courses"),
                rules.fetched(
                    run.files_done, size_bytes=run.bytes_done, failed=run.failed_count
                ),
            )
        ),
    )


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
        href=rules.lecture_path(str(change.material_id), what=change.what),
        moment=change.created_at.isoformat(),
    )
