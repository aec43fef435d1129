"""Columns and conventions that every table shares."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Enum
from sqlalchemy.orm import class_mapper
from sqlalchemy.orm.attributes import set_attribute
from sqlmodel import Field, SQLModel

Row = TypeVar("Row", bound="Record")

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


def new_row(model: type[Row], **values: Any) -> Row:  # noqa: ANN401 - as the initialiser
    """Return a new row as the initialiser does, which checks nothing either, but far sooner.

    For what comes by the thousand: the first time that a term is read.
    """
    row: Row = class_mapper(model).class_manager.new_instance()
    for name, default in _defaults(model):
        value = values[name] if name in values else default()
        set_attribute(row, name, value)
    return row


_DEFAULTS: dict[type[SQLModel], list[tuple[str, Callable[[], object]]]] = {}


def _defaults(model: type[SQLModel]) -> list[tuple[str, Callable[[], object]]]:
    """Return how each column is filled of which nothing is said, in their order."""
    if model not in _DEFAULTS:
        _DEFAULTS[model] = [
            (name, cast("Callable[[], object]", field.default_factory))
            if field.default_factory
            else (name, partial(_same, field.default))
            for name, field in model.model_fields.items()
        ]
    return _DEFAULTS[model]


def _same(value: object) -> object:
    return value


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
