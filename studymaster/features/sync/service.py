"""Bringing a student's Moodle in: promising runs, keeping what came, telling how it goes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from studymaster.adapters import vault
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.documents import Reading
from studymaster.errors import ConflictError, StudyMasterError
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses.schemas import CourseView
from studymaster.features.sync import queries, rules
from studymaster.features.sync.schemas import (
    ConnectionView,
    CourseStatus,
    Errand,
    IssueView,
    ListedDeadline,
    ListedMaterial,
    Parcel,
    RunView,
    SyncView,
)
from studymaster.jobs import JobName
from studymaster.models import (
    Blob,
    BlobPage,
    ConnectionState,
    Deadline,
    FetchState,
    Material,
    MoodleConnection,
    RunState,
    SyncIssue,
    SyncRun,
    TextState,
)

log = structlog.get_logger(__name__)

INTERRUPTED = "The sync was interrupted. What had arrived is kept; it goes on by itself."


async def request_sync(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Promise a run for every working connection that has none under way."""
    connections = await queries.active_connections(work.session, account_id)
    if not connections:
        msg = (
            "No Moodle is connected. Connect yours first, then everything comes by itself."
        )
        raise ConflictError(msg)
    await _promise_runs(work, account_id=account_id, connections=connections, now=now)
    work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(account_id))
    work.announce(news_for(account_id, Topic.SYNC))


async def _promise_runs(
    work: UnitOfWork,
    *,
    account_id: UUID,
    connections: Sequence[MoodleConnection],
    now: datetime,
) -> None:
    unfinished = await queries.unfinished_runs(work.session, account_id)
    busy = {run.connection_id for run in unfinished}
    for connection in connections:
        if connection.id not in busy:
            run = SyncRun(
                account_id=account_id,
                connection_id=connection.id,
                state=RunState.QUEUED,
                created_at=now,
                beat_at=now,
            )
            work.session.add(run)
    await work.session.flush()


