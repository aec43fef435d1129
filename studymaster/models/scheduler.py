"""How FSRS was fitted to a student, and how full their coming days are."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Float, Index, Integer
from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record, one_of
from studymaster.models.moodle import RunState


class FitWish(StrEnum):
    """What is wanted: parameters of one's own, or the published ones again."""

    FITTED = "fitted"
    PUBLISHED = "published"


class SchedulerFit(Record, table=True):
    """Promised work: FSRS fitted to one student's answers. At most one unfinished each.

    `answers` tell something about forgetting; on the newest of them, `held_out`, the mean
    surprise (nats) was `loss_before` and would have been `loss_after` with `parameters`.
    `taken`: from then on they hold; the newest row that was taken says what holds now, and
    without parameters these are the published ones. `comparison` is how SM-2 and FSRS did, as
    JSON.
    """

    __table_args__ = (
        Index(
            "uq_schedulerfit_unfinished",
            "account_id",
            unique=True,
            postgresql_where="state IN ('queued', 'running')",
        ),
        Index("ix_schedulerfit_account_id_created_at", "account_id", "created_at"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    wish: FitWish = Field(sa_type=one_of(FitWish, name="wish"), nullable=False)
    state: RunState = Field(sa_type=one_of(RunState, name="state"), nullable=False)
    beat_at: datetime = Field(sa_type=MOMENT)
    day: date
    answers: int = 0
    held_out: int = 0
    loss_before: float | None = None
    loss_after: float | None = None
    parameters: list[float] = Field(
        default_factory=list[float],
        sa_type=ARRAY(Float),
        nullable=False,
        sa_column_kwargs={"server_default": "{}"},
    )
    taken: bool = False
    comparison: str = ""
    failure: str | None = None


class DayLoad(SQLModel, table=True):
    """How many cards of a student were due so many days later on the morning of `day`."""

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    day: date
    counts: list[int] = Field(sa_type=ARRAY(Integer), nullable=False)
