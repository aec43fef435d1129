"""What lies in a course: its materials, their pages as text and picture, their files."""

from asyncio import to_thread
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID

import structlog

from studymaster.adapters import pdf
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.storage import (
    FileGoneError,
    Storage,
    blob_key,
    pictures_of,
)
from studymaster.errors import NotFoundError, StudyMasterError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.library import queries, rules
from studymaster.features.library.schemas import (
    Box,
    FileSource,
    LectureName,
    MaterialView,
    SectionView,
    Shelf,
)
from studymaster.models import UPLOAD, Blob, Material
from studymaster.paging import Stretch, Window, stretch

log = structlog.get_logger(__name__)

FIRST_MATERIALS = 50

NO_MATERIAL = "That material is not in your courses."
NO_PAGE = "That page is not in this material."
NO_FILE = "There is no file behind this material yet. It comes with the next sync."


async def list_materials(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID, limit: int = FIRST_MATERIALS
) -> Shelf:
    """Return the first materials of a course, grouped by section."""
    session = work.session
    rows = await queries.materials_of_course(
        session, account_id, course_id=course_id, limit=limit
    )
    total = await queries.count_materials(session, account_id, course_id=course_id)
    views = [_view(row) for row in rows]
    return Shelf(_sections(views), more=total - len(views))


async def stretch_of_materials(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID, window: Window
) -> Stretch[MaterialView]:
    """Return a part of the materials of a course: the student's own, then Moodle's order."""
    rows = await queries.materials_of_course(
        work.session,
        account_id,
        course_id=course_id,
        offset=window.offset,
        limit=window.probe,
    )
    return stretch([_view(row) for row in rows], window=window)


async def list_lectures(
    work: UnitOfWork, *, account_id: UUID, limit: int
) -> list[LectureName]:
    """List what can be studied in the student's courses, course by course."""
    rows = await queries.readable_materials(work.session, account_id, limit=limit)
    return [LectureName(str(one.id), one.name, course) for one, course in rows]


async def get_material(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID
) -> MaterialView:
    """Return one of the student's materials."""
    return _view(await _row(work, account_id=account_id, material_id=material_id))


async def find_material(
    work: UnitOfWork, *, account_id: UUID, address: str, now: datetime
) -> MaterialView | None:
    """Open the material that a page's address names; None when it is not the student's."""
    try:
        material_id = parse_id(address, missing=NO_MATERIAL)
        return await open_material(
            work, account_id=account_id, material_id=material_id, now=now
        )
    except NotFoundError:
        return None


async def open_material(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID, now: datetime
) -> MaterialView:
    """Return a material and note that the student has seen it as it is now."""
    row = await _row(work, account_id=account_id, material_id=material_id)
    view = _view(row)
    if view.fresh:
        row[0].opened_at = now
        outdate_shelves(work, account_id=account_id)
    return view


def outdate_shelves(work: UnitOfWork, *, account_id: UUID) -> None:
    """Say that what is kept of a student's materials is wrong from now on."""
    work.outdate(Kept.MATERIALS, str(account_id))


async def get_page_text(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID, number: int
) -> str:
    """Return the text of one page, from 1; empty when it has none."""
    row = await _row(work, account_id=account_id, material_id=material_id)
    _require_page(number, page_count=row[1].page_count if row[1] else 0)
    page = await queries.page_of_material(
        work.session, account_id, material_id, number=number
    )
    return page.text if page else ""


async def list_page_texts(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID
) -> list[tuple[int, str]]:
    """Return number and text of every page of a material, in order."""
    pages = await queries.pages_of_material(work.session, account_id, material_id)
    return [(page.number, page.text) for page in pages]


async def get_file(work: UnitOfWork, *, account_id: UUID, material_id: UUID) -> FileSource:
    """Return which bytes are behind one of the student's own materials.

    Raises:
        NotFoundError: the material is not the student's, or its bytes are not here.
    """
    row = await _row(work, account_id=account_id, material_id=material_id)
    return _source(row[0], row[1])


