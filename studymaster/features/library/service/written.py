"""What a student wrote themselves, as a material of one page that cards can cite."""

from datetime import datetime
from hashlib import sha1
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.storage import Own, Storage, own_key
from studymaster.features.library import queries, rules
from studymaster.features.library.schemas import Written
from studymaster.features.library.service.leftovers import hold_own_files
from studymaster.features.library.service.materials import outdate_shelves
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

MARKDOWN = "text/markdown"


async def store_written(
    storage: Storage, *, account_id: UUID, source: UUID, name: str, text: str
) -> Written:
    """Put a text into the student's folder; call `keep_written` in `removed_unless_kept` then.

    `source` is the id of what it was written in: the next version takes its place.

    Raises:
        StorageAwayError: the store does not take it.
    """
    digest = sha1(account_id.bytes, usedforsecurity=False)
    digest.update(text.encode())
    name_of_bytes = digest.hexdigest()
    key = own_key(account_id, Own.NOTES, f"{name_of_bytes}.md")
    await storage.put_bytes(text.encode(), key)
    return Written(rules.upload_number(source.hex), name_of_bytes, name, text, key)


async def keep_written(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID, written: Written, now: datetime
) -> UUID:
    """Add a stored text to a course, or bring it up to date there; return its material.

    Cards that cite an earlier version keep the page they cite; call `forget_unused` for
    those that none cites.

    Raises:
        NotFoundError: the course is not the student's.
    """
    await get_course_place(work, account_id=account_id, course_id=course_id)
    await hold_own_files(work, account_id=account_id)
    await _keep_blob(work, written=written, now=now)
    material = _material(written, account_id=account_id, course_id=course_id, now=now)
    fresh = {"name", "size_bytes", "blob_sha1", "changed_at", "opened_at"}
    await work.session.exec(
        insert(Material)
        .values(material.model_dump())
        .on_conflict_do_update(
            index_elements=["course_id", "cmid", "filepath", "filename"],
            set_=material.model_dump(include=fresh),
        )
    )
    kept = await queries.upload_by_number(
        work.session, account_id, course_id=course_id, number=written.number
    )
    assert kept is not None
    await work.session.refresh(kept)
    await queries.renew_decided_proposals(work.session, account_id, material=kept)
    outdate_shelves(work, account_id=account_id)
    return kept.id


def _material(
    written: Written, *, account_id: UUID, course_id: UUID, now: datetime
) -> Material:
    return Material(
        account_id=account_id,
        course_id=course_id,
        cmid=written.number,
        kind=MaterialKind.PAGE,
        modname=UPLOAD,
        name=written.name,
        section_name=rules.OWN_SECTION,
        position=rules.BEFORE_MOODLE,
        mimetype=MARKDOWN,
        size_bytes=len(written.text.encode()),
        fetch_state=FetchState.STORED,
        blob_sha1=written.sha1,
        created_at=now,
        changed_at=now,
        opened_at=now,
    )


async def _keep_blob(work: UnitOfWork, *, written: Written, now: datetime) -> None:
    blob = Blob(
        sha1=written.sha1,
        created_at=now,
        size_bytes=len(written.text.encode()),
        mimetype=MARKDOWN,
        storage_key=written.storage_key,
        text_state=TextState.READY,
        page_count=1,
    )
    kept = await work.session.exec(
        insert(Blob)
        .values(blob.model_dump())
        .on_conflict_do_nothing(index_elements=["sha1"])
        .returning(col(Blob.sha1))
    )
    if kept.one_or_none() is not None:
        work.session.add(BlobPage(sha1=written.sha1, number=1, text=written.text))
        await work.session.flush()
