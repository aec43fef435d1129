"""The student's connection to a Moodle site, and what was asked of it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import column_property
from sqlmodel import Field, col, func, select

from studymaster.models._base import MOMENT, Record, one_of


class ConnectionState(StrEnum):
    """Whether the stored token still opens the site."""

    ACTIVE = "active"
    BROKEN = "broken"


class ConnectionWay(StrEnum):
    """How the token came to us; it decides how a student renews it."""

    PASSWORD = "password"  # noqa: S105 - a way, no secret
    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105 - a way, no secret


class MoodleConnection(Record, table=True):
    """One Moodle user of one site, with the sealed token that reads for them.

    `failure` is the sentence of what went wrong last, `failure_code` its name in adapters.
    `last_synced_at` is when the last run over everything went through. Nothing is asked of
    the site before `paused_until`, if it asked for a pause.
    """

    __table_args__ = (UniqueConstraint("site_url", "moodle_user_id"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    site_url: str = Field(max_length=300)
    site_name: str = Field(max_length=300)
    moodle_user_id: int = Field(sa_type=BigInteger)
    moodle_username: str = Field(max_length=200)
    sealed_token: str
    state: ConnectionState = Field(
        default=ConnectionState.ACTIVE,
        sa_type=one_of(ConnectionState, name="state"),
        nullable=False,
    )
    way: ConnectionWay = Field(
        default=ConnectionWay.PASSWORD,
        sa_type=one_of(ConnectionWay, name="way"),
        nullable=False,
    )
    token_obtained_at: datetime = Field(sa_type=MOMENT)
    failure: str | None = None
    failure_code: str | None = Field(default=None, max_length=60)
    paused_until: datetime | None = Field(default=None, sa_type=MOMENT)

    if (
        TYPE_CHECKING
    ):  # derived from the runs, below: a run that changed nothing writes nothing
        last_synced_at: datetime | None = None


class RunState(StrEnum):
    """How far promised background work has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class SyncRun(Record, table=True):
    """One pass over everything a connection can see, or over one course of it.

    At most one unfinished run per connection, held by a partial unique index. `claimed_by`
    is the job that carries it out; a job keeps its id when it is tried again. A run that its
    student stopped has `cancelled_at`. `unread_courses` are the Moodle ids of the courses
    that it was to read and could not; every other course that was followed then was read.
    `reading_at` is when a worker was last seen reading the text of what the run brought, or
    promised to; None: there is nothing to read.
    """

    __table_args__ = (
        Index(
            "uq_sync_run_unfinished",
            "connection_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index("ix_sync_run_account_id_created_at", "account_id", "created_at"),
        Index("ix_sync_run_connection_id_finished_at", "connection_id", "finished_at"),
        Index(
            "ix_sync_run_reading_at",
            "reading_at",
            postgresql_where=text("reading_at IS NOT NULL"),
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    connection_id: UUID = Field(foreign_key="moodleconnection.id", ondelete="CASCADE")
    course_id: UUID | None = Field(
        default=None, foreign_key="course.id", ondelete="CASCADE", index=True
    )
    state: RunState = Field(sa_type=one_of(RunState, name="state"), nullable=False)
    started_at: datetime | None = Field(default=None, sa_type=MOMENT)
    finished_at: datetime | None = Field(default=None, sa_type=MOMENT)
    beat_at: datetime = Field(sa_type=MOMENT)
    claimed_by: str | None = Field(default=None, max_length=64)
    cancelled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    reading_at: datetime | None = Field(default=None, sa_type=MOMENT)
    requests: int = 0
    courses_total: int = 0
    courses_done: int = 0
    files_total: int = 0
    files_done: int = 0
    bytes_done: int = Field(default=0, sa_type=BigInteger)
    bytes_total: int = Field(default=0, sa_type=BigInteger)
    new_count: int = 0
    changed_count: int = 0
    failed_count: int = 0
    current: str = Field(default="", max_length=400)
    failure: str | None = None
    unread_courses: list[int] = Field(default_factory=list, sa_type=ARRAY(BigInteger))


class SyncIssue(Record, table=True):
    """One thing that a run could not bring in, and why."""

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    run_id: UUID = Field(foreign_key="syncrun.id", ondelete="CASCADE", index=True)
    course_name: str = Field(max_length=400)
    item_name: str = Field(max_length=400)
    code: str = Field(max_length=60)
    sentence: str


class ChangeKind(StrEnum):
    """What happened to a material since the run before.

    BACK: Moodle lists it again. RESTRICTED: it is listed but shut, OPENED: not any more.
    """

    NEW = "new"
    CHANGED = "changed"
    RENAMED = "renamed"
    MOVED = "moved"
    GONE = "gone"
    BACK = "back"
    RESTRICTED = "restricted"
    OPENED = "opened"


class SyncChange(Record, table=True):
    """One thing that a run found different; the first run over a course records none."""

    __table_args__ = (
        Index("ix_sync_change_account_id_created_at", "account_id", "created_at"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    run_id: UUID = Field(foreign_key="syncrun.id", ondelete="CASCADE", index=True)
    course_id: UUID = Field(foreign_key="course.id", ondelete="CASCADE", index=True)
    material_id: UUID = Field(foreign_key="material.id", ondelete="CASCADE", index=True)
    what: ChangeKind = Field(sa_type=one_of(ChangeKind, name="what"), nullable=False)
    name: str = Field(max_length=400)


MoodleConnection.last_synced_at = column_property(  # pyright: ignore[reportAttributeAccessIssue]
    select(func.max(SyncRun.finished_at))
    .where(
        col(SyncRun.connection_id) == col(MoodleConnection.id),
        col(SyncRun.state) == RunState.DONE,
        col(SyncRun.course_id).is_(None),
    )
    .correlate_except(SyncRun)
    .scalar_subquery()
)
