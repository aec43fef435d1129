"""Days on which cards shall be known: exams, and the plan that leads to each."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, String, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from studymaster.models._base import MOMENT, Record


class Exam(Record, table=True):
    """An exam of a student: on `day` the cards of its decks shall be known.

    `deck_ids` are those that were chosen (an own deck stands for those that lie in it too);
    with `tags` only cards that have one of them count. `retention` is the share, in percent,
    at which each card shall be known. `minutes` is how long the student wants to study for
    it on a day (0: as long as it takes). An exam that `follows` a due date goes where that
    goes; `due_at` is when it was due the last time that somebody looked. `plan` is what was
    found on `planned_on`, and `revision` counts the changes, so that a plan for what the
    exam was before is not kept. With `closed_on` it is over.
    """

    __table_args__ = (
        CheckConstraint("retention BETWEEN 70 AND 97", name="retention_in_bounds"),
        CheckConstraint("minutes BETWEEN 0 AND 720", name="minutes_in_bounds"),
        Index("ix_exam_account_id_day", "account_id", "day"),
        Index("ix_exam_open", "account_id", postgresql_where=text("closed_on IS NULL")),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    name: str = Field(max_length=200)
    day: date
    deadline_id: UUID | None = Field(
        default=None, foreign_key="deadline.id", ondelete="SET NULL", index=True
    )
    follows: bool = False
    due_at: datetime | None = Field(default=None, sa_type=MOMENT)
    deck_ids: list[UUID] = Field(default_factory=list[UUID], sa_type=ARRAY(Uuid()))
    tags: list[str] = Field(default_factory=list[str], sa_type=ARRAY(String(60)))
    retention: int = 90
    minutes: int = 0
    revision: int = 0
    planned_on: date | None = None
    plan: dict[str, Any] = Field(default_factory=dict[str, Any], sa_type=JSONB)
    closed_on: date | None = None
