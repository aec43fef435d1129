"""Practice quizzes made from a student's own cards."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Index, String, UniqueConstraint, Uuid
from sqlmodel import Field

from studymaster.models._base import MOMENT, Record, one_of


class QuizItemKind(StrEnum):
    """How an item asks."""

    CHOICE = "choice"
    TRUE_FALSE = "true_false"
    SHORT = "short"
    MATCHING = "matching"


class Quiz(Record, table=True):
    """A practice round; it never touches the schedule of a card.

    `name` is what it was made from, as it was called then.
    """

    __table_args__ = (Index("ix_quiz_account_id_created_at", "account_id", "created_at"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    course_id: UUID | None = Field(
        default=None, foreign_key="course.id", ondelete="SET NULL", index=True
    )
    deck_id: UUID | None = Field(
        default=None, foreign_key="deck.id", ondelete="SET NULL", index=True
    )
    name: str = Field(max_length=400)
    seed: int
    finished_at: datetime | None = Field(default=None, sa_type=MOMENT)


class QuizItem(Record, table=True):
    """One question of a quiz; `answer` and `given` are texts as they were shown.

    `explanation` is the card itself in words, so that it outlives the card.

    Where things are matched, `asked` are those on the left and `matched_ids` their cards;
    `answer` and `given` are JSON lists of the options that belong to them, in their order.
    """

    __table_args__ = (UniqueConstraint("quiz_id", "position"),)

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    quiz_id: UUID = Field(foreign_key="quiz.id", ondelete="CASCADE")
    card_id: UUID | None = Field(
        default=None, foreign_key="card.id", ondelete="SET NULL", index=True
    )
    position: int
    kind: QuizItemKind = Field(sa_type=one_of(QuizItemKind, name="kind"), nullable=False)
    prompt: str
    options: list[str] = Field(
        default_factory=list[str],
        sa_type=ARRAY(String),
    )
    asked: list[str] = Field(
        default_factory=list[str],
        sa_type=ARRAY(String),
        nullable=False,
        sa_column_kwargs={"server_default": "{}"},
    )
    matched_ids: list[UUID] = Field(
        default_factory=list[UUID],
        sa_type=ARRAY(Uuid()),
        nullable=False,
        sa_column_kwargs={"server_default": "{}"},
    )
    answer: str
    explanation: str
    given: str | None = None
    right: bool | None = None
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
