"""The text of what came: read after the run that brought it, once for everybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.documents import Reading
from studymaster.features.library.service import outdate_shelves
from studymaster.features.sync.queries import texts as queries
from studymaster.features.sync.schemas import Outing, Unread
from studymaster.jobs import JobName
from studymaster.models import Blob, BlobPage, RunState, SyncRun, TextState


async def promise_reading(work: UnitOfWork, run: SyncRun, *, now: datetime) -> bool:
    """Promise to read what the account of a closed run has unread; False: there is nothing."""
    if not await queries.has_unread(work.session, run.account_id):
        return False
    run.reading_at = now
    _send(work, run)
    return True


def _send(work: UnitOfWork, run: SyncRun) -> None:
    ids = {"account_id": str(run.account_id), "run_id": str(run.id)}
    work.enqueue(JobName.READ_TEXTS, **ids)


async def resend_unread(work: UnitOfWork, *, before: datetime, now: datetime) -> None:
    """Ask again for the reading that a dead worker or a lost message left behind."""
    for run in await queries.left_unread(work.session, before=before):
        run.reading_at = now
        _send(work, run)


async def unread_texts(work: UnitOfWork, *, account_id: UUID) -> list[Unread]:
    """Return what an account has whose text is still to be read."""
    return [Unread(*row) for row in await queries.unread(work.session, account_id)]


async def still_unread(work: UnitOfWork, found: Sequence[Unread]) -> list[Unread]:
    """Return what of this nobody has read meanwhile."""
    sha1s = [one.sha1 for one in found]
    waiting = await queries.still_unread(work.session, sha1s=sha1s)
    return [one for one in found if one.sha1 in waiting]


async def keep_texts(
    work: UnitOfWork, *, account_id: UUID, readings: Mapping[str, Reading]
) -> None:
    """Keep what was read in bytes, by their SHA-1; what somebody else has read stays."""
    pages = list[dict[str, object]]()
    # In one order, or two that read the same wait for each other.
    for sha1, reading in sorted(readings.items()):
        kept = await work.session.exec(
            update(Blob)
            .where(col(Blob.sha1) == sha1, col(Blob.text_state) == TextState.WAITING)
            .values(
                text_state=TextState(reading.finding.value),
                page_count=reading.page_count,
                by_ocr=reading.by_ocr,
            )
            .returning(col(Blob.sha1))
        )
        if kept.one_or_none() is not None:
            pages += [
                BlobPage(sha1=sha1, number=number, text=text).model_dump()
                for number, text in enumerate(reading.pages, start=1)
            ]
    if pages:
        await work.session.exec(insert(BlobPage), params=pages)
    outdate_shelves(work, account_id=account_id)
    work.announce(news_for(account_id, Topic.SYNC))


async def give_sign_of_reading(
    work: UnitOfWork, *, account_id: UUID, run_id: UUID, now: datetime
) -> None:
    """Note that a worker is still reading."""
    run = await queries.run_to_read(work.session, account_id, run_id=run_id)
    if run is not None:
        run.reading_at = now


async def finish_reading(
    work: UnitOfWork, *, account_id: UUID, run_id: UUID
) -> Outing | None:
    """Note that everything is read; return the run if it went through and is to be told of."""
    run = await queries.run_to_read(work.session, account_id, run_id=run_id)
    if run is None:
        return None
    run.reading_at = None
    outdate_shelves(work, account_id=account_id)
    work.announce(news_for(account_id, Topic.SYNC))
    if run.state is not RunState.DONE:
        return None
    return Outing(
        run_id=run.id,
        account_id=run.account_id,
        connection_id=run.connection_id,
        course_id=run.course_id,
    )
