"""What a run needs of all that a site lists: read lightly, written only where it differs."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import Insert
from sqlmodel import and_, col, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Announcement, Deadline


async def known(
    session: AsyncSession,
    account_id: UUID,
    *,
    table: type[Announcement | Deadline],
    names: Sequence[str],
    where: Sequence[ColumnElement[bool]],
) -> Iterable[Sequence[Any]]:
    """Return these columns of the account's rows, without rows of a table.

    A run looks at thousands of lines of which nearly all are as they were.
    """
    columns: list[ColumnElement[Any]] = [getattr(table, name) for name in names]
    statement = select_columns(*columns).where(col(table.account_id) == account_id, *where)
    connection = await session.connection()
    return await connection.execute(statement)


async def keep(
    session: AsyncSession,
    account_id: UUID,
    *,
    statement: Insert,
    rows: Sequence[Mapping[str, object]],
    key: Sequence[str],
    taken: Mapping[str, ColumnElement[Any]],
) -> set[UUID]:
    """Write rows, or what is taken of them where the account has one under the same key.

    Returns the ids of what was different.
    """
    here = statement.table.c
    differs = tuple_(*taken.values()).is_distinct_from(tuple_(*map(here.get, taken)))
    statement = statement.on_conflict_do_update(
        index_elements=key,
        set_=taken,
        where=and_(here.account_id == statement.excluded.account_id, differs),
    )
    # In one order: in two, two who write the same could wait for each other.
    ordered = sorted(rows, key=itemgetter(*key))
    values = [{**row, "account_id": account_id} for row in ordered]
    connection = await session.connection()
    found = await connection.execute(statement.returning(here.id), values)
    return set(found.scalars())
