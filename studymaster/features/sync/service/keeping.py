"""Keeping what a run brings: materials, due dates, files and the text in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.documents import Reading
from studymaster.errors import StudyMasterError
from studymaster.features.courses.schemas import CourseView
from studymaster.features.library.service import outdate_shelves
from studymaster.features.sync import rules
from studymaster.features.sync.queries import holdings as queries
from studymaster.features.sync.schemas import (
    Errand,
    InlineText,
    ListedDeadline,
    ListedMaterial,
    Parcel,
)
from studymaster.features.sync.service.runs import get_run, note_issue
from studymaster.models import (
    Blob,
    BlobPage,
    ChangeKind,
    Deadline,
    FetchState,
    Material,
    SyncChange,
    TextState,
)

UNREAD = (TextState.WAITING, TextState.UNSUPPORTED)
"""Bytes without a page of text that may still get some."""


async def keep_materials(
    work: UnitOfWork,
    *,
    errand: Errand,
    course: CourseView,
    listed: Sequence[ListedMaterial],
    now: datetime,
) -> None:
    """Bring a course's materials up to what Moodle lists, and note what was different.

    What is not listed any more stays, marked: absent is not deleted. The first time a course
    is read everything in it is new, so nothing is noted.
    """
    rows = await queries.materials_of_course(
        work.session, errand.account_id, course_id=UUID(course.id)
    )
    known = {(row.cmid, row.filepath, row.filename): row for row in rows}
    run = await get_run(work, errand)
    changes: list[tuple[Material, ChangeKind]] = []
    for item in listed:
        row = known.pop(item.key, None)
        what = _change(row, item)
        if row is None:
            row = _new_material(item, errand=errand, course_id=UUID(course.id), now=now)
        elif what is ChangeKind.CHANGED:
            row.changed_at = now
            row.fetch_state = FetchState.WAITING if item.has_file else row.fetch_state
        _take_over(row, item)
        work.session.add(row)
        changes += [(row, what)] if what else []
    changes += [(row, ChangeKind.GONE) for row in known.values() if row.listed]
    for row in known.values():
        row.listed = False
    run.new_count += sum(what is ChangeKind.NEW for _, what in changes)
    run.changed_count += sum(what is ChangeKind.CHANGED for _, what in changes)
    await work.session.flush()
    if course.last_synced is not None:
        _note_changes(work, changes, errand=errand, now=now)
    outdate_shelves(work, account_id=errand.account_id)


def _change(row: Material | None, item: ListedMaterial) -> ChangeKind | None:
    if row is None:
        return ChangeKind.NEW
    what = rules.change_of(
        differs=_differs(row, item),
        listed=row.listed,
        renamed=row.name != item.name[:400],
        moved=row.section_name != item.section_name[:400],
    )
    return ChangeKind(what) if what else None


def _note_changes(
    work: UnitOfWork,
    changes: Sequence[tuple[Material, ChangeKind]],
    *,
    errand: Errand,
    now: datetime,
) -> None:
    for row, what in changes:
        work.session.add(
            SyncChange(
                account_id=errand.account_id,
                run_id=errand.run_id,
                course_id=row.course_id,
                material_id=row.id,
                what=what,
                name=row.name,
                created_at=now,
            )
        )


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
    if not item.text_known:
        return False
    return (row.size_bytes, row.modified_at) != (item.size_bytes, item.modified_at)


def _take_over(row: Material, item: ListedMaterial) -> None:
    row.name, row.section_name = item.name[:400], item.section_name[:400]
    row.position, row.address = item.position, item.address
    row.restriction, row.listed = item.restriction, True
    if item.text_known:
        row.mimetype, row.size_bytes = item.mimetype[:160], item.size_bytes
        row.modified_at = item.modified_at


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
        work.session,
        errand.account_id,
        connection_id=errand.connection_id,
        course_id=errand.course_id,
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


async def has_bytes(work: UnitOfWork, *, sha1: str, readable: bool) -> bool:
    """Tell whether these bytes are stored, and read if they are `readable` by a reader."""
    blob = await queries.blob_by_sha1(work.session, sha1=sha1)
    return blob is not None and not (readable and blob.text_state in UNREAD)


async def keep_blob(
    work: UnitOfWork,
    *,
    sha1: str,
    size_bytes: int,
    mimetype: str,
    reading: Reading,
    now: datetime,
) -> None:
    """Record stored bytes and the text read from them, once for everyone.

    What is already there stays, unless nobody could read it before.
    """
    reading_now = {
        "mimetype": mimetype[:160],
        "text_state": TextState(reading.finding.value),
        "page_count": reading.page_count,
    }
    kept = await work.session.exec(
        insert(Blob)
        .values(sha1=sha1, created_at=now, size_bytes=size_bytes, **reading_now)
        .on_conflict_do_update(
            index_elements=["sha1"],
            set_=reading_now,
            where=col(Blob.text_state).in_(UNREAD),
        )
        .returning(col(Blob.sha1))
    )
    if kept.one_or_none() is not None and reading.pages:
        pages = [
            {"sha1": sha1, "number": number, "text": text}
            for number, text in enumerate(reading.pages, start=1)
        ]
        await work.session.exec(insert(BlobPage), params=pages)


async def keep_file(
    work: UnitOfWork, *, errand: Errand, material_id: UUID, sha1: str
) -> None:
    """Note that a material's bytes are here."""
    await get_run(work, errand)
    material = await queries.material_by_id(
        work.session, errand.account_id, material_id=material_id
    )
    if material is not None:
        material.blob_sha1, material.fetch_state = sha1, FetchState.STORED
        material.failure = None
    outdate_shelves(work, account_id=errand.account_id)


async def keep_inline(
    work: UnitOfWork, *, errand: Errand, course: CourseView, text: InlineText, sha1: str
) -> None:
    """Note that the text of a module is here, under its SHA-1."""
    await get_run(work, errand)
    material = await queries.material_of_module(
        work.session, errand.account_id, course_id=UUID(course.id), cmid=text.cmid
    )
    if material is not None:
        material.blob_sha1, material.fetch_state = sha1, FetchState.STORED
        material.failure = None
    outdate_shelves(work, account_id=errand.account_id)


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
    outdate_shelves(work, account_id=errand.account_id)
    await note_issue(
        work,
        errand=errand,
        course_name=parcel.course_name,
        item_name=parcel.name,
        error=error,
        now=now,
    )
