"""The inbox over HTTP: list it, mark one or all as read."""

from http import HTTPStatus

from fastapi import APIRouter

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.notifications import service
from studymaster.features.notifications.schemas import NotificationView
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/notifications", tags=["notifications"])


@router.get("")
async def inbox(
    student: CurrentStudent, offset: int = 0, limit: int = 50
) -> Stretch[NotificationView]:
    """List what the student was told, newest first."""
    window = Window(offset=offset, limit=limit)
    async with unit_of_work() as work:
        return await service.inbox(work, account_id=student.account_id, window=window)


@router.post("/read-all", status_code=HTTPStatus.NO_CONTENT)
async def read_all(student: CurrentStudent) -> None:
    """Mark everything as read."""
    async with unit_of_work() as work:
        await service.mark_all_read(work, account_id=student.account_id, now=clock.now())


@router.post("/{notification_id}/read")
async def read(student: CurrentStudent, notification_id: str) -> NotificationView:
    """Mark one notification as read."""
    async with unit_of_work() as work:
        return await service.mark_read(
            work,
            account_id=student.account_id,
            notification_id=parse_id(notification_id, missing=service.NO_NOTIFICATION),
            now=clock.now(),
        )
