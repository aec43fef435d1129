"""Notes, and the voice memos that belong to them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from studymaster.models._base import MOMENT, Record, one_of
from studymaster.models.moodle import RunState


class NoteKind(StrEnum):
    """What a note is to its student."""

    THOUGHT = "thought"
    TODO = "todo"
    QUESTION = "question"
    STUDY = "study"


class Note(Record, table=True):
    """Markdown; title and tags are read from it.

    `version` counts the saves, so that two tabs notice each other. `material_id` is the note
    as a source of cards, once some were made from it; `copy_of_id` is the note that another
    device changed while these words were typed into it.
    """

    __table_args__ = (
        Index("ix_note_account_id_updated_at", "account_id", "updated_at"),
        Index("ix_note_tags", "tags", postgresql_using="gin"),
        Index(
            "ix_note_words",
            text(
                "to_tsvector('simple'::regconfig, (title::text || ' '::text) || text::text)"
            ),
            postgresql_using="gin",
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    course_id: UUID | None = Field(
        default=None, foreign_key="course.id", ondelete="SET NULL", index=True
    )
    kind: NoteKind = Field(
        default=NoteKind.THOUGHT, sa_type=one_of(NoteKind, name="kind"), nullable=False
    )
    title: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=100_000)
    tags: list[str] = Field(
        default_factory=list[str],
        sa_type=ARRAY(String(60)),
        sa_column_kwargs={"server_default": "{}"},
    )
    material_id: UUID | None = Field(
        default=None, foreign_key="material.id", ondelete="SET NULL", index=True
    )
    copy_of_id: UUID | None = Field(
        default=None, foreign_key="note.id", ondelete="SET NULL", index=True
    )
    version: int = 1
    updated_at: datetime = Field(sa_type=MOMENT)
    done_at: datetime | None = Field(default=None, sa_type=MOMENT)
    pinned: bool = False
    deleted_at: datetime | None = Field(default=None, sa_type=MOMENT)


class VoiceMemo(Record, table=True):
    """A recording; `transcript_state` is None as long as nobody asked for its words."""

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    note_id: UUID = Field(foreign_key="note.id", ondelete="CASCADE", index=True)
    storage_key: str = Field(max_length=300)
    mimetype: str = Field(max_length=160)
    size_bytes: int = Field(sa_type=BigInteger)
    seconds: int = 0
    transcript_state: RunState | None = Field(
        default=None, sa_type=one_of(RunState, name="transcript_state"), nullable=True
    )
    transcript: str = ""
    failure: str | None = None
    beat_at: datetime | None = Field(default=None, sa_type=MOMENT)
