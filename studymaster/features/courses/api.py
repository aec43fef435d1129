"""A student's courses over HTTP; their ids are those that Moodle gives them."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from studymaster.adapters import clock
from studymaster.adapters.cache import Kept, kept
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.courses import service
from studymaster.features.courses.schemas import CourseView
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/courses", tags=["courses"])


Site = Annotated[
    str | None,
    Query(max_length=300, description="Which Moodle, when several know this number."),
]


class CourseItem(BaseModel):
    """A course; `id` is Moodle's, `line` its colour of ten, `listed` whether Moodle has it."""

    id: int
    user_id: str
    fullname: str
    shortname: str
    last_synced: datetime | None
    sync_enabled: bool
    listed: bool
    line: int = Field(ge=0, le=9)
    site_url: str


class CourseChange(BaseModel):
    """What a student may change of a course."""

    sync_enabled: bool


def course_item(view: CourseView, *, account_id: UUID) -> CourseItem:
    """Return a course as the API shows it."""
    return CourseItem(
        id=view.moodle_id,
        user_id=str(account_id),
        fullname=view.fullname,
        shortname=view.shortname,
        last_synced=view.last_synced,
        sync_enabled=view.sync_enabled,
        listed=view.listed,
        line=view.line,
        site_url=view.site_url,
    )


@router.get("")
async def courses(
    student: CurrentStudent,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[CourseItem]:
    """List the student's courses by short name."""
    window = Window(offset, limit)
    return await kept(
        Kept.RESPONSES,
        str(student.account_id),
        f"courses {window.offset} {window.limit}",
        shape=Stretch[CourseItem],
        make=partial(_read_courses, student.account_id, window),
    )


async def _read_courses(account_id: UUID, window: Window) -> Stretch[CourseItem]:
    async with unit_of_work() as work:
        found = await service.stretch_of_courses(work, account_id=account_id, window=window)
    items = [course_item(view, account_id=account_id) for view in found.items]
    return Stretch(items=items, next_offset=found.next_offset)


@router.get("/{course_id}")
async def course(student: CurrentStudent, course_id: int, site: Site = None) -> CourseItem:
    """Return one course by its id in Moodle; of several sites the one connected first."""
    async with unit_of_work() as work:
        view = await service.course_of_moodle_id(
            work, account_id=student.account_id, moodle_id=course_id, site_url=site
        )
    return course_item(view, account_id=student.account_id)


@router.patch("/{course_id}")
async def change_course(
    student: CurrentStudent, course_id: int, change: CourseChange, site: Site = None
) -> CourseItem:
    """Have coming syncs read a course, or leave it as it is."""
    account_id = student.account_id
    async with unit_of_work() as work:
        view = await service.course_of_moodle_id(
            work, account_id=account_id, moodle_id=course_id, site_url=site
        )
        changed = await service.switch_sync(
            work,
            account_id=account_id,
            course_id=UUID(view.id),
            on=change.sync_enabled,
            now=clock.now(),
        )
    return course_item(changed, account_id=account_id)
