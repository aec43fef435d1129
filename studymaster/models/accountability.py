"""Closed days with their streak and decay, challenges, achievements, and pledges."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record, one_of


class ClosedDay(SQLModel, table=True):
    """A student's day that is over: what it did to the streak and to the points.

    One row per student and day, so a day is closed once however often the job runs.
    `ended_at` is the moment at which it was over: the next day holds what came after.
    `spared` is an idle day that a change of time zone or day start had cut short. `streak`
    (days), `freezes` (left) and `decay` (points lost, 0 or more) are as the day ended.
    """

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    day: date = Field(primary_key=True)
    ended_at: datetime = Field(sa_type=MOMENT)
    closed_at: datetime = Field(sa_type=MOMENT)
    active: bool
    frozen: bool
    spared: bool
    streak: int = Field(ge=0)
    freezes: int = Field(ge=0)
    decay: int = Field(ge=0)


class ChallengeEntry(Record, table=True):
    """A student who took on one of a week's challenges; `code` names its rule."""

    __table_args__ = (UniqueConstraint("account_id", "code", "week"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    code: str = Field(max_length=40)
    week: date
    done_at: datetime | None = Field(default=None, sa_type=MOMENT)


class Achievement(Record, table=True):
    """Something a student reached for good; `code` names its rule."""

    __table_args__ = (UniqueConstraint("account_id", "code"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    code: str = Field(max_length=40)


class PledgeKind(StrEnum):
    """What is promised, as the server can count it."""

    REVIEWS = "reviews"
    FOCUS_MINUTES = "focus_minutes"
    DAYS = "days"


class PledgeState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class Pledge(Record, table=True):
    """A promise to a buddy: kept as soon as the log since `created_at` holds enough.

    It is missed once `until_day` is over.
    """

    __table_args__ = (
        Index("ix_pledge_account_id_state", "account_id", "state"),
        Index(
            "uq_pledge_open",
            "account_id",
            "kind",
            unique=True,
            postgresql_where="state = 'open'",
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    buddy_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    kind: PledgeKind = Field(sa_type=one_of(PledgeKind, name="kind"), nullable=False)
    amount: int = Field(ge=1)
    from_day: date
    until_day: date
    state: PledgeState = Field(
        default=PledgeState.OPEN, sa_type=one_of(PledgeState, name="state"), nullable=False
    )
    settled_at: datetime | None = Field(default=None, sa_type=MOMENT)
