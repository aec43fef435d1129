"""Live Sync over HTTP: ask for a run, look how runs go, stop one, end a connection."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.courses import service as courses
from studymaster.features.sync import service
from studymaster.features.sync.schemas import RunStatus
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/courses/sync", tags=["courses"])


class SyncWish(BaseModel):
    """What to bring in: everything, or one course by its id in Moodle."""

    course_id: int | None = None


@router.post("", status_code=HTTPStatus.ACCEPTED, dependencies=[Depends(expensive("sync"))])
async def sync(student: CurrentStudent, wish: SyncWish | None = None) -> RunStatus:
    """Ask for a run; one that is under way and brings the same is the answer."""
    account_id, moodle_id = student.account_id, wish.course_id if wish else None
    async with unit_of_work() as work:
        course_id = None
        if moodle_id is not None:
            course = await courses.course_of_moodle_id(
                work, account_id=account_id, moodle_id=moodle_id
            )
            course_id = UUID(course.id)
        run_id = await service.request_sync(
            work, account_id=account_id, course_id=course_id, now=clock.now()
        )
        return await service.get_status(work, account_id=account_id, run_id=run_id)


@router.get("")
async def runs(
    student: CurrentStudent,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[RunStatus]:
    """List the student's runs, the newest first."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await service.list_statuses(
            work, account_id=student.account_id, window=window
        )


@router.get("/{run_id}")
async def run(student: CurrentStudent, run_id: str) -> RunStatus:
    """Return how far a run has come."""
    async with unit_of_work() as work:
        return await service.get_status(
            work,
            account_id=student.account_id,
            run_id=parse_id(run_id, missing=service.NO_RUN),
        )


@router.delete("/{run_id}")
async def cancel(student: CurrentStudent, run_id: str) -> RunStatus:
    """Stop a run: one that waits at once, one that goes on within a second."""
    account_id = student.account_id
    number = parse_id(run_id, missing=service.NO_RUN)
    async with unit_of_work() as work:
        await service.cancel_run(
            work, account_id=account_id, run_id=number, now=clock.now()
        )
        return await service.get_status(work, account_id=account_id, run_id=number)


@router.delete("/connections/{connection_id}", status_code=HTTPStatus.NO_CONTENT)
async def disconnect(student: CurrentStudent, connection_id: str) -> None:
    """Forget the key of a Moodle and read it no more; everything fetched stays."""
    async with unit_of_work() as work:
        await service.disconnect(
            work,
            account_id=student.account_id,
            connection_id=parse_id(connection_id, missing=service.NO_CONNECTION),
            now=clock.now(),
        )
