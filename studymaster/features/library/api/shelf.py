"""What lies in a course over HTTP: its materials, and a student's own PDFs."""

from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from studymaster.adapters import clock
from studymaster.adapters.cache import Kept, kept
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.library import rules, service
from studymaster.features.library.schemas import MaterialView
from studymaster.paging import Stretch, Window
from studymaster.receiving import file_in, form_of, form_with

router = APIRouter(tags=["materials"])

CHUNK_BYTES = 256 * 1024


Site = Annotated[
    str | None,
    Query(max_length=300, description="Which Moodle, when several know this number."),
]


class MaterialItem(BaseModel):
    """A material; `course_id` is Moodle's, `state` why it cannot be read here, or empty."""

    id: str
    course_id: int
    name: str
    kind: str
    section: str
    state: str
    address: str
    readable: bool
    pictured: bool
    page_count: int
    fresh: bool
    own: bool


def _item(view: MaterialView, *, moodle_id: int) -> MaterialItem:
    return MaterialItem(
        id=view.id,
        course_id=moodle_id,
        name=view.name,
        kind=view.kind,
        section=view.section,
        state=view.state,
        address=view.address,
        readable=view.readable,
        pictured=view.pictured,
        page_count=view.page_count,
        fresh=view.fresh,
        own=view.own,
    )


@router.get("/courses/{course_id}/materials")
async def materials(
    student: CurrentStudent,
    course_id: int,
    site: Site = None,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[MaterialItem]:
    """List what lies in a course: the student's own files, then Moodle's, in its order."""
    window = Window(offset, limit)
    return await kept(
        Kept.MATERIALS,
        str(student.account_id),
        f"{course_id} {window.offset} {window.limit} {site or ''}",
        shape=Stretch[MaterialItem],
        make=partial(_read, student.account_id, course_id, site, window),
    )


async def _read(
    account_id: UUID, moodle_id: int, site: str | None, window: Window
) -> Stretch[MaterialItem]:
    async with unit_of_work() as work:
        course_id = await service.get_course_id(
            work, account_id=account_id, moodle_id=moodle_id, site=site
        )
        found = await service.stretch_of_materials(
            work, account_id=account_id, course_id=course_id, window=window
        )
    items = [_item(view, moodle_id=moodle_id) for view in found.items]
    return Stretch(items=items, next_offset=found.next_offset)


@router.post(
    "/courses/{course_id}/materials",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(expensive("upload"))],
    openapi_extra=form_with(),
)
async def add_own(
    student: CurrentStudent, course_id: int, request: Request, site: Site = None
) -> MaterialItem:
    """Add a PDF of the student's own (at most 50 MB) to a course; nobody else sees it."""
    account_id = student.account_id
    async with unit_of_work() as work:
        place = await service.get_course_id(
            work, account_id=account_id, moodle_id=course_id, site=site
        )
        await service.require_room(work, account_id=account_id)
    async with form_of(
        request, most_bytes=rules.UPLOAD_LIMIT_BYTES, too_large=rules.TOO_LARGE
    ) as form:
        file = file_in(form)
        upload = await service.store_upload(
            get_storage(),
            account_id=account_id,
            name=service.require_name(file.filename),
            chunks=_chunks(file),
        )
    guard = service.removed_unless_kept(
        get_storage(), account_id=account_id, sha1=upload.sha1, key=upload.key
    )
    async with guard, unit_of_work() as work:
        view = await service.keep_upload(
            work,
            account_id=account_id,
            course_id=place,
            upload=upload,
            now=clock.now(),
        )
    return _item(view, moodle_id=course_id)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK_BYTES):
        yield chunk


@router.delete("/materials/{material_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_own(student: CurrentStudent, material_id: str) -> None:
    """Remove a PDF that the student added; its cards stay, without their page."""
    async with unit_of_work() as work:
        leftovers = await service.remove_upload(
            work,
            account_id=student.account_id,
            material_id=parse_id(material_id, missing=service.NO_MATERIAL),
        )
    await service.drop_files(get_storage(), leftovers)
