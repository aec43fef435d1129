"""Files of cards that come from other programs or go to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from studymaster.models._base import MOMENT, Record, one_of
from studymaster.models.moodle import RunState


class TransferStep(StrEnum):
    """What is done with a file: looked at before it is taken, taken, or written."""

    LOOK = "look"
    TAKE = "take"
    GIVE = "give"


class TransferForm(StrEnum):
    """What kind of file it is: a package of Anki, or a table."""

    APKG = "apkg"
    CSV = "csv"


class Transfer(Record, table=True):
    """Promised work: one file of cards, in or out. At most one unfinished each.

    `options` are what the student chose, `report` what came of it. An import that died goes
    on behind `position`, the last note that is in.
    """

    __table_args__ = (
        Index(
            "uq_transfer_unfinished",
            "account_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index("ix_transfer_account_id_created_at", "account_id", "created_at"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    step: TransferStep = Field(sa_type=one_of(TransferStep, name="step"), nullable=False)
    form: TransferForm = Field(sa_type=one_of(TransferForm, name="form"), nullable=False)
    state: RunState = Field(sa_type=one_of(RunState, name="state"), nullable=False)
    beat_at: datetime = Field(sa_type=MOMENT)
    name: str = Field(max_length=200)
    storage_key: str = Field(default="", max_length=300)
    size_bytes: int = Field(default=0, sa_type=BigInteger)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    report: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    position: int = Field(default=0, sa_type=BigInteger)
    done: int = 0
    total: int = 0
    failure: str | None = None
