"""Courses, what lies in them, and the texts read from it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record, one_of


class Course(Record, table=True):
    """A Moodle course as one student has it. `line` is its colour of ten, kept for good."""

    __table_args__ = (UniqueConstraint("connection_id", "moodle_id"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    connection_id: UUID = Field(foreign_key="moodleconnection.id", ondelete="CASCADE")
    moodle_id: int = Field(sa_type=BigInteger, index=True)
    shortname: str = Field(max_length=255)
    fullname: str = Field(max_length=400)
    line: int = Field(ge=0, le=9)
    sync_enabled: bool = True
    listed: bool = True
    last_synced_at: datetime | None = Field(default=None, sa_type=MOMENT)


class TextState(StrEnum):
    """What came of reading a file's text."""

    WAITING = "waiting"
    READY = "ready"
    NO_TEXT = "no_text"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    UNSUPPORTED = "unsupported"


class Blob(SQLModel, table=True):
    """Bytes in storage, named by their SHA-1 (hex), shared by everyone whose Moodle has them.

    `storage_key` is set for a student's own upload, which lies in their folder and is shared
    with nobody; its name is then the SHA-1 of the account's id and the bytes.
    """

    sha1: str = Field(primary_key=True, max_length=40)
    created_at: datetime = Field(sa_type=MOMENT)
    size_bytes: int = Field(sa_type=BigInteger)
    mimetype: str = Field(max_length=160)
    storage_key: str | None = Field(default=None, max_length=300)
    text_state: TextState = Field(
        default=TextState.WAITING,
        sa_type=one_of(TextState, name="text_state"),
        nullable=False,
    )
    page_count: int = 0


class BlobPage(SQLModel, table=True):
    """The text of one page (from 1) of a blob; a glossary has one entry a page."""

    sha1: str = Field(
        foreign_key="blob.sha1", ondelete="CASCADE", primary_key=True, max_length=40
    )
    number: int = Field(primary_key=True)
    text: str


UPLOAD = "upload"
"""What takes the place of a Moodle module's kind where a student added a file themselves."""


class MaterialKind(StrEnum):
    """What a material is to a student."""

    FILE = "file"
    PAGE = "page"
    CHAPTER = "chapter"
    GLOSSARY = "glossary"
    LINK = "link"
    NOTE = "note"
    ACTIVITY = "activity"


class FetchState(StrEnum):
    """Whether a material's bytes are here. NONE: there is nothing to fetch."""

    NONE = "none"
    WAITING = "waiting"
    STORED = "stored"
    FAILED = "failed"


class Material(Record, table=True):
    """One thing in a course: a file, a page, a chapter, a glossary, a link, an activity.

    Known by (cmid, filepath, filename): Moodle's file addresses change without reason.
    """

    __table_args__ = (
        UniqueConstraint("course_id", "cmid", "filepath", "filename"),
        Index("ix_material_account_id_blob_sha1", "account_id", "blob_sha1"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    course_id: UUID = Field(foreign_key="course.id", ondelete="CASCADE")
    cmid: int = Field(sa_type=BigInteger)
    filepath: str = Field(default="", max_length=1000)
    filename: str = Field(default="", max_length=400)
    kind: MaterialKind = Field(sa_type=one_of(MaterialKind, name="kind"), nullable=False)
    modname: str = Field(max_length=60)
    name: str = Field(max_length=400)
    section_name: str = Field(default="", max_length=400)
    position: int = 0
    address: str | None = None
    mimetype: str = Field(default="", max_length=160)
    size_bytes: int = Field(default=0, sa_type=BigInteger)
    modified_at: datetime | None = Field(default=None, sa_type=MOMENT)
    restriction: str | None = None
    listed: bool = True
    fetch_state: FetchState = Field(
        default=FetchState.NONE,
        sa_type=one_of(FetchState, name="fetch_state"),
        nullable=False,
    )
    failure: str | None = None
    blob_sha1: str | None = Field(default=None, foreign_key="blob.sha1", max_length=40)
    changed_at: datetime = Field(sa_type=MOMENT)
    opened_at: datetime | None = Field(default=None, sa_type=MOMENT)


class DeadlineKind(StrEnum):
    """What is due."""

    ASSIGNMENT = "assignment"
    QUIZ = "quiz"


class Deadline(Record, table=True):
    """A moment by which Moodle wants something."""

    __table_args__ = (
        UniqueConstraint("course_id", "kind", "cmid"),
        Index("ix_deadline_account_id_due_at", "account_id", "due_at"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    course_id: UUID = Field(foreign_key="course.id", ondelete="CASCADE")
    cmid: int = Field(sa_type=BigInteger)
    kind: DeadlineKind = Field(sa_type=one_of(DeadlineKind, name="kind"), nullable=False)
    title: str = Field(max_length=400)
    due_at: datetime = Field(sa_type=MOMENT)
