"""Shared resources over HTTP: share, list, download, vote, report, judge."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import get_storage, received
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.campus.rules import resources as rules
from studymaster.features.campus.rules.reports import REASON_MAX
from studymaster.features.campus.schemas.resources import (
    Audience,
    Draft,
    Order,
    ResourceView,
    Upload,
    Wanted,
)
from studymaster.features.campus.service import judging, resources
from studymaster.features.campus.service.pace import Act, take_turn
from studymaster.features.library.rules import disposition, served_type
from studymaster.lending import FILE, LentFile
from studymaster.paging import Stretch, Window

router: Final = APIRouter(prefix="/resources")

MOST_FIELDS: Final = 10
PIECE_BYTES: Final = 256 * 1024
CUT_OFF: Final = "The upload broke off. Nothing was shared; try again."
ONE_FILE: Final = "Send the fields as text and at most one file, under the name “file”."
WHOLE_ID: Final = "The course is named by its Moodle id, a whole number."
PRIVATE: Final = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}

Number = Annotated[int, Query()]
FORM: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["kind", "title"],
                    "properties": {
                        "kind": {"type": "string", "enum": ["file", "link", "note"]},
                        "title": {"type": "string", "maxLength": rules.TITLE_MAX},
                        "text": {"type": "string", "maxLength": rules.NOTE_MAX},
                        "address": {"type": "string", "maxLength": rules.ADDRESS_MAX},
                        "course_id": {"type": "integer"},
                        "group_id": {"type": "string", "format": "uuid"},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}
"""By hand: the form is read only once it is clear who sends it and how often."""


class VoteBody(BaseModel):
    """Whether it is useful; null turns round what was said before."""

    useful: bool | None = None


class ReportBody(BaseModel):
    """Why it should not be here."""

    reason: str = Field(description=f"1 to {REASON_MAX} characters.")


@router.get("")
async def list_resources(
    student: CurrentStudent,
    course_id: int | None = None,
    group_id: str | None = None,
    order: Order = Order.NEWEST,
    offset: Number = 0,
    limit: Number = 50,
) -> Stretch[ResourceView]:
    """List what is shared with the student, or with one course or group of theirs."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        audience = await _audience(
            work, student.account_id, course_id=course_id, group_id=group_id
        )
        return await resources.list_resources(
            work,
            account_id=student.account_id,
            wanted=Wanted(audience, order),
            window=window,
        )


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(expensive("upload"))],
    openapi_extra=FORM,
)
async def share(student: CurrentStudent, request: Request) -> ResourceView:
    """Share a file, a link or a note with one course or one group."""
    async with _form(request) as form, _uploaded(form) as upload:
        draft = _draft(form)
        async with unit_of_work() as work:
            await resources.require_shareable(
                work, account_id=student.account_id, draft=draft, upload=upload
            )
        # The store first: a resource without its bytes is worse than bytes without a name.
        async with (
            resources.stored(get_storage(), upload) as file,
            unit_of_work() as work,
        ):
            return await resources.share(
                work, student=student, draft=draft, file=file, now=clock.now()
            )


@router.get("/{resource_id}")
async def get_resource(student: CurrentStudent, resource_id: str) -> ResourceView:
    """Return one resource, a note with all its words."""
    async with unit_of_work() as work:
        return await resources.get_resource(
            work, account_id=student.account_id, resource_id=_id(resource_id)
        )


@router.get("/{resource_id}/file", response_class=Response, responses=FILE)
async def file(student: CurrentStudent, resource_id: str) -> Response:
    """Return a shared file or a part of it (`Range`).

    Pictures and PDF open in place; whatever else it is comes as a download.
    """
    async with unit_of_work() as work:
        source = await resources.get_file(
            work, account_id=student.account_id, resource_id=_id(resource_id)
        )
    media_type, inline = served_type(source.mimetype)
    headers = {
        **PRIVATE,
        "Content-Disposition": disposition(source.filename, inline=inline),
    }
    loan = AsyncExitStack()
    # Here, not while sending: a missing file must fail before the headers leave.
    path = await loan.enter_async_context(resources.lend_file(get_storage(), source))
    return LentFile(path, loan=loan, media_type=media_type, headers=headers)


@router.post("/{resource_id}/vote")
async def vote(
    student: CurrentStudent, resource_id: str, body: VoteBody | None = None
) -> ResourceView:
    """Say that it is useful, or take that back."""
    async with unit_of_work() as work:
        return await judging.vote(
            work,
            account_id=student.account_id,
            resource_id=_id(resource_id),
            useful=body.useful if body else None,
            now=clock.now(),
        )


@router.post("/{resource_id}/report", status_code=HTTPStatus.NO_CONTENT)
async def report(student: CurrentStudent, resource_id: str, body: ReportBody) -> None:
    """Say that it should not be here; the third report hides it."""
    await take_turn(Act.REPORT, account_id=student.account_id)
    async with unit_of_work() as work:
        await judging.report(
            work,
            account_id=student.account_id,
            resource_id=_id(resource_id),
            reason=body.reason,
            now=clock.now(),
        )


@router.post("/{resource_id}/restore")
async def restore(student: CurrentStudent, resource_id: str) -> ResourceView:
    """Show a hidden resource of the group again; for its owner and moderators."""
    async with unit_of_work() as work:
        return await judging.restore(
            work,
            account_id=student.account_id,
            resource_id=_id(resource_id),
            now=clock.now(),
        )


@router.delete("/{resource_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove(student: CurrentStudent, resource_id: str) -> None:
    """Remove one's own resource, or one of a group that one keeps clean."""
    async with unit_of_work() as work:
        key = await resources.remove(
            work, account_id=student.account_id, resource_id=_id(resource_id)
        )
    await resources.forget_file(get_storage(), key)


async def _audience(
    work: UnitOfWork, account_id: UUID, *, course_id: int | None, group_id: str | None
) -> Audience | None:
    if course_id is None and group_id is None:
        return None
    group = parse_id(group_id, missing=resources.NO_GROUP) if group_id else None
    return await resources.get_audience(
        work, account_id=account_id, course_id=course_id, group_id=group
    )


@asynccontextmanager
async def _form(request: Request) -> AsyncGenerator[FormData]:
    """Read a form as it streams in; what grows large lies on disk and is removed."""
    try:
        form = await request.form(max_files=1, max_fields=MOST_FIELDS)
    except ClientDisconnect as gone:
        raise InvalidInputError(CUT_OFF) from gone
    try:
        yield form
    finally:
        await form.close()


@asynccontextmanager
async def _uploaded(form: FormData) -> AsyncGenerator[Upload | None]:
    """Lend the file of a form under a path of its own; None when there is none."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        yield None
        return
    async with received(_pieces(file)) as path:
        yield Upload(path, file.filename, file.size or 0)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE_BYTES):
        yield piece


def _draft(form: FormData) -> Draft:
    names = ("kind", "title", "text", "address", "course_id", "group_id")
    fields = {name: form.get(name, "") for name in names}
    words = {name: one for name, one in fields.items() if isinstance(one, str)}
    if len(words) < len(names):
        raise InvalidInputError(ONE_FILE)
    group, course = words["group_id"], words["course_id"]
    return Draft(
        kind=words["kind"],
        title=words["title"],
        text=words["text"],
        address=words["address"],
        course_id=_number(course) if course else None,
        group_id=parse_id(group, missing=resources.NO_GROUP) if group else None,
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 20):  # noqa: PLR2004  (2**63)
        raise InvalidInputError(WHOLE_ID)
    return int(text)


def _id(text: str) -> UUID:
    return parse_id(text, missing=resources.NO_RESOURCE)
