"""Collects rows of sample data: everything follows from a seed and a moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TypedDict
from uuid import UUID

from sqlalchemy import Engine, insert
from sqlmodel import SQLModel

from benchmarks.pdf_text import prose
from studymaster.features.accounts.rules import day_of

DAYS = 180


class Day(TypedDict):
    """When a student's day begins."""

    time_zone: str
    day_start_hour: int


DAY: Day = {"time_zone": "UTC", "day_start_hour": 4}
TEXT = prose(1, words=20_000).split()


@dataclass(slots=True)
class Pen:
    """Collects rows by table, in the order in which they have to be written."""

    dice: Random
    now: datetime
    tables: dict[type[SQLModel], list[Mapping[str, object]]] = field(
        default_factory=dict[type[SQLModel], list[Mapping[str, object]]]
    )

    def add(self, kind: type[SQLModel], /, **values: object) -> None:
        """Note a row."""
        self.tables.setdefault(kind, []).append(values)

    def id(self) -> UUID:
        """Return the next id."""
        return UUID(int=self.dice.getrandbits(128), version=4)

    def ago(self, *, most_days: float = DAYS) -> datetime:
        """Return a moment of the days before now."""
        return self.now - timedelta(days=self.dice.uniform(0.01, most_days))

    def day(self, days_ago: int) -> date:
        """Return the students' day so many days before their present one."""
        return day_of(self.now - timedelta(days=days_ago), **DAY)

    def write(self, engine: Engine) -> None:
        """Put all that was collected into the database, in one transaction."""
        with engine.begin() as connection:
            for kind, rows in self.tables.items():
                connection.execute(insert(kind), rows)
        self.tables.clear()


def words(dice: Random, count: int) -> str:
    """Return so many words of a long text, from anywhere in it."""
    start = dice.randrange(len(TEXT) - count)
    return " ".join(TEXT[start : start + count])
