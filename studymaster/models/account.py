"""Students, and the sessions in which they are signed in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, SmallInteger, text
from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record, one_of
from studymaster.models.moodle import RunState


class Theme(StrEnum):
    """Which of the two looks a student chose; SYSTEM follows the device."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Account(Record, table=True):
    """A student. E-mail and password are set only for local accounts."""

    display_name: str = Field(max_length=120)
    email: str | None = Field(default=None, max_length=254, unique=True)
    password_hash: str | None = Field(default=None, max_length=200)
    time_zone: str = Field(default="UTC", max_length=64)
    day_start_hour: int = Field(default=4, ge=0, le=23)
    theme: Theme = Field(
        default=Theme.SYSTEM, sa_type=one_of(Theme, name="theme"), nullable=False
    )
    last_login_at: datetime | None = Field(default=None, sa_type=MOMENT)
    deleting_since: datetime | None = Field(default=None, sa_type=MOMENT)


class Preferences(SQLModel, table=True):
    """What a student chose; a row is made with the first choice. Sharing is off at first.

    The `ai_` fields name the student's own OpenAI-compatible endpoint, its key sealed.
    `easy_days` is how much of a usual day's reviews (percent) each day of the week takes,
    Monday first; after `timebox_minutes` a review pauses to say how far it has come (0:
    never).
    """

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    on_leaderboard: bool = False
    open_to_buddies: bool = False
    sync_enabled: bool = True
    propose_after_sync: bool = True
    notify_sync: bool = True
    notify_cards: bool = True
    notify_focus: bool = True
    notify_campus: bool = True
    notify_points: bool = True
    notify_by_email: bool = False
    grade_insight: bool = False
    timebox_minutes: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    easy_days: list[int] = Field(
        default_factory=lambda: [100] * 7,
        sa_type=ARRAY(SmallInteger),
        nullable=False,
        sa_column_kwargs={"server_default": "{100,100,100,100,100,100,100}"},
    )
    ai_address: str = Field(default="", max_length=300)
    ai_model: str = Field(default="", max_length=120)
    ai_sealed_key: str = ""


class Export(Record, table=True):
    """Promised work: all of a student's data in one file. At most one unfinished each."""

    __table_args__ = (
        Index(
            "uq_export_unfinished",
            "account_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    state: RunState = Field(sa_type=one_of(RunState, name="state"), nullable=False)
    beat_at: datetime = Field(sa_type=MOMENT)
    storage_key: str = Field(default="", max_length=300)
    size_bytes: int = Field(default=0, sa_type=BigInteger)
    failure: str | None = None


class AuthSession(Record, table=True):
    """One sign-in on one device, alive until it expires or is ended.

    `generation` counts the rotations of its refresh token; `seen_generation` is the newest
    one that came back from the device, and `rotated_at` when the newest was made. A token
    older than what was seen, or much older than the newest, is a stolen copy.
    """

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    device: str = Field(default="", max_length=200)
    expires_at: datetime = Field(sa_type=MOMENT)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    generation: int = 1
    seen_generation: int = 1
    rotated_at: datetime | None = Field(default=None, sa_type=MOMENT)
