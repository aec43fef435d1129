"""Files of cards over HTTP: sent in, looked at, taken, written, fetched."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage, received
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.exchange.schemas import TableWish, TransferView
from studymaster.features.exchange.service import transfers
from studymaster.features.flashcards.schemas import NO_DECK, Pile
from studymaster.features.flashcards.service import decks
from studymaster.lending import FILE, LentFile
from studymaster.models import TransferForm
from studymaster.receiving import file_in, form_of, form_with

router = APIRouter(prefix="/exchange", tags=["flashcards"])

CHUNK_BYTES = 1024 * 1024
MEDIA = {"csv": "text/csv; charset=utf-8"}
"""What a file to download is, by how its name ends; anything else is a package."""


class TakeBody(BaseModel):
    """How a file shall be taken.

    Of a package: whether cards come where they stand, with their log, or as new ones. Of a
    table: what each column holds (`front`, `back`, `extra`, `tags`, `deck`, `kind` or
    `skip`; as it was found where nothing is said), what a row becomes (`basic`, `reversed`,
    `cloze` or `typed`), and the deck for rows that name none.
    """

    with_schedule: bool = True
    roles: list[str] = []
    form: str = "basic"
    deck_id: str | None = None


class GiveBody(BaseModel):
    """Which deck (all where none is named), what goes along, and `apkg` or `csv`."""

    deck_id: str | None = None
    form: TransferForm = TransferForm.APKG
    with_media: bool = True
    with_schedule: bool = True


@router.get("/transfers")
async def list_transfers(student: CurrentStudent) -> list[TransferView]:
    """List the newest files of cards; each is kept for seven days."""
    async with unit_of_work() as work:
        return await transfers.list_transfers(work, account_id=student.account_id)


@router.get("/transfers/{transfer_id}")
async def show(student: CurrentStudent, transfer_id: str) -> TransferView:
    """Return how far a file has come, and what came of it."""
    async with unit_of_work() as work:
        return await transfers.get_transfer(
            work,
            account_id=student.account_id,
            transfer_id=parse_id(transfer_id, missing=transfers.NOT_HERE),
        )


@router.delete("/transfers/{transfer_id}", status_code=HTTPStatus.NO_CONTENT)
async def forget(student: CurrentStudent, transfer_id: str) -> None:
    """Throw a file away; cards that came from it stay."""
    await transfers.forget(
        account_id=student.account_id,
        transfer_id=parse_id(transfer_id, missing=transfers.NOT_HERE),
    )


@router.post(
    "/imports",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(expensive("upload"))],
    openapi_extra=form_with(),
)
async def send(student: CurrentStudent, request: Request) -> TransferView:
    """Send an Anki package or a table; it is looked at, and nothing is taken in yet."""
    async with form_of(
        request, most_bytes=transfers.most_bytes(), too_large=transfers.too_large()
    ) as form:
        file = file_in(form)
        async with received(_chunks(file)) as path:
            return await transfers.request_look(
                account_id=student.account_id,
                name=file.filename,
                path=path,
                now=clock.now(),
            )


@router.post("/transfers/{transfer_id}/take", status_code=HTTPStatus.ACCEPTED)
async def take(student: CurrentStudent, transfer_id: str, body: TakeBody) -> TransferView:
    """Take in a file that was looked at."""
    now = clock.now()
    async with unit_of_work() as work:
        if body.deck_id is not None:
            pile = Pile(deck_id=parse_id(body.deck_id, missing=NO_DECK))
            await decks.keep_deck(work, account_id=student.account_id, pile=pile, now=now)
        return await transfers.request_take(
            work,
            account_id=student.account_id,
            transfer_id=parse_id(transfer_id, missing=transfers.NOT_HERE),
            with_schedule=body.with_schedule,
            table=TableWish(body.roles, body.form, f"deck:{body.deck_id}"),
            now=clock.now(),
        )


@router.post(
    "/exports",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[Depends(expensive("export"))],
)
async def give(student: CurrentStudent, body: GiveBody) -> TransferView:
    """Have an Anki package or a table written."""
    chosen = [parse_id(body.deck_id, missing=NO_DECK)] if body.deck_id else []
    async with unit_of_work() as work:
        if body.form is TransferForm.CSV:
            return await transfers.request_table(
                work, account_id=student.account_id, deck_ids=chosen, now=clock.now()
            )
        return await transfers.request_give(
            work,
            account_id=student.account_id,
            deck_ids=chosen,
            with_media=body.with_media,
            with_schedule=body.with_schedule,
            now=clock.now(),
        )


@router.get("/transfers/{transfer_id}/file", response_class=Response, responses=FILE)
async def download(student: CurrentStudent, transfer_id: str) -> Response:
    """Return the file of an export."""
    async with unit_of_work() as work:
        key, name = await transfers.get_file(
            work,
            account_id=student.account_id,
            transfer_id=parse_id(transfer_id, missing=transfers.NOT_HERE),
        )
    loan = AsyncExitStack()
    path = await loan.enter_async_context(get_storage().lend(key))
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return LentFile(
        path,
        loan=loan,
        media_type=MEDIA.get(name.rpartition(".")[2], "application/apkg"),
        headers=headers,
    )


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    """Hand over an upload piece by piece."""
    while chunk := await file.read(CHUNK_BYTES):
        yield chunk
