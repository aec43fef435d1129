"""Files on their way: which are to be fetched, and what came of each."""

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError, StudyMasterError
from studymaster.features.library.service import NO_MATERIAL, outdate_shelves
from studymaster.features.sync import rules
from studymaster.features.sync.queries import holdings as queries
from studymaster.features.sync.queries import texts
from studymaster.features.sync.queries.holdings import Wanted
from studymaster.features.sync.schemas import Arrival, Errand, Parcel
from studymaster.features.sync.service.asking import request_sync
from studymaster.features.sync.service.runs import call_by_name, get_run, note_issue
from studymaster.models import Blob, Course, FetchState, Material, TextState

MEGABYTE = 1_000_000
NOT_FETCHED = "There is no file to fetch here. Open it in Moodle."
FETCHABLE = (FetchState.ON_DEMAND, FetchState.FAILED, FetchState.WAITING)


class TooLargeError(StudyMasterError):
    """A file is over the limit of this host."""

    code = "file_too_large"


async def ask_for(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID, now: datetime
) -> None:
    """Have a recording fetched, or another file that does not come by itself.

    Nothing happens when it is here.

    Raises:
        NotFoundError: it is not the student's.
        ConflictError: there is no file to fetch, it is too large, its course is switched
            off, or a run that does not bring it is under way.
    """
    row = await queries.material_by_id(work.session, account_id, material_id=material_id)
    if row is None:
        raise NotFoundError(NO_MATERIAL)
    if row.fetch_state is FetchState.STORED:
        return
    if row.fetch_state not in FETCHABLE or not row.listed or not row.accessible:
        raise ConflictError(row.failure or row.restriction or NOT_FETCHED)
    row.fetch_state, row.failure = FetchState.WAITING, None
    outdate_shelves(work, account_id=account_id)
    await request_sync(work, account_id=account_id, course_id=row.course_id, now=now)


async def parcels(
    work: UnitOfWork, *, errand: Errand, limit_mb: int, now: datetime
) -> list[Parcel]:
    """List the files that still have to be fetched; mark those that are too large."""
    wanted = Wanted(
        errand.connection_id,
        errand.course_id,
        limit=limit_mb * MEGABYTE,
        refusal=rules.too_large(limit_mb),
    )
    session, account_id = work.session, errand.account_id
    rows = await queries.waiting_materials(session, account_id, wanted=wanted)
    if not rows:
        return []
    likely = await queries.likely_bytes(
        session, account_id, site_url=errand.site_url, wanted=wanted
    )
    found: list[Parcel] = []
    for material, course in rows:
        known = likely.get(material.id, material.blob_sha1)
        parcel = _parcel(material, course, known_sha1=known)
        if material.size_bytes > wanted.limit:
            error = TooLargeError(wanted.refusal)
            await note_failed_file(work, errand=errand, parcel=parcel, error=error, now=now)
        else:
            found.append(parcel)
    return found


def _parcel(material: Material, course: Course, *, known_sha1: str | None) -> Parcel:
    return Parcel(
        material_id=material.id,
        course_name=course.fullname,
        name=material.filename or material.name,
        filename=material.filename,
        address=material.address or "",
        mimetype=material.mimetype,
        size_bytes=material.size_bytes,
        known_sha1=known_sha1,
    )


async def bytes_here(work: UnitOfWork, *, sha1s: Collection[str]) -> set[str]:
    """Return which of these bytes are stored already, whoever brought them."""
    return await texts.bytes_here(work.session, sha1s=sha1s)


async def keep_files(
    work: UnitOfWork, *, errand: Errand, arrivals: Sequence[Arrival], now: datetime
) -> None:
    """Note that the bytes of these materials are here."""
    await get_run(work, errand)
    await keep_bytes(work, arrivals=arrivals, now=now)
    sha1s = {one.material_id: one.sha1 for one in arrivals if one.material_id}
    await queries.mark_stored(work.session, errand.account_id, sha1s=sha1s)
    outdate_shelves(work, account_id=errand.account_id)


async def keep_inline(
    work: UnitOfWork, *, errand: Errand, arrivals: Sequence[Arrival], now: datetime
) -> None:
    """Record the bytes of texts that came with answers, before the materials that have them."""
    await get_run(work, errand)
    if arrivals:
        await keep_bytes(work, arrivals=arrivals, now=now)


async def keep_bytes(
    work: UnitOfWork, *, arrivals: Sequence[Arrival], now: datetime
) -> None:
    """Record stored bytes, once for everyone; their text is read later.

    What is already there stays, unless it could not be read before and can be now.
    """
    rows = [
        {
            "sha1": one.sha1,
            "created_at": now,
            "size_bytes": one.size_bytes,
            "mimetype": one.mimetype[:160],
            "text_state": TextState.WAITING,
            "page_count": 0,
            "by_ocr": False,
        }
        # In one order, or two runs that bring the same wait for each other.
        for one in sorted(arrivals, key=attrgetter("sha1"))
    ]
    await work.session.exec(
        insert(Blob).on_conflict_do_nothing(index_elements=["sha1"]), params=rows
    )
    readable = {one.sha1 for one in arrivals if one.readable}
    await texts.read_again(work.session, sha1s=readable)


async def note_failed_file(
    work: UnitOfWork,
    *,
    errand: Errand,
    parcel: Parcel,
    error: StudyMasterError,
    now: datetime,
) -> None:
    """Note that a file did not come; what was here of it before stays."""
    await get_run(work, errand)
    call_by_name(error, errand)
    is_too_large = isinstance(error, TooLargeError)
    material = await queries.material_by_id(
        work.session, errand.account_id, material_id=parcel.material_id
    )
    if material is not None:
        material.failure = error.message
        material.fetch_state = FetchState.TOO_LARGE if is_too_large else FetchState.FAILED
    outdate_shelves(work, account_id=errand.account_id)
    await note_issue(
        work,
        errand=errand,
        course_name=parcel.course_name,
        item_name=parcel.name,
        error=error,
        now=now,
    )
