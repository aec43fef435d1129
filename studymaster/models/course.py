"""Courses, what lies in them, and the texts read from it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel, all_, case, col, func, or_, select

from studymaster.models._base import MOMENT, Record, one_of
from studymaster.models.moodle import ChangeKind, RunState, SyncRun


class Course(Record, table=True):
    """A Moodle course as one student has it. `line` is its colour of ten, kept for good.

    `listing_sha1` names the answer from which its contents were last kept. A course is
    followed while Moodle lists it and its sync is on: then every finished run has read it,
    and `last_synced_at` is the last run that found something different. `progress` is what
    Moodle says the student has completed (percent).
    """

    __table_args__ = (UniqueConstraint("connection_id", "moodle_id"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    connection_id: UUID = Field(foreign_key="moodleconnection.id", ondelete="CASCADE")
    moodle_id: int = Field(sa_type=BigInteger, index=True)
    shortname: str = Field(max_length=255)
    fullname: str = Field(max_length=400)
    line: int = Field(ge=0, le=9)
    sync_enabled: bool = True
    listed: bool = True
    followed_since: datetime = Field(sa_type=MOMENT)
    last_synced_at: datetime | None = Field(default=None, sa_type=MOMENT)
    listing_sha1: str | None = Field(default=None, max_length=40)
    progress: float | None = None


def read_at() -> ColumnElement[datetime | None]:
    """Return when a selected course was last read.

    Every run that went through while a course was followed has read it, save those that it
    failed in; a run that finds nothing different writes nothing but itself.
    """
    newest_run = (
        select(func.max(SyncRun.finished_at))
        .where(
            SyncRun.connection_id == Course.connection_id,
            SyncRun.state == RunState.DONE,
            col(SyncRun.finished_at) >= col(Course.followed_since),
            or_(col(SyncRun.course_id).is_(None), SyncRun.course_id == Course.id),
            col(Course.moodle_id) != all_(col(SyncRun.unread_courses)),
        )
        .correlate(Course)
        .scalar_subquery()
    )
    is_followed = col(Course.listed) & col(Course.sync_enabled)
    return func.greatest(col(Course.last_synced_at), case((is_followed, newest_run)))


class CourseSection(Record, table=True):
    """A section of a course, in Moodle's own order; what is gone stays, not listed."""

    __table_args__ = (UniqueConstraint("course_id", "moodle_id"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    course_id: UUID = Field(foreign_key="course.id", ondelete="CASCADE")
    moodle_id: int = Field(sa_type=BigInteger)
    position: int = 0
    name: str = Field(max_length=400)
    summary: str = ""
    visible: bool = True
    restriction: str | None = None
    listed: bool = True


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

    `by_ocr`: its text was read from pictures of its pages, so it may hold mistakes.
    `storage_key` is set for a student's own upload, which lies in their folder and is shared
    with nobody; its name is then the SHA-1 of the account's id and the bytes.
    """

    __table_args__ = (
        Index("ix_blob_waiting", "sha1", postgresql_where=text("text_state = 'waiting'")),
    )

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
    by_ocr: bool = False


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
    """Whether a material's bytes are here.

    NONE: there is nothing to fetch. ON_DEMAND: media, fetched when the student asks for it.
    TOO_LARGE: over the limit; it is not asked for again until it has another size.
    """

    NONE = "none"
    ON_DEMAND = "on_demand"
    TOO_LARGE = "too_large"
    WAITING = "waiting"
    STORED = "stored"
    FAILED = "failed"


class Material(Record, table=True):
    """One thing in a course: a file, a page, a chapter, a glossary, a link, an activity.

    Known by (cmid, filepath, filename): Moodle's file addresses change without reason.
    `last_change` is what a sync last found different, None while it is as it first was.
    `completion` is Moodle's state (0 not done, 1 done, 2 passed, 3 failed), None where
    nothing is tracked.
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
    section_id: UUID | None = Field(
        default=None, foreign_key="coursesection.id", ondelete="SET NULL", index=True
    )
    section_name: str = Field(default="", max_length=400)
    position: int = 0
    address: str | None = None
    mimetype: str = Field(default="", max_length=160)
    size_bytes: int = Field(default=0, sa_type=BigInteger)
    modified_at: datetime | None = Field(default=None, sa_type=MOMENT)
    restriction: str | None = None
    accessible: bool = True
    listed: bool = True
    completion: int | None = None
    last_change: ChangeKind | None = Field(
        default=None, sa_type=one_of(ChangeKind, name="last_change"), nullable=True
    )
    last_change_at: datetime | None = Field(default=None, sa_type=MOMENT)
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
    EVENT = "event"


class SubmissionState(StrEnum):
    """How far a student's own work for a deadline is."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    GRADED = "graded"


class Deadline(Record, table=True):
    """A moment by which Moodle wants something.

    `closes_at` is the last moment at which Moodle still takes it. `submission` is None where
    it is not known or there is nothing to hand in.
    """

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
    opens_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closes_at: datetime | None = Field(default=None, sa_type=MOMENT)
    address: str | None = None
    submission: SubmissionState | None = Field(
        default=None, sa_type=one_of(SubmissionState, name="submission"), nullable=True
    )
    submitted_at: datetime | None = Field(default=None, sa_type=MOMENT)


class Announcement(Record, table=True):
    """What a teacher told a whole course in its news forum, as plain text."""

    __table_args__ = (
        UniqueConstraint("course_id", "discussion_id"),
        Index("ix_announcement_account_id_posted_at", "account_id", "posted_at"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    course_id: UUID = Field(foreign_key="course.id", ondelete="CASCADE")
    cmid: int = Field(sa_type=BigInteger)
    discussion_id: int = Field(sa_type=BigInteger)
    subject: str = Field(max_length=400)
    text: str = ""
    author: str = Field(default="", max_length=300)
    posted_at: datetime = Field(sa_type=MOMENT)
    address: str | None = None


class CalendarFeed(Record, table=True):
    """A private address under which a calendar program reads a student's due dates."""

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", unique=True)
    key: str = Field(max_length=64, unique=True)
