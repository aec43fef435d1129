"""What students do with shared resources, each step in a unit of work of its own."""

from datetime import datetime, timedelta
from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.schemas.resources import Draft, ResourceView, Wanted
from studymaster.features.campus.service import judging, resources
from studymaster.paging import Window
from tests.conftest import NOON

FIRST = Window(limit=20)


async def share(
    student: Student,
    *,
    kind: str = "note",
    title: str = "Osmosis in short",
    course_id: int | None = None,
    group_id: UUID | None = None,
    text: str = "Water goes where there is less of it.",
    address: str = "",
    now: datetime = NOON,
) -> ResourceView:
    """Share something, a note unless told otherwise."""
    draft = Draft(kind, title, text, address, course_id=course_id, group_id=group_id)
    async with unit_of_work() as work:
        return await resources.share(work, student=student, draft=draft, file=None, now=now)


async def listed(student: Student, wanted: Wanted | None = None) -> list[ResourceView]:
    """What a student sees first."""
    async with unit_of_work() as work:
        part = await resources.list_resources(
            work,
            account_id=student.account_id,
            wanted=wanted or Wanted(),
            window=FIRST,
        )
    return part.items


async def look(student: Student, resource_id: str) -> ResourceView:
    """One resource, as a student sees it."""
    async with unit_of_work() as work:
        return await resources.get_resource(
            work, account_id=student.account_id, resource_id=UUID(resource_id)
        )


async def vote(student: Student, resource_id: str, *, useful: bool | None = True):
    """Say that a resource is useful."""
    async with unit_of_work() as work:
        return await judging.vote(
            work,
            account_id=student.account_id,
            resource_id=UUID(resource_id),
            useful=useful,
            now=NOON,
        )


async def report(
    student: Student, resource_id: str, *, reason: object = "Not ours", now=NOON
) -> None:
    """Say that a resource should not be here."""
    async with unit_of_work() as work:
        await judging.report(
            work,
            account_id=student.account_id,
            resource_id=UUID(resource_id),
            reason=reason,
            now=now,
        )


async def restore(student: Student, resource_id: str) -> ResourceView:
    """Show a hidden resource again, an hour later."""
    async with unit_of_work() as work:
        return await judging.restore(
            work,
            account_id=student.account_id,
            resource_id=UUID(resource_id),
            now=NOON + timedelta(hours=1),
        )


async def remove(student: Student, resource_id: str) -> None:
    """Remove a resource; there are no bytes to forget."""
    async with unit_of_work() as work:
        await resources.remove(
            work, account_id=student.account_id, resource_id=UUID(resource_id)
        )
