"""Pictures and sounds of cards over HTTP; nobody else's bytes leave here."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage, received
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.flashcards.schemas import MediaView
from studymaster.features.flashcards.service import media
from studymaster.lending import FILE, UNCHANGED, LentFile
from studymaster.receiving import file_in, form_of, form_with

router = APIRouter(prefix="/media", tags=["flashcards"])

CHUNK_BYTES = 256 * 1024
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""A name may get other content some day, so a browser asks whether it is still the same."""

Known = Annotated[str | None, Header(alias="If-None-Match")]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(expensive("upload"))],
    openapi_extra=form_with(),
)
async def keep(student: CurrentStudent, request: Request) -> MediaView:
    """Keep a picture (PNG, JPEG, GIF, WebP) or a sound (MP3, Ogg, WAV, M4A, WebM) for cards.

    The same content is kept once; the name that comes back is the one to write in a card.
    """
    async with form_of(
        request, most_bytes=media.most_bytes(), too_large=media.too_large()
    ) as form:
        file = file_in(form)
        async with received(_chunks(file)) as path:
            return await media.keep_media(
                account_id=student.account_id,
                name=file.filename,
                path=path,
                now=clock.now(),
            )


@router.get("/{media_name}", response_class=Response, responses=FILE | UNCHANGED)
async def show(student: CurrentStudent, media_name: str, known: Known = None) -> Response:
    """Return one of the student's pictures or sounds, or a part of it (`Range`)."""
    async with unit_of_work() as work:
        kept = await media.open_media(work, account_id=student.account_id, name=media_name)
    headers = HEADERS | {"ETag": f'"{kept.sha1}"'}
    if known == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    loan = AsyncExitStack()
    path = await loan.enter_async_context(get_storage().lend(kept.storage_key))
    return LentFile(path, loan=loan, media_type=kept.mimetype, headers=headers)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    """Hand over an upload piece by piece, and no more of it than we take."""
    taken = 0
    while taken <= media.most_bytes() and (chunk := await file.read(CHUNK_BYTES)):
        taken += len(chunk)
        yield chunk
