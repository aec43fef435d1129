"""The grades that Moodle shows a student, and how they moved."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record, one_of


class GradeKind(StrEnum):
    """What a line of the gradebook is about. COURSE is the total."""

    COURSE = "course"
    CATEGORY = "category"
    ACTIVITY = "activity"
    MANUAL = "manual"


class GradeItem(Record, table=True):
    """One line of a course's gradebook; several may be about one activity (`cmid`).

    `grade`, `minimum` and `maximum` are points, `weight` is the share of the course (0 to 1)
    as Moodle tells it. `shown` is Moodle's own wording of the grade.
    """

    __table_args__ = (UniqueConstraint("course_id", "moodle_id"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    course_id: UUID = Field(foreign_key="course.id", ondelete="CASCADE")
    moodle_id: int = Field(sa_type=BigInteger)
    cmid: int | None = Field(default=None, sa_type=BigInteger)
    kind: GradeKind = Field(sa_type=one_of(GradeKind, name="kind"), nullable=False)
    name: str = Field(max_length=400)
    position: int = 0
    grade: float | None = None
    minimum: float = 0.0
    maximum: float = 100.0
    weight: float | None = None
    shown: str = Field(default="", max_length=100)
    feedback: str = ""
    graded_at: datetime | None = Field(default=None, sa_type=MOMENT)


class GradePoint(SQLModel, table=True):
    """What a line of the gradebook showed from a moment on."""

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    item_id: UUID = Field(foreign_key="gradeitem.id", ondelete="CASCADE", primary_key=True)
    seen_at: datetime = Field(sa_type=MOMENT, primary_key=True)
    grade: float | None = None
