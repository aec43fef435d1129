"""Columns and conventions that every table shares."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Enum
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

MOMENT = DateTime(timezone=True)


class Record(SQLModel):
    """A row with an opaque id and its moment of creation (UTC)."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(sa_type=MOMENT)


def one_of(choices: type[StrEnum], *, name: str) -> Enum:
    """Return a text column that the database holds to the members of `choices`."""
    return Enum(
        choices,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=_values,
    )


def _values(choices: type[StrEnum]) -> list[str]:
    return [choice.value for choice in choices]