async def promise_runs(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Promise the runs that a job came for; nothing happens where one is under way."""
    connections = await queries.active_connections(work.session, account_id)
    await _promise_runs(work, account_id=account_id, connections=connections, now=now)


async def claim_run(work: UnitOfWork, *, account_id: UUID, now: datetime) -> Errand | None:
    """Take the oldest promised run; None when none waits."""
    run = await queries.queued_run(work.session, account_id)
    if run is None:
        return None
    connection = await queries.connection_by_id(
        work.session, account_id, connection_id=run.connection_id
    )
    assert connection is not None
    run.state, run.started_at, run.beat_at = RunState.RUNNING, now, now
    run.current = f"Asking {connection.site_name} for your courses"[:400]
    work.announce(news_for(account_id, Topic.SYNC))
    return Errand(
        run_id=run.id,
        account_id=account_id,
        connection_id=connection.id,
        site_url=connection.site_url,
        token=vault.unseal(connection.sealed_token),
    )


async def note_progress(
    work: UnitOfWork,
    *,
    errand: Errand,
    now: datetime,
    current: str | None = None,
    **amounts: int,
) -> None:
    """Add to a run's counts, give a sign of life, and tell every open tab.

    `amounts` are named as the counting columns of SyncRun; the totals are set, not added.
    """
    run = await _run(work, errand)
    for name, amount in amounts.items():
        before = 0 if name.endswith("_total") else getattr(run, name)
        setattr(run, name, before + amount)
    run.beat_at = now
    if current is not None:
        run.current = current[:400]
    work.announce(news_for(errand.account_id, Topic.SYNC))


async def _run(work: UnitOfWork, errand: Errand) -> SyncRun:
    run = await queries.run_by_id(work.session, errand.account_id, run_id=errand.run_id)
    assert run is not None
    return run


async def keep_materials(
    work: UnitOfWork,
    *,
    errand: Errand,
    course: CourseView,
    listed: Sequence[ListedMaterial],
    now: datetime,
) -> None:
    """Bring a course's materials up to what Moodle lists.

    What is not listed any more stays, marked: absent is not deleted.
    """
    course_id = UUID(course.id)
    rows = await queries.materials_of_course(
        work.session, errand.account_id, course_id=course_id
    )
    known = {(row.cmid, row.filepath, row.filename): row for row in rows}
    run = await _run(work, errand)
    for item in listed:
        row = known.pop(item.key, None)
        if row is None:
            run.new_count += 1
            row = _new_material(item, errand=errand, course_id=course_id, now=now)
        elif _differs(row, item):
            run.changed_count += 1
            row.changed_at = now
            row.fetch_state = FetchState.WAITING if item.has_file else row.fetch_state
        _take_over(row, item)
        work.session.add(row)
    for row in known.values():
        row.listed = False
    await work.session.flush()


def _new_material(
    item: ListedMaterial, *, errand: Errand, course_id: UUID, now: datetime
) -> Material:
    return Material(
        account_id=errand.account_id,
        course_id=course_id,
        cmid=item.cmid,
        filepath=item.filepath,
        filename=item.filename,
        kind=item.kind,
        modname=item.modname,
        name=item.name,
        fetch_state=FetchState.WAITING if item.has_file else FetchState.NONE,
        created_at=now,
        changed_at=now,
    )


def _differs(row: Material, item: ListedMaterial) -> bool:
    # Fileurl is left out on purpose: Moodle changes it without a change of content.
    return (row.size_bytes, row.modified_at) != (item.size_bytes, item.modified_at)


def _take_over(row: Material, item: ListedMaterial) -> None:
    row.name, row.section_name = item.name[:400], item.section_name[:400]
    row.position, row.address = item.position, item.address
    row.mimetype, row.size_bytes = item.mimetype[:160], item.size_bytes
    row.modified_at, row.restriction, row.listed = item.modified_at, item.restriction, True


async def keep_deadlines(
    work: UnitOfWork,
    *,
    account_id: UUID,
    course: CourseView,
    listed: Sequence[ListedDeadline],
    now: datetime,
) -> None:
    """Make a course's due dates exactly those that Moodle has now."""
    course_id = UUID(course.id)
    rows = await queries.deadlines_of_course(work.session, account_id, course_id=course_id)
    known = {(row.cmid, row.kind): row for row in rows}
    for item in listed:
        row = known.pop((item.cmid, item.kind), None) or Deadline(
            account_id=account_id,
            course_id=course_id,
            cmid=item.cmid,
            kind=item.kind,
            title=item.title,
            due_at=item.due_at,
            created_at=now,
        )
        row.title, row.due_at = item.title[:400], item.due_at
        work.session.add(row)
    for row in known.values():
        await work.session.delete(row)


async def parcels(work: UnitOfWork, *, errand: Errand) -> list[Parcel]:
    """List the files that still have to be fetched."""
    rows = await queries.waiting_materials(
        work.session, errand.account_id, connection_id=errand.connection_id
    )
    return [
        Parcel(
            material_id=material.id,
            course_name=course.fullname,
            name=material.filename or material.name,
            address=material.address or "",
            mimetype=material.mimetype,
            size_bytes=material.size_bytes,
            known_sha1=material.blob_sha1,
        )
        for material, course in rows
    ]


async def has_bytes(work: UnitOfWork, *, sha1: str) -> bool:
    """Tell whether these bytes are already stored and read."""
    blob = await queries.blob_by_sha1(work.session, sha1=sha1)
    return blob is not None and blob.text_state is not TextState.WAITING


async def keep_blob(
    work: UnitOfWork,
    *,
    sha1: str,
    size_bytes: int,
    mimetype: str,
    reading: Reading,
    now: datetime,
) -> None:
    """Record stored bytes and the text read from them, once for everyone."""
    if await has_bytes(work, sha1=sha1):
        return
    blob = Blob(
        sha1=sha1,
        created_at=now,
        size_bytes=size_bytes,
        mimetype=mimetype[:160],
        text_state=TextState(reading.finding.value),
        page_count=reading.page_count,
    )
    await work.session.merge(blob)
    await work.session.flush()
    for number, text in enumerate(reading.pages, start=1):
        await work.session.merge(BlobPage(sha1=sha1, number=number, text=text))


async def keep_file(
    work: UnitOfWork, *, errand: Errand, material_id: UUID, sha1: str
) -> None:
    """Note that a material's bytes are here."""
    material = await queries.material_by_id(
        work.session, errand.account_id, material_id=material_id
    )
    if material is not None:
        material.blob_sha1, material.fetch_state = sha1, FetchState.STORED
        material.failure = None


async def note_failed_file(
    work: UnitOfWork,
    *,
    errand: Errand,
    parcel: Parcel,
    error: StudyMasterError,
    now: datetime,
) -> None:
    """Note that a file did not come; what was here of it before stays."""
    material = await queries.material_by_id(
        work.session, errand.account_id, material_id=parcel.material_id
    )
    if material is not None:
        material.failure = error.message
        material.fetch_state = FetchState.FAILED
    await note_issue(
        work,
        errand=errand,
        course_name=parcel.course_name,
        item_name=parcel.name,
        error=error,
        now=now,
    )


async def note_issue(
    work: UnitOfWork,
    *,
    errand: Errand,
    course_name: str,
    item_name: str,
    error: StudyMasterError,
    now: datetime,
) -> None:
    """Keep one thing that a run could not do, with its sentence."""
    issue = SyncIssue(
        account_id=errand.account_id,
        run_id=errand.run_id,
        course_name=course_name[:400],
        item_name=item_name[:400],
        code=str(getattr(error, "code", type(error).__name__))[:60],
        sentence=error.message,
        created_at=now,
    )
    work.session.add(issue)
    await note_progress(work, errand=errand, now=now, failed_count=1)


async def finish_run(work: UnitOfWork, *, errand: Errand, now: datetime) -> None:
    """Close a run that went through."""
    run = await _run(work, errand)
    run.state, run.finished_at, run.beat_at, run.current = RunState.DONE, now, now, ""
    connection = await _connection(work, errand)
    connection.last_synced_at, connection.failure = now, None
    work.announce(news_for(errand.account_id, Topic.SYNC))
    log.info(
        "moodle_sync_completed",
        account_id=str(errand.account_id),
        duration_ms=_milliseconds(run, now=now),
        items_synced=run.new_count + run.changed_count,
        items_failed=run.failed_count,
    )


def _milliseconds(run: SyncRun, *, now: datetime) -> int:
    return int((now - (run.started_at or now)).total_seconds() * 1000)


async def fail_run(
    work: UnitOfWork,
    *,
    errand: Errand,
    error: StudyMasterError,
    connection_broken: bool,
    now: datetime,
) -> None:
    """Close a run that the whole site refused; what was here stays.

    A broken connection is not asked again until the student connects anew.
    """
    run = await _run(work, errand)
    run.state, run.finished_at, run.beat_at = RunState.FAILED, now, now
    run.failure, run.current = error.message, ""
    connection = await _connection(work, errand)
    connection.failure = error.message
    if connection_broken:
        connection.state = ConnectionState.BROKEN
    work.announce(news_for(errand.account_id, Topic.SYNC))
    log.warning(
        "moodle_sync_failed",
        account_id=str(errand.account_id),
        code=str(getattr(error, "code", type(error).__name__)),
    )


async def _connection(work: UnitOfWork, errand: Errand) -> MoodleConnection:
    connection = await queries.connection_by_id(
        work.session, errand.account_id, connection_id=errand.connection_id
    )
    assert connection is not None
    return connection


async def request_due_syncs(work: UnitOfWork, *, now: datetime) -> None:
    """Ask for a run of every account that has not had one for half an hour."""
    for account_id in await queries.accounts_due(work.session, before=now - rules.EVERY):
        work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(account_id))


