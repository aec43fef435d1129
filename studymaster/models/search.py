"""Searches that a student keeps."""

from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from studymaster.models._base import Record


class SavedSearch(Record, table=True):
    """A search for cards under a name: its words, and the filters beside them as in an address.

    `deck` is the key of a course or a deck, which may be gone by now.
    """

    __table_args__ = (
        Index(
            "uq_savedsearch_account_id_name",
            "account_id",
            text("lower(name)"),
            unique=True,
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    name: str = Field(max_length=80)
    text: str = Field(default="", max_length=500)
    stage: str = Field(default="", max_length=20)
    tag: str = Field(default="", max_length=60)
    deck: str = Field(default="", max_length=60)
