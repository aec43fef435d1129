"""What the person who hosts the product has to know."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record


class TaskFailure(Record, table=True):
    """A background task that ended in an error, until somebody has seen it."""

    task: str = Field(max_length=80, index=True)
    arguments: str = Field(default="", max_length=1000)
    error: str = Field(max_length=2000)
    seen_at: datetime | None = Field(default=None, sa_type=MOMENT)


class Tick(SQLModel, table=True):
    """When something that happens by itself happened last: beat and a worker are alive."""

    name: str = Field(primary_key=True, max_length=80)
    at: datetime = Field(sa_type=MOMENT)
