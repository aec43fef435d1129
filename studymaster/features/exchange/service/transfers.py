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
from studymaster.features.exchange.rules import sheets as sheet_rules
from studymaster.features.exchange.rules.sheets import Form
from studymaster.features.exchange.schemas import (
    ColumnView,
    DeckCount,
    LeftOut,
    TableView,
    TableWish,
    TransferView,
)
from studymaster.features.exchange.service import sheets
from studymaster.features.exchange.service.merging import Report
from studymaster.features.flashcards.schemas import NO_DECK, parse_pile_key
from studymaster.features.flashcards.service import decks
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
NO_FORM: Final = "Choose what the rows become: basic, reversed, gaps or typed."
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

    What is no zip file and not called a package counts as a table.

    Raises:
        ConflictError: another one is still under way.
        StorageAwayError: the store does not take it.
    """
    async with unit_of_work() as work:
        if await queries.unfinished(work.session, account_id):
            raise ConflictError(UNDER_WAY)
    transfer_id, form = uuid4(), TransferForm.APKG
    if await to_thread(sheets.is_table, path, _plain(name)):
        form = TransferForm.CSV
    key = own_key(account_id, Own.EXCHANGE, f"{transfer_id}.{form.value}")
    await get_storage().put_file(path, key)
    row = _row(
        account_id,
        transfer_id,
        step=TransferStep.LOOK,
        form=form,
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
    with_schedule: bool = True,
    table: TableWish | None = None,
    now: datetime,
) -> TransferView:
    """Have a file taken in that was looked at; of a table is said how, in `table`.

    Raises:
        NotFoundError: it is not the student's, or was thrown away, or the deck is not.
        InvalidInputError: a table cannot be taken so.
        ConflictError: it was not looked at yet, or another one is under way.
    """
    row = await _locked(work, account_id, transfer_id)
    if row.step is not TransferStep.LOOK or row.state is not RunState.DONE:
        raise ConflictError(NOT_LOOKED)
    if await queries.unfinished(work.session, account_id):
        raise ConflictError(UNDER_WAY)
    if row.form is TransferForm.CSV:
        row.options = await _table_options(work, row, table or TableWish(), now=now)
    else:
        row.options = {"with_schedule": with_schedule}
    row.step, row.state = TransferStep.TAKE, RunState.QUEUED
    row.beat_at, row.done, row.report, row.failure = now, 0, {}, None
    await work.session.flush()
    _send(work, row)
    return view_of(row)


async def _table_options(
    work: UnitOfWork, row: Transfer, table: TableWish, *, now: datetime
) -> dict[str, object]:
    """Return how a table shall be taken; the columns stay as they were found, if none is said."""
    sheet = sheets.restored(row.options["sheet"])
    if table.roles:
        sheet = sheet_rules.parse_roles(table.roles, sheet=sheet)
    if str(table.form) not in set(Form):
        raise InvalidInputError(NO_FORM)
    pile = parse_pile_key(table.deck)
    await decks.keep_deck(work, account_id=row.account_id, pile=pile, now=now)
    wish = sheets.Wish(sheet, Form(str(table.form)), str(table.deck))
    return sheets.options_of(wish)


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
    options = {"with_media": with_media, "with_schedule": with_schedule}
    form = TransferForm.APKG
    return await _request(work, account_id, deck_ids, form=form, options=options, now=now)


async def request_table(
    work: UnitOfWork, *, account_id: UUID, deck_ids: Sequence[UUID], now: datetime
) -> TransferView:
    """Have a table written of decks; of all of them where none is named.

    Raises:
        NotFoundError: one of them is not the student's.
        InvalidInputError: there is no card in them.
        ConflictError: another one is under way.
    """
    form = TransferForm.CSV
    return await _request(work, account_id, deck_ids, form=form, options={}, now=now)


async def _request(
    work: UnitOfWork,
    account_id: UUID,
    deck_ids: Sequence[UUID],
    *,
    form: TransferForm,
    options: Mapping[str, object],
    now: datetime,
) -> TransferView:
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
    row = _row(
        account_id,
        uuid4(),
        step=TransferStep.GIVE,
        form=form,
        name=f"{_plain(name)[:100]}.{form.value}",
        now=now,
        total=count,
        options={**options, "decks": [str(deck.id) for deck in chosen]},
    )
    await _promise(work, row)
    return view_of(row)


def _row(
    account_id: UUID,
    transfer_id: UUID,
    *,
    step: TransferStep,
    form: TransferForm,
    name: str,
    now: datetime,
    **more: Any,  # noqa: ANN401 - columns
) -> Transfer:
    return Transfer(
        id=transfer_id,
        account_id=account_id,
        step=step,
        form=form,
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
        form=row.form.value,
        table=_table(row),
    )


def _table(row: Transfer) -> TableView:
    """Return how a table is written and begins, as long as it can be said how to take it."""
    if row.step is not TransferStep.LOOK or "sheet" not in row.options:
        return TableView()
    sheet = sheets.restored(row.options["sheet"])
    return TableView(
        columns=[
            ColumnView(f"role-{place}", f"Column {place + 1}", role.value)
            for place, role in enumerate(sheet.roles)
        ],
        rows=[list(one) for one in sheet.rows],
        sentence=_table_sentence(sheet),
    )


def _table_sentence(sheet: sheet_rules.Sheet) -> str:
    between = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    divided = between.get(sheet.delimiter, f"“{sheet.delimiter}”")
    names = "; its first row names the columns" if sheet.has_names else ""
    odd = ""
    if sheet.encoding == "cp1252":
        odd = " It is not UTF-8, so it is read as Western European; check its accents."
    return f"A table divided by {divided}{names}.{odd}"


def _percent(row: Transfer, report: Report) -> int:
    if row.state is RunState.DONE:
        return 100
    done = report.cards if row.step is TransferStep.GIVE else row.done
    return min(99, 100 * done // row.total) if row.total else 0


def _size(size_bytes: int) -> str:
    if size_bytes < MEGABYTE:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return f"{size_bytes / MEGABYTE:.1f} MB"
