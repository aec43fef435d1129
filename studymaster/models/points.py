"""The ledger behind every score."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from studymaster.models._base import Record


class PointsEntry(Record, table=True):
    """Points won or lost once, for one cause; a balance is the sum of entries."""

    __table_args__ = (
        UniqueConstraint("account_id", "cause"),
        Index("ix_pointsentry_account_id_day", "account_id", "day"),
        Index("ix_pointsentry_day", "day"),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    amount: int
    cause: str = Field(max_length=120)
    sentence: str = Field(max_length=300)
    day: date
