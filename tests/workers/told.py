"""Reads what the host is told of tasks that broke."""

from collections.abc import Sequence

from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.models import TaskFailure


async def host_was_told() -> Sequence[TaskFailure]:
    """Return the failures that are kept, by whom they are about."""
    async with unit_of_work() as work:
        statement = select(TaskFailure).order_by(col(TaskFailure.arguments))
        return (await work.session.exec(statement)).all()
