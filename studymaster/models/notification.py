"""What a student was told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record, one_of


class NotificationKind(StrEnum):
    """What it is about; each can be switched off in the settings."""

    SYNC = "sync"
    CARDS = "cards"
    FOCUS = "focus"
    CAMPUS = "campus"
    POINTS = "points"
    ACCOUNT = "account"


class Notification(Record, table=True):
    """One message in a student's inbox; `cause` keeps it from being told twice.

    `mailed_at` says that it is no matter for a mail any more: it went with one, or it was
    there before the student wanted mail.
    """

    __table_args__ = (
        UniqueConstraint("account_id", "cause"),
        Index("ix_notification_account_id_created_at", "account_id", "created_at"),
        Index(
            "ix_notification_unread", "account_id", postgresql_where=text("read_at IS NULL")
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    kind: NotificationKind = Field(
        sa_type=one_of(NotificationKind, name="kind"), nullable=False
    )
    title: str = Field(max_length=200)
    text: str = Field(default="", max_length=1000)
    path: str = Field(default="", max_length=300)
    cause: str = Field(max_length=160)
    read_at: datetime | None = Field(default=None, sa_type=MOMENT)
    mailed_at: datetime | None = Field(default=None, sa_type=MOMENT)


class Mailing(SQLModel, table=True):
    """When a student may get their next mail; a row is made with the first.

    `tries` counts those since the last one that went.
    """

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    again_at: datetime = Field(sa_type=MOMENT)
    tries: int = 0
