"""PDFs that a student adds to a course themselves: theirs alone, in their own folder."""

from asyncio import to_thread
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from pathlib import Path
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from studymaster.adapters import documents
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.storage import Own, Storage, own_key, received
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.library import queries, rules
from studymaster.features.library.schemas import Leftovers, MaterialView
from studymaster.features.library.service.leftovers import (
    forget_unused,
    hold_own_files,
)
from studymaster.features.library.service.materials import (
    NO_MATERIAL,
    get_material,
    outdate_shelves,
)
from studymaster.features.library.service.places import get_course_place
from studymaster.models import (
    UPLOAD,
    Blob,
    BlobPage,
    FetchState,
    Material,
    MaterialKind,
    TextState,
)


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A student's own PDF, read and in the store; `sha1` is of the account's id and the bytes."""

    sha1: str
    key: str
    name: str
    size_bytes: int
    reading: documents.Reading


async def require_room(work: UnitOfWork, *, account_id: UUID) -> None:
    """Refuse another file to a student who has added as many as they may.

    Raises:
        ConflictError: they have.
    """
    if await queries.count_uploads(work.session, account_id) >= rules.MOST_UPLOADS:
        raise ConflictError(rules.TOO_MANY)


async def store_upload(
    storage: Storage, *, account_id: UUID, name: str, chunks: AsyncIterable[bytes]
) -> NewUpload:
    """Read a PDF as it comes in, and put it into the student's folder.

    Call it outside of a unit of work, then `keep_upload` in `removed_unless_kept`.

    Raises:
        InvalidInputError: it is not a PDF that opens, too large, or its name is not one.
        StorageAwayError: the store does not take it.
    """
    shown = rules.upload_name(name)
    digest = sha1(account_id.bytes, usedforsecurity=False)

    async def measured() -> AsyncIterator[bytes]:
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            rules.require_upload_size(size)
            digest.update(chunk)
            yield chunk

    async with received(measured()) as path:
        size = (await to_thread(path.stat)).st_size
        reading = await to_thread(_read, path)
        key = own_key(account_id, Own.PDFS, f"{digest.hexdigest()}.pdf")
        await storage.put_file(path, key)
    return NewUpload(digest.hexdigest(), key, shown, size, reading)


def _read(path: Path) -> documents.Reading:
    with path.open("rb") as stream:
        rules.require_pdf(stream.read(rules.SIGNATURE_REACH))
    reading = documents.read(path, mimetype=rules.PDF)
    rules.require_open(reading.finding)
    return reading


async def keep_upload(
    work: UnitOfWork,
    *,
    account_id: UUID,
    course_id: UUID,
    upload: NewUpload,
    now: datetime,
) -> MaterialView:
    """Add a stored PDF to one of the student's courses; the same one twice is one.

    Raises:
        NotFoundError: the course is not the student's, or not any more.
    """
    session, number = work.session, rules.upload_number(upload.sha1)
    await hold_own_files(work, account_id=account_id)
    await get_course_place(work, account_id=account_id, course_id=course_id)
    await _keep_blob(work, upload=upload, now=now)
    row = _material(upload, account_id=account_id, course_id=course_id, now=now)
    await session.exec(
        insert(Material)
        .values(row.model_dump())
        .on_conflict_do_nothing(
            index_elements=["course_id", "cmid", "filepath", "filename"]
        )
    )
    kept = await queries.upload_by_number(
        session, account_id, course_id=course_id, number=number
    )
    assert kept is not None
    _announce(work, account_id=account_id)
    return await get_material(work, account_id=account_id, material_id=kept.id)


async def _keep_blob(work: UnitOfWork, *, upload: NewUpload, now: datetime) -> None:
    blob = Blob(
        sha1=upload.sha1,
        created_at=now,
        size_bytes=upload.size_bytes,
        mimetype=rules.PDF,
        storage_key=upload.key,
        text_state=TextState(upload.reading.finding.value),
        page_count=upload.reading.page_count,
    )
    kept = await work.session.exec(
        insert(Blob)
        .values(blob.model_dump())
        .on_conflict_do_nothing(index_elements=["sha1"])
        .returning(col(Blob.sha1))
    )
    if kept.one_or_none() is not None and upload.reading.pages:
        pages = [
            {"sha1": upload.sha1, "number": number, "text": text}
            for number, text in enumerate(upload.reading.pages, start=1)
        ]
        await work.session.exec(insert(BlobPage), params=pages)


def _material(
    upload: NewUpload, *, account_id: UUID, course_id: UUID, now: datetime
) -> Material:
    return Material(
        account_id=account_id,
        course_id=course_id,
        cmid=rules.upload_number(upload.sha1),
        kind=MaterialKind.FILE,
        modname=UPLOAD,
        name=upload.name,
        section_name=rules.OWN_SECTION,
        position=rules.BEFORE_MOODLE,
        mimetype=rules.PDF,
        size_bytes=upload.size_bytes,
        fetch_state=FetchState.STORED,
        blob_sha1=upload.sha1,
        created_at=now,
        changed_at=now,
        opened_at=now,
    )


async def remove_upload(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID
) -> list[Leftovers]:
    """Remove a file that the student added; return what `drop_files` shall remove then.

    Its cards stay, without the page they cite; proposals from it go with it.

    Raises:
        NotFoundError: the material is not the student's.
        ConflictError: it came from Moodle.
    """
    await hold_own_files(work, account_id=account_id)
    row = await queries.material_by_id(work.session, account_id, material_id)
    if row is None:
        raise NotFoundError(NO_MATERIAL)
    material, blob = row[0], row[1]
    if material.modname != UPLOAD or blob is None or blob.storage_key is None:
        raise ConflictError(rules.FROM_MOODLE)
    return await _remove(work, [material], account_id=account_id)


async def remove_written(
    work: UnitOfWork, *, account_id: UUID, source: UUID
) -> list[Leftovers]:
    """Remove what a text of the student's became, in every course and every version.

    `source` is what `store_written` got; cards stay as they do in `remove_upload`.
    """
    await hold_own_files(work, account_id=account_id)
    materials = await queries.uploads_by_number(
        work.session, account_id, number=rules.upload_number(source.hex)
    )
    return await _remove(work, materials, account_id=account_id)


async def _remove(
    work: UnitOfWork, materials: Sequence[Material], *, account_id: UUID
) -> list[Leftovers]:
    for material in materials:
        await queries.cut_cards_loose(work.session, account_id, material=material)
        await work.session.delete(material)
        await work.session.flush()
    _announce(work, account_id=account_id)
    return await forget_unused(work, account_id=account_id)


def _announce(work: UnitOfWork, *, account_id: UUID) -> None:
    outdate_shelves(work, account_id=account_id)
    # Lists of materials watch one or the other.
    work.announce(news_for(account_id, Topic.SYNC))
    work.announce(news_for(account_id, Topic.CARDS))


def require_name(name: str | None) -> str:
    """Return the name that came with a file, or say that none did.

    Raises:
        InvalidInputError: a form came without a file.
    """
    if not name:
        raise InvalidInputError(rules.NO_UPLOAD)
    return name
