"""One row of a student's in every table there is, however many tables there will be."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Enum, Table
from sqlmodel import SQLModel

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import Own, get_storage, own_key
from studymaster.features.accounts.schemas import Student
from studymaster.models import CardMedia
from tests.conftest import NOON

BYTES = b"what the student made"
SECRET = "nobody-may-read-this"
NOT_MADE = {"account", "tick"}
"""The students are there already; a tick is nobody's."""

FITTING: dict[str, dict[str, object]] = {
    "resource": {"moodle_course_id": None},
    "focussession": {"resumed_at": NOON},
    "cardmedia": {"sha1": "ab" * 20},
    "cardundo": {"before": []},
    "transfer": {"options": {}, "report": {}},
}
"""What a table's own rules ask for."""

BY_TYPE: dict[type, object] = {
    bool: False,
    int: 1,
    float: 1.0,
    datetime: NOON,
    date: NOON.date(),
    dict: {},
    list: [],
}
SECRETS = ("sealed_token", "ai_sealed_key", "password_hash")
numbers = count(1)


@dataclass(slots=True)
class Maker:
    """Makes rows of one student; a second student stands at the other end of pairs."""

    student: Student
    other: Student
    keys: dict[str, dict[str, object]]

    def row(self, kind: type[SQLModel], table: Table) -> SQLModel:
        values = {
            column.name: self.value(column)
            for column in table.columns
            if self.is_needed(kind, column)
        }
        return kind(**values | FITTING.get(table.name, {}))

    def is_needed(self, kind: type[SQLModel], column: Column[Any]) -> bool:
        named = column.name in {"storage_key", *SECRETS}
        required = kind.model_fields[column.name].is_required()
        return required or named or bool(column.foreign_keys) or column.primary_key

    def value(self, column: Column[Any]) -> object:
        for key in column.foreign_keys:
            return self.named(column, key.column)
        if column.name == "storage_key" and column.table.name == "resource":
            return f"shared/resources/{uuid4()}.bin"
        if column.name == "storage_key":
            return f"users/{self.student.account_id}/notes/{uuid4()}.bin"
        if column.name in SECRETS:
            return SECRET
        return plain(column)

    def named(self, column: Column[Any], other: Column[Any]) -> object:
        if other.table.name == "account":
            return self.account(column)
        if other.table is column.table:
            return None  # the first row of a kind has none of its kind to name
        return self.keys[other.table.name].get(other.name)

    def account(self, column: Column[Any]) -> UUID:
        ends = {"asked_id", "blocked_id", "buddy_id"}
        who = self.other if column.name in ends else self.student
        return who.account_id


def plain(column: Column[Any]) -> object:
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class or []))
    kind = column.type.python_type
    if kind is UUID:
        return uuid4()
    if kind in {str, object}:  # SQLModel's own text says no kind
        longest = getattr(column.type, "length", None) or 60
        return f"{next(numbers)} {column.name}"[:longest]
    return BY_TYPE[kind]


async def make_everything(student: Student, other: Student) -> None:
    """Put one row of each table into the database, and bytes under each key."""
    kinds = {
        mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers
    }
    maker = Maker(student, other, {"account": {"id": student.account_id}})
    for table in SQLModel.metadata.sorted_tables:
        if table.name in NOT_MADE:
            continue
        row = maker.row(kinds[table.name], table)
        maker.keys[table.name] = row.model_dump()
        async with unit_of_work() as work:
            work.session.add(row)
        key = storage_key(row)
        if key:
            await get_storage().put_bytes(BYTES, key)


def storage_key(row: SQLModel) -> str | None:
    if isinstance(row, CardMedia):
        return own_key(row.account_id, Own.MEDIA, row.sha1)
    return getattr(row, "storage_key", None)
