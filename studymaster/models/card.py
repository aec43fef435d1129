"""Decks, cards with their cited page, proposals, and the log of every review."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Float,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from studymaster.models._base import MOMENT, Record, one_of
from studymaster.models.moodle import RunState


class DeckScheduler(StrEnum):
    """By what a deck brings its cards back."""

    SM2 = "sm2"
    FSRS = "fsrs"


class NewOrder(StrEnum):
    """In which order a deck shows its new cards."""

    LECTURE = "lecture"
    RANDOM = "random"


class DueOrder(StrEnum):
    """In which order a deck shows the cards that are due."""

    OLDEST = "oldest"
    RANDOM = "random"
    RETRIEVABILITY = "retrievability"


class Deck(Record, table=True):
    """A pile of cards: one for each course, and those a student made (without a course).

    `retention` is the share of cards, in percent, that shall be known on their day; only
    FSRS asks for it. `new_per_day` and `reviews_per_day` limit a day; the `_today` ones
    stand in for them on `limits_on`. `steps` and `relearning_steps` are minutes with spaces
    between: after them a new or a forgotten card comes again on its day. A card is a leech
    at `leech_at` lapses (0: never). `parameters` are those of FSRS by which its cards stand
    (none: the published ones). `language` is what its cards are read aloud in (a
    BCP 47 tag; empty: as the browser finds).
    """

    __table_args__ = (
        UniqueConstraint("account_id", "course_id"),
        CheckConstraint("retention BETWEEN 70 AND 97", name="retention_in_bounds"),
        CheckConstraint("new_per_day BETWEEN 0 AND 9999", name="new_in_bounds"),
        CheckConstraint("reviews_per_day BETWEEN 0 AND 9999", name="reviews_in_bounds"),
        CheckConstraint("leech_at BETWEEN 0 AND 99", name="leech_in_bounds"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    course_id: UUID | None = Field(
        default=None, foreign_key="course.id", ondelete="SET NULL"
    )
    name: str = Field(max_length=400)
    scheduler: DeckScheduler = Field(
        default=DeckScheduler.SM2,
        sa_type=one_of(DeckScheduler, name="scheduler"),
        nullable=False,
        sa_column_kwargs={"server_default": DeckScheduler.SM2.value},
    )
    retention: int = Field(default=90, sa_column_kwargs={"server_default": "90"})
    parameters: list[float] = Field(
        default_factory=list[float],
        sa_type=ARRAY(Float),
        nullable=False,
        sa_column_kwargs={"server_default": "{}"},
    )
    new_per_day: int = Field(default=20, sa_column_kwargs={"server_default": "20"})
    reviews_per_day: int = Field(default=200, sa_column_kwargs={"server_default": "200"})
    new_today: int | None = None
    reviews_today: int | None = None
    limits_on: date | None = None
    new_order: NewOrder = Field(
        default=NewOrder.LECTURE,
        sa_type=one_of(NewOrder, name="new_order"),
        nullable=False,
        sa_column_kwargs={"server_default": NewOrder.LECTURE.value},
    )
    due_order: DueOrder = Field(
        default=DueOrder.OLDEST,
        sa_type=one_of(DueOrder, name="due_order"),
        nullable=False,
        sa_column_kwargs={"server_default": DueOrder.OLDEST.value},
    )
    steps: str = Field(default="", max_length=80, sa_column_kwargs={"server_default": ""})
    relearning_steps: str = Field(
        default="", max_length=80, sa_column_kwargs={"server_default": ""}
    )
    bury_siblings: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    leech_at: int = Field(default=8, sa_column_kwargs={"server_default": "8"})
    leech_suspends: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    language: str = Field(
        default="", max_length=35, sa_column_kwargs={"server_default": ""}
    )


class CardKind(StrEnum):
    """How a card asks."""

    BASIC = "basic"
    CLOZE = "cloze"
    TYPED = "typed"
    OCCLUSION = "occlusion"


KNOWN = "interval_days > 0 AND suspended_at IS NULL"
UNKNOWN = "interval_days = 0 AND suspended_at IS NULL"


class Card(Record, table=True):
    """One question with its answer, its source, and its place in the schedule of its deck.

    `easiness` is the SM-2 factor in hundredths. `stability` (days until nine in ten would
    still know it), `difficulty` (1 to 10) and `reviewed_on` are what FSRS knows of it, and
    missing in a deck that goes by SM-2. `turn` counts the reviews, so that a repeated
    message is recognised. A card with `suspended_at` is never asked, one with
    `buried_until` not before that day. `flag` is the colour a student marked it with, 1 to 7
    as in Anki, or 0. `lapses` counts how often it was forgotten once it was known.

    Cards of one note share `note_id` (none: it stands alone) and differ by `ordinal`: of a
    reversed pair 0 and 1, of a cloze or a covered picture the number of the gap. Then
    `front` is the whole text with all gaps; 0 asks the only one. `masks` are the covered
    places of a picture, `extra` is shown under the answer, and `guid` is what another
    program calls the note; `trace` is what it said when it came from there or went there:
    the digest of its fields, a colon, the digest of our text. In a drill, `drill_at` is when
    it comes again and `drill_step` which of the steps of its deck that is: those of a new
    card count from 0 up, those of a forgotten one from -1 down. A card without an interval
    is new. `ahead_on` is the day on which the plan of an exam wants it, be it due then or not.
    """

    __table_args__ = (
        CheckConstraint("easiness >= 130", name="easiness_floor"),
        CheckConstraint(
            "num_nulls(stability, difficulty, reviewed_on) IN (0, 3)", name="memory_whole"
        ),
        CheckConstraint("flag BETWEEN 0 AND 7", name="flag_known"),
        CheckConstraint("lapses >= 0", name="lapses_counted"),
        Index("ix_card_account_id_due_on", "account_id", "due_on"),
        Index("ix_card_account_id_drill_on", "account_id", "drill_on"),
        Index("ix_card_account_id_created_at", "account_id", "created_at"),
        Index(
            "ix_card_due",
            "deck_id",
            "due_on",
            "created_at",
            "page",
            "id",
            postgresql_where=text(KNOWN),
        ),
        Index(
            "ix_card_new",
            "deck_id",
            "created_at",
            "page",
            "id",
            postgresql_where=text(UNKNOWN),
        ),
        Index(
            "ix_card_new_of_material",
            "deck_id",
            "material_id",
            "page",
            "created_at",
            "id",
            postgresql_where=text(UNKNOWN),
        ),
        Index(
            "ix_card_ahead",
            "account_id",
            "ahead_on",
            postgresql_where=text("ahead_on IS NOT NULL"),
        ),
        Index("ix_card_tags", "tags", postgresql_using="gin"),
        Index("ix_card_note_id", "note_id", postgresql_where=text("note_id IS NOT NULL")),
        Index(
            "ix_card_account_id_guid",
            "account_id",
            "guid",
            postgresql_where=text("guid IS NOT NULL"),
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
    stability: float | None = None
    difficulty: float | None = None
    reviewed_on: date | None = None
    turn: int = 0
    last_reviewed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    suspended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    tags: list[str] = Field(
        default_factory=list[str],
        sa_type=ARRAY(String(60)),
        sa_column_kwargs={"server_default": "{}"},
    )
    flag: int = Field(
        default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"}
    )
    note_id: UUID | None = None
    ordinal: int = Field(
        default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"}
    )
    guid: str | None = Field(default=None, max_length=64)
    trace: str | None = Field(default=None, max_length=40)
    masks: str | None = None
    extra: str = Field(default="", sa_column_kwargs={"server_default": ""})
    buried_until: date | None = None
    lapses: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    drill_at: datetime | None = Field(default=None, sa_type=MOMENT)
    drill_step: int = Field(
        default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"}
    )
    ahead_on: date | None = None


class CardMedia(Record, table=True):
    """A picture or a sound that cards of a student name, kept in storage by its hash.

    In a card stands `![words](name)` or, as in Anki, `[sound:name]`. `unused_since` is when
    it was first seen that no card names it.
    """

    __table_args__ = (UniqueConstraint("account_id", "name"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    name: str = Field(max_length=200)
    sha1: str = Field(max_length=40)
    mimetype: str = Field(max_length=120)
    size_bytes: int = Field(sa_type=BigInteger)
    unused_since: datetime | None = Field(default=None, sa_type=MOMENT)


class CardUndo(Record, table=True):
    """One step of a student that can be taken back, the newest first.

    `before` holds the rows of its cards as they were, `made` the cards that it made, `logs`
    the lines of the log that it wrote, and `sentence` what was done.
    """

    __table_args__ = (
        Index("ix_cardundo_account_id_created_at", "account_id", "created_at"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    day: date
    sentence: str = Field(max_length=200)
    before: list[dict[str, Any]] = Field(sa_type=JSONB)
    made: list[UUID] = Field(
        default_factory=list[UUID],
        sa_type=ARRAY(Uuid()),
        sa_column_kwargs={"server_default": "{}"},
    )
    logs: list[UUID] = Field(
        default_factory=list[UUID],
        sa_type=ARRAY(Uuid()),
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


class LogKind(StrEnum):
    """What a line of the log tells: an answer, or a day that was set or forgotten by hand."""

    REVIEW = "review"
    SET_DUE = "set_due"
    RESET = "reset"


class ReviewLog(Record, table=True):
    """One answer: what was graded, and where the card stood before and after.

    A line that is no answer (see `kind`) has the grade 0; that of a day set by hand says in
    `due_on_after` which.
    `card_id` is no foreign key: a student who deletes a card keeps the days they learnt it.
    """

    __table_args__ = (
        UniqueConstraint("card_id", "turn"),
        Index(
            "ix_reviewlog_account_id_day",
            "account_id",
            "day",
            # What statistics and searches ask of many lines at once.
            postgresql_include=[
                "card_id",
                "grade",
                "kind",
                "drill",
                "interval_before",
                "elapsed_ms",
                "created_at",
            ],
        ),
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
    kind: LogKind = Field(
        default=LogKind.REVIEW,
        sa_type=one_of(LogKind, name="kind"),
        nullable=False,
        sa_column_kwargs={"server_default": LogKind.REVIEW.value},
    )
    due_on_after: date | None = None
