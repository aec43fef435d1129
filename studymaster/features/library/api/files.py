"""Pages and files of a student's materials over HTTP; nobody else's bytes leave here."""

from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.library import rules, service
from studymaster.features.library.schemas import Box
from studymaster.lending import FILE, UNCHANGED, LentFile

router = APIRouter(prefix="/materials", tags=["materials"])

PRIVATE = {
    "Cache-Control": "private, max-age=86400",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Cookie",
}
NOT_MODIFIED = 304
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The page.", "content": {"image/webp": {}}}
}

Known = Annotated[str | None, Header(alias="If-None-Match")]


@router.get(
    "/{material_id}/pages/{number}.webp",
    response_class=Response,
    responses=PICTURE | UNCHANGED,
)
async def page_picture(
    student: CurrentStudent,
    material_id: str,
    number: int,
    width: Annotated[int, Query()] = 800,
    known: Known = None,
) -> Response:
    """Return one page (from 1) as a WebP picture, 480, 800 or 1200 pixels wide."""
    rules.require_width(width)
    async with unit_of_work() as work:
        source = await service.get_page_source(
            work,
            account_id=student.account_id,
            material_id=parse_id(material_id, missing=service.NO_MATERIAL),
            number=number,
        )
    headers = {**PRIVATE, "ETag": f'"{source.sha1}-{number}-{width}"'}
    if known == headers["ETag"]:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    picture = await service.draw_page(get_storage(), source, number=number, width=width)
    return Response(picture, media_type="image/webp", headers=headers)


@router.get("/{material_id}/pages/{number}/marks")
async def page_marks(
    student: CurrentStudent,
    material_id: str,
    number: int,
    quote: Annotated[str, Query(max_length=2_000)],
) -> list[Box]:
    """Return where a quote stands on a page (from 1): boxes in percent of the page."""
    async with unit_of_work() as work:
        source = await service.get_page_source(
            work,
            account_id=student.account_id,
            material_id=parse_id(material_id, missing=service.NO_MATERIAL),
            number=number,
        )
    return await service.find_boxes(get_storage(), source, number=number, quote=quote)


@router.get("/{material_id}/file", response_class=Response, responses=FILE | UNCHANGED)
async def file(student: CurrentStudent, material_id: str, known: Known = None) -> Response:
    """Return a material's file or a part of it (`Range`).

    What a browser could run comes as a download.
    """
    async with unit_of_work() as work:
        source = await service.get_file(
            work,
            account_id=student.account_id,
            material_id=parse_id(material_id, missing=service.NO_MATERIAL),
        )
    media_type, inline = rules.served_type(source.mimetype)
    headers = {
        **PRIVATE,
        "ETag": f'"{source.sha1}"',
        "Content-Disposition": rules.disposition(source.name, inline=inline),
    }
    if known == headers["ETag"]:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    loan = AsyncExitStack()
    # Here, not while sending: a missing file must fail before the headers leave.
    path = await loan.enter_async_context(service.lend_file(get_storage(), source))
    return LentFile(path, loan=loan, media_type=media_type, headers=headers)
