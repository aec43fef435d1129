"""A student's own data in one file, over HTTP."""

from contextlib import AsyncExitStack
from http import HTTPStatus

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, Response

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.features.accounts.api.guard import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import ExportView
from studymaster.features.accounts.service import exports
from studymaster.lending import FILE, LentFile
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/auth/exports", tags=["auth"])

PRIVATE = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": 'attachment; filename="studymaster.zip"',
}


@router.get("")
async def list_exports(
    student: CurrentStudent, offset: int = 0, limit: int = 50
) -> Stretch[ExportView]:
    """List the student's exports, newest first; each is kept for seven days."""
    window = Window(offset=offset, limit=limit)
    async with unit_of_work() as work:
        return await exports.list_exports(
            work, account_id=student.account_id, window=window, now=clock.now()
        )


@router.post(
    "", status_code=HTTPStatus.ACCEPTED, dependencies=[Depends(expensive("export"))]
)
async def request_export(student: CurrentStudent) -> ExportView:
    """Ask for all of the student's data; a worker packs it."""
    async with unit_of_work() as work:
        return await exports.request_export(
            work, account_id=student.account_id, now=clock.now()
        )


@router.get(
    "/{export_id}",
    response_class=FileResponse,
    responses={
        **FILE,
        200: {"content": {"application/zip": {}}, "description": "The file."},
    },
)
async def download(student: CurrentStudent, export_id: str) -> Response:
    """Return a packed export."""
    async with unit_of_work() as work:
        key = await exports.get_file(
            work,
            account_id=student.account_id,
            export_id=parse_id(export_id, missing=exports.NO_EXPORT),
            now=clock.now(),
        )
    loan = AsyncExitStack()
    # Here, not while sending: a missing file must fail before the headers leave.
    path = await loan.enter_async_context(get_storage().lend(key))
    return LentFile(path, loan=loan, media_type="application/zip", headers=PRIVATE)
