"""A student's grades over HTTP; courses go by the ids that Moodle gives them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.grades import service
from studymaster.features.grades.rules.standing import Source
from studymaster.features.grades.rules.trend import Direction
from studymaster.features.grades.schemas import CourseStanding, GradeLineView
from studymaster.models import GradeKind
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/grades", tags=["grades"])

Site = Annotated[
    str | None,
    Query(max_length=300, description="Which Moodle, when several know this number."),
]


class CourseGradesItem(BaseModel):
    """How a course stands; `id` is Moodle's.

    `percent` is null while nothing is graded; `source` says whether it is Moodle's own total
    or added up from the lines. `trend` is null where nothing can be said; `per_month` are
    percentage points.
    """

    id: int
    fullname: str
    shortname: str
    line: int = Field(ge=0, le=9)
    site_url: str
    percent: float | None
    source: Source
    trend: Direction | None
    per_month: float | None
    graded: int
    gradable: int


class PastGrade(BaseModel):
    """What a line showed from a moment on; null: a grade was taken back."""

    seen_at: datetime
    grade: float | None


class GradeLineItem(BaseModel):
    """A line of the gradebook; `id` is Moodle's, `shown` its own wording of the grade.

    `grade`, `minimum` and `maximum` are points, `weight` is the share (0 to 1) that Moodle
    tells, `past` the grades seen so far, the oldest first.
    """

    id: int
    cmid: int | None
    kind: GradeKind
    name: str
    grade: float | None
    minimum: float
    maximum: float
    percent: float | None
    weight: float | None
    shown: str
    feedback: str
    graded_at: datetime | None
    past: list[PastGrade]


class GradebookItem(BaseModel):
    """A course's gradebook, its lines in Moodle's order."""

    course: CourseGradesItem
    lines: list[GradeLineItem]


def _course_item(view: CourseStanding) -> CourseGradesItem:
    return CourseGradesItem(
        id=view.moodle_id,
        fullname=view.fullname,
        shortname=view.shortname,
        line=view.line,
        site_url=view.site_url,
        percent=view.percent,
        source=view.source,
        trend=view.trend,
        per_month=view.per_month,
        graded=view.graded,
        gradable=view.gradable,
    )


def _line_item(view: GradeLineView) -> GradeLineItem:
    return GradeLineItem(
        id=view.moodle_id,
        cmid=view.cmid,
        kind=view.kind,
        name=view.name,
        grade=view.grade,
        minimum=view.minimum,
        maximum=view.maximum,
        percent=view.percent,
        weight=view.weight,
        shown=view.shown,
        feedback=view.feedback,
        graded_at=view.graded_at,
        past=[PastGrade(seen_at=one.seen_at, grade=one.grade) for one in view.past],
    )


@router.get("")
async def grades(
    student: CurrentStudent,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[CourseGradesItem]:
    """List how the courses that have a gradebook stand, by short name."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        found = await service.stretch_of_standings(
            work, account_id=student.account_id, window=window
        )
    items = [_course_item(view) for view in found.items]
    return Stretch(items=items, next_offset=found.next_offset)


@router.get("/{course_id}")
async def gradebook(
    student: CurrentStudent, course_id: int, site: Site = None
) -> GradebookItem:
    """Return one course's gradebook by its id in Moodle; of several sites the first one."""
    async with unit_of_work() as work:
        book = await service.gradebook_of_moodle_id(
            work, student=student, moodle_id=course_id, site_url=site
        )
    return GradebookItem(
        course=_course_item(book.course),
        lines=[_line_item(line) for line in book.lines],
    )
