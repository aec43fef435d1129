"""Students, and the sessions in which they are signed in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from studymaster.models._base import MOMENT, Record, one_of


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


class AuthSession(Record, table=True):
    """One sign-in on one device, alive until it expires or is ended.

    `generation` counts the rotations of its refresh token; `seen_generation` is the newest
    one that came back from the device. A token older than that is a stolen copy.
    """

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    device: str = Field(default="", max_length=200)
    expires_at: datetime = Field(sa_type=MOMENT)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    generation: int = 1
    seen_generation: int = 1
