"""Voice memos over HTTP: kept, played, written down, deleted."""

import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from http import HTTPStatus
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage, received
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.braindump.api.notes import note_of
from studymaster.features.braindump.rules import MEMO_MAX_BYTES, MEMO_MAX_SECONDS
from studymaster.features.braindump.schemas import MemoView, NoteView
from studymaster.features.braindump.service import memos
from studymaster.features.library.api import PRIVATE
from studymaster.lending import FILE, LentFile
from studymaster.receiving import file_in, form_of, form_with, text_in

router = APIRouter(prefix="/notes", tags=["notes"])

UPLOAD_CHUNK_BYTES = 1024 * 1024
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
WHOLE_SECONDS = "Give the length in whole seconds."
MEMO_FORM = form_with(
    seconds={
        "type": "integer",
        "minimum": 1,
        "maximum": MEMO_MAX_SECONDS,
        "description": "How long it is; left out when nobody measured it.",
    },
    id={"type": "string", "default": "", "description": "An id of the sender's own."},
)


@router.post(
    "/{note_id}/memos",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(expensive("upload"))],
    openapi_extra=MEMO_FORM,
)
async def keep_memo(student: CurrentStudent, note_id: str, request: Request) -> MemoView:
    """Put a recording (at most 25 MB) to a note; the same `id` twice keeps it once."""
    async with form_of(
        request, most_bytes=MEMO_MAX_BYTES, too_large=memos.TOO_LARGE
    ) as form:
        own_id, seconds = text_in(form, "id"), _seconds(text_in(form, "seconds"))
        memo_id = _memo(own_id) if own_id else uuid4()
        async with received(_chunks(file_in(form))) as path:
            return await memos.store(
                path,
                account_id=student.account_id,
                note_id=note_of(note_id),
                memo_id=memo_id,
                seconds=seconds,
                now=clock.now(),
            )


def _seconds(text: str) -> int | None:
    if not text:
        return None
    if not WHOLE_NUMBER.fullmatch(text):
        raise InvalidInputError(WHOLE_SECONDS)
    return int(text)


@router.get("/memos/{memo_id}/audio", response_class=Response, responses=FILE)
async def memo_audio(student: CurrentStudent, memo_id: str) -> Response:
    """Return the sound of a recording, or a part of it (`Range`)."""
    async with unit_of_work() as work:
        recording = await memos.get_recording(
            work, account_id=student.account_id, memo_id=_memo(memo_id)
        )
    loan = AsyncExitStack()
    path = await loan.enter_async_context(get_storage().lend(recording.storage_key))
    return LentFile(path, loan=loan, media_type=recording.mimetype, headers=PRIVATE)


@router.post(
    "/memos/{memo_id}/transcript",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[Depends(expensive("transcribe"))],
)
async def transcribe(student: CurrentStudent, memo_id: str) -> MemoView:
    """Have a worker write down what was said."""
    async with unit_of_work() as work:
        return await memos.request_transcript(
            work,
            account_id=student.account_id,
            memo_id=_memo(memo_id),
            now=clock.now(),
        )


@router.post("/memos/{memo_id}/words")
async def take_words_over(student: CurrentStudent, memo_id: str) -> NoteView:
    """Put the words of a recording below the text of its note, once."""
    async with unit_of_work() as work:
        return await memos.take_words_over(
            work, account_id=student.account_id, memo_id=_memo(memo_id), now=clock.now()
        )


@router.delete("/memos/{memo_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete_memo(student: CurrentStudent, memo_id: str) -> None:
    """Delete a recording."""
    async with unit_of_work() as work:
        key = await memos.remove(
            work, account_id=student.account_id, memo_id=_memo(memo_id)
        )
    await get_storage().remove(key)


async def _chunks(file: UploadFile) -> AsyncGenerator[bytes]:
    """Hand over an upload piece by piece, and no more of it than we take."""
    taken = 0
    while taken <= MEMO_MAX_BYTES and (chunk := await file.read(UPLOAD_CHUNK_BYTES)):
        taken += len(chunk)
        yield chunk


def _memo(memo_id: str) -> UUID:
    return parse_id(memo_id, missing=memos.NO_MEMO)
