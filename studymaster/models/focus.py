"""Focus sessions, timed by the server, their sounds, and what distracted a student in them."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Interval
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record, one_of


class FocusState(StrEnum):
    """How far a session has come."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    ABANDONED = "abandoned"


class FocusSession(Record, table=True):
    """Rounds of focus with breaks between them; the database holds the clock.

    While it runs, the time spent is `spent` plus the time since `resumed_at`; while it is
    paused, `spent` alone. `spent` counts breaks too, so the phase and the round follow from
    it. `focused_seconds` is what counts once it is over, on the student's `day` in which it
    was started. At most one unfinished per account. `sounds` is volume (1 to 100) by name.
    """

    __table_args__ = (
        Index(
            "uq_focus_session_unfinished",
            "account_id",
            unique=True,
            postgresql_where="state IN ('running', 'paused')",
        ),
        Index("ix_focus_session_account_id_day", "account_id", "day"),
        Index("ix_focus_session_account_id_started_at", "account_id", "started_at"),
        CheckConstraint("focus_minutes BETWEEN 1 AND 180", name="focus_minutes"),
        CheckConstraint("break_minutes BETWEEN 0 AND 60", name="break_minutes"),
        CheckConstraint("rounds BETWEEN 1 AND 12", name="rounds"),
        CheckConstraint(
            "(state = 'running') = (resumed_at IS NOT NULL)", name="resumed_at"
        ),
        CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name="paused_at"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    course_id: UUID | None = Field(
        default=None, foreign_key="course.id", ondelete="SET NULL", index=True
    )
    task: str = Field(default="", max_length=200)
    focus_minutes: int
    break_minutes: int = 5
    rounds: int = 1
    sounds: dict[str, int] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
    state: FocusState = Field(sa_type=one_of(FocusState, name="state"), nullable=False)
    started_at: datetime = Field(sa_type=MOMENT)
    resumed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    paused_at: datetime | None = Field(default=None, sa_type=MOMENT)
    spent: timedelta = Field(default=timedelta(), sa_type=Interval)
    focused_seconds: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    day: date


class FocusMix(SQLModel, table=True):
    """The sounds a student mixed last: volume (1 to 100) by name."""

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    sounds: dict[str, int] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )


class Distraction(Record, table=True):
    """What pulled a student away, noted without stopping the clock."""

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    session_id: UUID = Field(foreign_key="focussession.id", ondelete="CASCADE", index=True)
    text: str = Field(default="", max_length=200)
