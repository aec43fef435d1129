"""Files of cards: promised at once, carried by a worker, kept for a week."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import Own, get_storage, own_key
from studymaster.config import get_settings
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    StudyMasterError,
)
from studymaster.features.exchange.queries import notes as note_queries
from studymaster.features.exchange.queries import transfers as queries
from studymaster.features.exchange.schemas import DeckCount, LeftOut, TransferView
from studymaster.features.exchange.service.merging import Report
from studymaster.features.flashcards.schemas import NO_DECK
from studymaster.jobs import JobName
from studymaster.models import RunState, Transfer, TransferForm, TransferStep

LIFE: Final = timedelta(days=7)
MEGABYTE: Final = 1_000_000
SHOWN: Final = 10
LONGEST_NAME: Final = 200
PRUNED_AT_ONCE: Final = 100

NOT_HERE: Final = "That file is not here any more. Choose it again."
UNDER_WAY: Final = "Another import or export is still under way. Wait until it is done."
NOT_READY: Final = "Your file is still being written. It is ready in a few minutes."
NOT_LOOKED: Final = "This file cannot be imported now. Choose it again."
NOTHING_CHOSEN: Final = "Choose at least one deck that has cards."
OUR_FAULT: Final = "That failed because of a fault on our side. Try it again."


def most_bytes() -> int:
    """Return how large a file of cards can be."""
    return get_settings().import_limit_mb * MEGABYTE


def too_large() -> str:
    """Return what is said of a larger one."""
    most = get_settings().import_limit_mb
    return f"A file of cards can have {most:,} MB. Export fewer decks at once."


async def request_look(
    *, account_id: UUID, name: object, path: Path, now: datetime
) -> TransferView:
    """Keep a file that came in, and have it looked at; call it outside of a unit of work.

    Raises:
        ConflictError: another one is still under way.
        StorageAwayError: the store does not take it.
    """
    async with unit_of_work() as work:
        if await queries.unfinished(work.session, account_id):
            raise ConflictError(UNDER_WAY)
    transfer_id = uuid4()
    key = own_key(account_id, Own.EXCHANGE, f"{transfer_id}.apkg")
    await get_storage().put_file(path, key)
    row = _row(
        account_id,
        transfer_id,
        step=TransferStep.LOOK,
        name=_plain(name),
        now=now,
        storage_key=key,
        size_bytes=(await to_thread(path.stat)).st_size,
    )
    try:
        async with unit_of_work() as work:
            await _promise(work, row)
    except StudyMasterError:
        await get_storage().remove(key)
        raise
    return view_of(row)


async def request_take(
    work: UnitOfWork,
    *,
    account_id: UUID,
    transfer_id: UUID,
    with_schedule: bool,
    now: datetime,
) -> TransferView:
    """Have a file taken in that was looked at.

    Raises:
        NotFoundError: it is not the student's, or was thrown away.
        ConflictError: it was not looked at yet, or another one is under way.
    """
    row = await _locked(work, account_id, transfer_id)
    if row.step is not TransferStep.LOOK or row.state is not RunState.DONE:
        raise ConflictError(NOT_LOOKED)
    if await queries.unfinished(work.session, account_id):
        raise ConflictError(UNDER_WAY)
    row.step, row.state = TransferStep.TAKE, RunState.QUEUED
    row.beat_at, row.done, row.report, row.failure = now, 0, {}, None
    row.options = {"with_schedule": with_schedule}
    await work.session.flush()
    _send(work, row)
    return view_of(row)


async def request_give(
    work: UnitOfWork,
    *,
    account_id: UUID,
    deck_ids: Sequence[UUID],
    with_media: bool,
    with_schedule: bool,
    now: datetime,
) -> TransferView:
    """Have a package written of decks; of all of them where none is named.

    Raises:
        NotFoundError: one of them is not the student's.
        InvalidInputError: there is no card in them.
        ConflictError: another one is under way.
    """
    every = await note_queries.decks(work.session, account_id)
    wanted = set(deck_ids) or {deck.id for deck in every}
    chosen = [deck for deck in every if deck.id in wanted]
    count, _ = await note_queries.count_cards(
        work.session, account_id, [deck.id for deck in chosen]
    )
    if len(chosen) < len(wanted):
        raise NotFoundError(NO_DECK)
    if not count:
        raise InvalidInputError(NOTHING_CHOSEN)
    name = chosen[0].name if len(chosen) == 1 else "StudyMaster"
    options: dict[str, object] = {"with_media": with_media, "with_schedule": with_schedule}
    options |= {"decks": [str(deck.id) for deck in chosen]}
    row = _row(
        account_id,
        uuid4(),
        step=TransferStep.GIVE,
        name=f"{_plain(name)[:100]}.apkg",
        now=now,
        total=count,
        options=options,
    )
    await _promise(work, row)
    return view_of(row)


def _row(
    account_id: UUID,
    transfer_id: UUID,
    *,
    step: TransferStep,
    name: str,
    now: datetime,
    **more: Any,  # noqa: ANN401 - columns
) -> Transfer:
    return Transfer(
        id=transfer_id,
        account_id=account_id,
        step=step,
        form=TransferForm.APKG,
        state=RunState.QUEUED,
        beat_at=now,
        created_at=now,
        name=name,
        **more,
    )


async def _promise(work: UnitOfWork, row: Transfer) -> None:
    if not await queries.add(work.session, row.account_id, transfer=row):
        raise ConflictError(UNDER_WAY)
    _send(work, row)


def _send(work: UnitOfWork, row: Transfer) -> None:
    work.enqueue(
        JobName.EXCHANGE_CARDS, account_id=str(row.account_id), transfer_id=str(row.id)
    )
    _tell(work, row)


def _tell(work: UnitOfWork, row: Transfer) -> None:
    work.announce(news_for(row.account_id, Topic.CARDS, subject=str(row.id)))


def _plain(name: object) -> str:
    words = name if isinstance(name, str) else ""
    plain = "".join(one for one in words if one.isprintable() and one not in '/\\:*?"<>|')
    return plain.strip(" .")[:LONGEST_NAME] or "cards.apkg"


async def _locked(work: UnitOfWork, account_id: UUID, transfer_id: UUID) -> Transfer:
    row = await queries.transfer_for_update(
        work.session, account_id, transfer_id=transfer_id
    )
    if row is None:
        raise NotFoundError(NOT_HERE)
    return row


async def list_transfers(work: UnitOfWork, *, account_id: UUID) -> list[TransferView]:
    """List the newest files of the student."""
    rows = await queries.transfers(work.session, account_id, limit=SHOWN)
    return [view_of(row) for row in rows]


async def get_transfer(
    work: UnitOfWork, *, account_id: UUID, transfer_id: UUID
) -> TransferView:
    """Return one file of the student.

    Raises:
        NotFoundError: it is not theirs, or not here any more.
    """
    row = await queries.transfer_by_id(work.session, account_id, transfer_id=transfer_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    return view_of(row)


async def get_file(
    work: UnitOfWork, *, account_id: UUID, transfer_id: UUID
) -> tuple[str, str]:
    """Return where the file of an export lies, and what it is called.

    Raises:
        NotFoundError: it is another student's, none to download, or gone.
        ConflictError: it is not written yet, or that failed.
    """
    row = await queries.transfer_by_id(work.session, account_id, transfer_id=transfer_id)
    if row is None or row.step is not TransferStep.GIVE:
        raise NotFoundError(NOT_HERE)
    if row.state is not RunState.DONE:
        raise ConflictError(row.failure or NOT_READY)
    return row.storage_key, row.name


async def forget(*, account_id: UUID, transfer_id: UUID) -> None:
    """Throw a file away that nothing is done with; call it outside of a unit of work.

    Raises:
        NotFoundError: it is not the student's.
        ConflictError: it is under way.
    """
    async with unit_of_work() as work:
        row = await _locked(work, account_id, transfer_id)
        if row.state in queries.UNFINISHED:
            raise ConflictError(UNDER_WAY)
        key = row.storage_key
        await work.session.delete(row)
        _tell(work, row)
    if key:
        await get_storage().remove(key)


async def start(
    work: UnitOfWork, *, account_id: UUID, transfer_id: UUID, now: datetime
) -> Transfer | None:
    """Take up a promise; None when it is kept already or was withdrawn."""
    row = await queries.transfer_for_update(
        work.session, account_id, transfer_id=transfer_id
    )
    if row is None or row.state not in queries.UNFINISHED:
        return None
    row.state, row.beat_at = RunState.RUNNING, now
    return row


async def beat(
    work: UnitOfWork,
    *,
    account_id: UUID,
    transfer_id: UUID,
    position: int | None,
    report: Report,
    now: datetime,
) -> None:
    """Note how far it has come, in the transaction of what came.

    Raises:
        NotFoundError: it was withdrawn, so nothing more shall come of it.
    """
    row = await _locked(work, account_id, transfer_id)
    row.beat_at, row.report = now, asdict(report)
    row.position = row.position if position is None else position
    row.done = report.new + report.changed + report.same + report.kept + report.broken
    _tell(work, row)


async def finish(
    work: UnitOfWork,
    *,
    account_id: UUID,
    transfer_id: UUID,
    report: Report,
    facts: Mapping[str, object],
    now: datetime,
) -> None:
    """Note what came of it; `facts` are columns that this changes too."""
    row = await _locked(work, account_id, transfer_id)
    row.state, row.beat_at, row.failure = RunState.DONE, now, None
    row.report = asdict(report)
    for name, value in facts.items():
        setattr(row, name, value)
    _tell(work, row)


async def fail(
    work: UnitOfWork,
    *,
    account_id: UUID,
    transfer_id: UUID,
    error: Exception,
    now: datetime,
) -> None:
    """Note why a promise could not be kept."""
    row = await queries.transfer_for_update(
        work.session, account_id, transfer_id=transfer_id
    )
    if row is None or row.state not in queries.UNFINISHED:
        return
    is_known = isinstance(error, StudyMasterError)
    row.state, row.beat_at = RunState.FAILED, now
    row.failure = error.message if is_known else OUR_FAULT
    _tell(work, row)


async def resend_silent(work: UnitOfWork, *, before: datetime, now: datetime) -> int:
    """Send again what a dead worker left, and tell how much that was."""
    rows = await queries.silent_transfers(work.session, before=before)
    for row in rows:
        row.beat_at = now
        _send(work, row)
    return len(rows)


async def prune(*, now: datetime) -> int:
    """Throw away every file whose week is over; tell how many that were."""
    count = 0
    while True:
        async with unit_of_work() as work:
            rows = await queries.old_transfers(
                work.session, before=now - LIFE, most=PRUNED_AT_ONCE
            )
            keys = [row.storage_key for row in rows if row.storage_key]
            for row in rows:
                await work.session.delete(row)
        for key in keys:
            await get_storage().remove(key)
        count += len(rows)
        if len(rows) < PRUNED_AT_ONCE:
            return count


def report_of(row: Transfer) -> Report:
    """Return what came of a file so far."""
    known = {name: row.report[name] for name in asdict(Report()) if name in row.report}
    return Report(**known)


def view_of(row: Transfer) -> TransferView:
    """Return what a student sees of a file."""
    report = report_of(row)
    given = row.step is TransferStep.GIVE and row.state is RunState.DONE
    return TransferView(
        id=str(row.id),
        step=row.step.value,
        state=row.state.value,
        name=row.name,
        asked_at=row.created_at.isoformat(),
        percent=_percent(row, report),
        new=report.new,
        changed=report.changed,
        same=report.same,
        kept=report.kept,
        broken=report.broken,
        cards=report.cards,
        reviews=report.reviews,
        media=report.media,
        media_left_out=report.media_left_out,
        decks=[DeckCount(name, cards) for name, cards in report.decks],
        left_out=[LeftOut(name, why) for name, why in report.left_out],
        size=_size(row.size_bytes) if given else "",
        address=f"/api/v1/exchange/transfers/{row.id}/file" if given else "",
        failure=row.failure or "",
    )


def _percent(row: Transfer, report: Report) -> int:
    if row.state is RunState.DONE:
        return 100
    done = report.cards if row.step is TransferStep.GIVE else row.done
    return min(99, 100 * done // row.total) if row.total else 0


def _size(size_bytes: int) -> str:
    if size_bytes < MEGABYTE:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return f"{size_bytes / MEGABYTE:.1f} MB"