async def get_page_source(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID, number: int
) -> FileSource:
    """Return the file whose page (from 1) is to be drawn.

    Raises:
        NotFoundError: the material is not the student's, or it has no such picture.
    """
    row = await _row(work, account_id=account_id, material_id=material_id)
    source = _source(row[0], row[1])
    _require_page(number, page_count=source.page_count)
    if not _view(row).pictured:
        msg = "The pages of this material cannot be shown as pictures."
        raise NotFoundError(msg)
    return source


async def draw_page(
    storage: Storage, source: FileSource, *, number: int, width: int
) -> bytes:
    """Return a page as a WebP picture `width` pixels wide, drawn once and then kept."""
    key = f"{source.pictures}/{number}-{width}.webp"
    try:
        return await storage.get_bytes(key)
    except FileGoneError:
        pass
    async with lend_file(storage, source) as path:
        picture = await to_thread(pdf.render_page, path, number=number, width_px=width)
    await storage.put_bytes(picture, key)
    return picture


async def find_boxes(
    storage: Storage, source: FileSource, *, number: int, quote: str
) -> list[Box]:
    """Return where a quote stands on a page; nothing when it cannot be found.

    A card can be studied without its marks, so no expected failure stops here.
    """
    try:
        async with lend_file(storage, source) as path:
            boxes = await to_thread(pdf.quote_boxes, path, number=number, quote=quote)
    except StudyMasterError as error:
        log.info("quote_not_marked", sha1=source.sha1, page=number, reason=error.message)
        return []
    return [
        Box(
            left=round(box.left * 100, 2),
            top=round(box.top * 100, 2),
            width=round(box.width * 100, 2),
            height=round(box.height * 100, 2),
        )
        for box in boxes
    ]


def lend_file(storage: Storage, source: FileSource) -> AbstractAsyncContextManager[Path]:
    """Lend the bytes of a file as a path to read from.

    Raises:
        FileGoneError: the store has lost them.
        StorageAwayError: the store does not answer.
    """
    return storage.lend(source.key)


async def _row(work: UnitOfWork, *, account_id: UUID, material_id: UUID) -> queries.Row:
    row = await queries.material_by_id(work.session, account_id, material_id)
    if row is None:
        raise NotFoundError(NO_MATERIAL)
    return row


def _source(material: Material, blob: Blob | None) -> FileSource:
    if blob is None:
        raise NotFoundError(NO_FILE)
    return FileSource(
        sha1=blob.sha1,
        key=key_of(blob),
        pictures=pictures_of(blob.sha1, blob.storage_key),
        name=rules.file_name(
            material.filename, title=material.name, mimetype=blob.mimetype
        ),
        mimetype=blob.mimetype,
        size_bytes=blob.size_bytes,
        page_count=blob.page_count,
    )


def key_of(blob: Blob) -> str:
    """Return where bytes lie: in a student's own folder, or where everyone's are."""
    return blob.storage_key or blob_key(blob.sha1)


def _require_page(number: int, *, page_count: int) -> None:
    if not 1 <= number <= page_count:
        raise NotFoundError(NO_PAGE)


def _sections(views: Sequence[MaterialView]) -> list[SectionView]:
    return [
        SectionView(name, list(group))
        for name, group in groupby(views, key=lambda view: view.section)
    ]


def _view(row: queries.Row) -> MaterialView:
    material, blob, proposals_open, cards = row
    state = rules.state_sentence(
        kind=material.kind,
        fetch=material.fetch_state,
        text=blob.text_state if blob else None,
        failure=material.failure,
    )
    return MaterialView(
        id=str(material.id),
        course_id=str(material.course_id),
        name=material.name,
        kind=material.kind,
        section=material.section_name,
        state=material.restriction or state,
        mark="" if material.listed else rules.NOT_VISIBLE,
        address=material.address or "",
        readable=blob is not None and state == "",
        pictured=_is_pictured(blob),
        page_count=blob.page_count if blob else 0,
        fresh=rules.is_fresh(changed_at=material.changed_at, opened_at=material.opened_at),
        proposals_open=proposals_open,
        cards=cards,
        own=material.modname == UPLOAD,
        has_file=blob is not None and rules.is_file(material.kind),
    )


def _is_pictured(blob: Blob | None) -> bool:
    return blob is not None and rules.is_pictured(
        mimetype=blob.mimetype, text=blob.text_state, page_count=blob.page_count
    )
