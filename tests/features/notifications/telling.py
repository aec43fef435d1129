"""Tells a student something, for the tests."""

from datetime import datetime

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.notifications import service
from studymaster.features.notifications.schemas import Notice, NotificationView
from studymaster.models import NotificationKind
from studymaster.paging import Window
from tests.conftest import NOON


async def tell(
    student: Student,
    cause: str = "focus:1",
    *,
    kind: NotificationKind = NotificationKind.FOCUS,
    title: str = "Your session is over",
    path: str = "/focus",
    now: datetime = NOON,
) -> bool:
    notice = Notice(kind=kind, title=title, path=path, cause=cause)
    async with unit_of_work() as work:
        return await service.notify(
            work, account_id=student.account_id, notice=notice, now=now
        )


async def inbox(student: Student) -> list[NotificationView]:
    async with unit_of_work() as work:
        part = await service.inbox(work, account_id=student.account_id, window=Window())
    return part.items
