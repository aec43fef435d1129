"""Decks, cards with their cited page, proposals, and the log of every review."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, String, UniqueConstraint, text
from sqlmodel import Field

from studymaster.models._base import MOMENT, Record, one_of
from studymaster.models.moodle import RunState


class Deck(Record, table=True):
    """A pile of cards: one for each course, and those a student made (without a course)."""

    __table_args__ = (UniqueConstraint("account_id", "course_id"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    course_id: UUID | None = Field(
        default=None, foreign_key="course.id", ondelete="SET NULL"
    )
    name: str = Field(max_length=400)


class CardKind(StrEnum):
    """How a card asks."""

    BASIC = "basic"
    CLOZE = "cloze"


class Card(Record, table=True):
    """One question with its answer, its source, and its place in the SM-2 schedule.

    `easiness` is the SM-2 factor in hundredths; `turn` counts the reviews, so that a
    repeated message is recognised. A card with `suspended_at` is never asked.
    """

    __table_args__ = (
        CheckConstraint("easiness >= 130", name="easiness_floor"),
        Index("ix_card_account_id_due_on", "account_id", "due_on"),
        Index("ix_card_account_id_drill_on", "account_id", "drill_on"),
        Index("ix_card_account_id_created_at", "account_id", "created_at"),
        Index("ix_card_tags", "tags", postgresql_using="gin"),
        Index(
            "ix_card_words",
            text(
                "to_tsvector('simple'::regconfig, (front::text || ' '::text) || back::text)"
            ),
            postgresql_using="gin",
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    deck_id: UUID = Field(foreign_key="deck.id", ondelete="CASCADE", index=True)
    kind: CardKind = Field(sa_type=one_of(CardKind, name="kind"), nullable=False)
    front: str
    back: str
    material_id: UUID | None = Field(
        default=None, foreign_key="material.id", ondelete="SET NULL", index=True
    )
    blob_sha1: str | None = Field(default=None, foreign_key="blob.sha1", max_length=40)
    page: int | None = None
    quote: str | None = None
    easiness: int = 250
    interval_days: int = 0
    repetitions: int = 0
    due_on: date
    drill_on: date | None = None
    turn: int = 0
    last_reviewed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    suspended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    tags: list[str] = Field(
        default_factory=list[str],
        sa_type=ARRAY(String(60)),
        sa_column_kwargs={"server_default": "{}"},
    )


class ProposalMaker(StrEnum):
    """Who wrote a proposal."""

    RULES = "rules"
    MODEL = "model"


class Generation(Record, table=True):
    """Promised work: make proposals from one material. One unfinished per material.

    `unasked`: a sync wanted it, not the student, who is told when it is done.
    """

    __table_args__ = (
        Index(
            "uq_generation_unfinished",
            "material_id",
            unique=True,
            postgresql_where="state IN ('queued', 'running')",
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    material_id: UUID = Field(foreign_key="material.id", ondelete="CASCADE", index=True)
    state: RunState = Field(sa_type=one_of(RunState, name="state"), nullable=False)
    beat_at: datetime = Field(sa_type=MOMENT)
    maker: ProposalMaker = Field(
        default=ProposalMaker.RULES,
        sa_type=one_of(ProposalMaker, name="maker"),
        nullable=False,
    )
    unasked: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    found_count: int = 0
    refused_count: int = 0
    failure: str | None = None


class ProposalState(StrEnum):
    """What the student decided."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Proposal(Record, table=True):
    """A card that waits for the student's word; its quote stands on its page."""

    __table_args__ = (
        Index("ix_proposal_account_id_material_id", "account_id", "material_id"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    material_id: UUID = Field(foreign_key="material.id", ondelete="CASCADE")
    generation_id: UUID = Field(foreign_key="generation.id", ondelete="CASCADE", index=True)
    position: int
    kind: CardKind = Field(sa_type=one_of(CardKind, name="kind"), nullable=False)
    front: str
    back: str
    blob_sha1: str = Field(foreign_key="blob.sha1", max_length=40)
    page: int
    quote: str
    state: ProposalState = Field(
        default=ProposalState.OPEN,
        sa_type=one_of(ProposalState, name="state"),
        nullable=False,
    )
    card_id: UUID | None = Field(default=None, foreign_key="card.id", ondelete="SET NULL")


class ReviewLog(Record, table=True):
    """One answer: what was graded, and where the card stood before and after.

    `card_id` is no foreign key: a student who deletes a card keeps the days they learnt it.
    """

    __table_args__ = (
        UniqueConstraint("card_id", "turn"),
        Index("ix_reviewlog_account_id_day", "account_id", "day"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    card_id: UUID
    turn: int
    grade: int
    day: date
    drill: bool
    elapsed_ms: int
    easiness_before: int
    easiness_after: int
    interval_before: int
    interval_after: int
    repetitions_before: int
    repetitions_after: int