async def sweep(work: UnitOfWork, *, now: datetime) -> None:
    """Pick up the runs that a dead worker left, and the jobs that a broker lost."""
    for run in await queries.silent_runs(work.session, before=now - rules.SILENCE):
        run.beat_at = now
        if run.state is RunState.RUNNING:
            run.state, run.finished_at = RunState.FAILED, now
            run.failure, run.current = INTERRUPTED, ""
        work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(run.account_id))
        work.announce(news_for(run.account_id, Topic.SYNC))


async def overview(work: UnitOfWork, *, student: Student, now: datetime) -> SyncView:
    """Return everything that the Live Sync page shows."""
    session, account_id = work.session, student.account_id
    run = await queries.newest_run(session, account_id)
    issues = await queries.issues(session, account_id, run_id=run.id) if run else ()
    counts = await queries.course_counts(session, account_id)
    connections = await queries.connections(session, account_id)
    return SyncView(
        connections=tuple(_connection_view(row, now=now) for row in connections),
        run=_run_view(run, now=now) if run else None,
        issues=tuple(
            IssueView(row.course_name, row.item_name, row.sentence) for row in issues
        ),
        courses=tuple(_course_status(row, now=now) for row in counts),
    )


def _connection_view(row: MoodleConnection, *, now: datetime) -> ConnectionView:
    return ConnectionView(
        id=str(row.id),
        site_name=row.site_name,
        site_url=row.site_url,
        username=row.moodle_username,
        failure=row.failure or "",
        synced=rules.ago(row.last_synced_at, now=now),
    )


def _run_view(run: SyncRun, *, now: datetime) -> RunView:
    done = rules.outcome(
        new=run.new_count, changed=run.changed_count, failed=run.failed_count
    )
    headlines = {
        RunState.QUEUED: ("Waiting for a free worker", "It starts by itself."),
        RunState.RUNNING: ("Syncing", run.current),
        RunState.DONE: ("Everything is here", done),
        RunState.FAILED: ("The sync stopped", run.failure or ""),
    }
    headline, detail = headlines[run.state]
    return RunView(
        id=str(run.id),
        state=run.state.value,
        headline=headline,
        detail=detail,
        percent=100 if run.state is RunState.DONE else _percent(run),
        courses_done=run.courses_done,
        courses_total=run.courses_total,
        files_done=run.files_done,
        files_total=run.files_total,
        megabytes=f"{run.bytes_done / 1_000_000:.1f}",
        new_count=run.new_count,
        changed_count=run.changed_count,
        failed_count=run.failed_count,
        started=rules.ago(run.created_at, now=now),
    )


def _percent(run: SyncRun) -> int:
    return rules.percent(
        courses=(run.courses_done, run.courses_total),
        files=(run.files_done, run.files_total),
    )


def _course_status(row: queries.CourseCounts, *, now: datetime) -> CourseStatus:
    return CourseStatus(
        id=str(row.course.id),
        shortname=row.course.shortname,
        fullname=row.course.fullname,
        line=row.course.line,
        listed=row.course.listed,
        materials=row.materials,
        stored=row.stored,
        waiting=row.waiting,
        synced=rules.ago(row.course.last_synced_at, now=now),
    )
