"""The rows that are a student's own, table by table, and the exports they asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Column, RowMapping, Table, or_, tuple_
from sqlalchemy import select as choose
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.accounts.rules import exports as rules
from studymaster.models import Blob, Export, GroupMember, Material, RunState
from studymaster.paging import Window

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


async def add(session: AsyncSession, account_id: UUID, *, export: Export) -> bool:
    """Write a promise unless one is open; tell whether it was written."""
    statement = (
        insert(Export)
        .values({**export.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing()
        .returning(col(Export.id))
    )
    return (await session.exec(statement)).first() is not None


async def unfinished(session: AsyncSession, account_id: UUID) -> Export | None:
    """Return the promise that is open."""
    statement = select(Export).where(
        Export.account_id == account_id, col(Export.state).in_(UNFINISHED)
    )
    return (await session.exec(statement)).one_or_none()


async def export_by_id(
    session: AsyncSession, account_id: UUID, *, export_id: UUID
) -> Export | None:
    """Return an export if it is the account's own."""
    statement = select(Export).where(
        Export.id == export_id, Export.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def export_for_update(
    session: AsyncSession, account_id: UUID, *, export_id: UUID
) -> Export | None:
    """Return an export, locked until the transaction ends."""
    statement = (
        select(Export)
        .where(Export.id == export_id, Export.account_id == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def exports(
    session: AsyncSession, account_id: UUID, *, window: Window
) -> Sequence[Export]:
    """Return the account's exports, newest first."""
    statement = (
        select(Export)
        .where(Export.account_id == account_id)
        .order_by(col(Export.created_at).desc(), col(Export.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def silent_exports(session: AsyncSession, *, before: datetime) -> Sequence[Export]:
    """Return everybody's promises without a sign of life since `before`."""
    statement = (
        select(Export)
        .where(col(Export.state).in_(UNFINISHED), col(Export.beat_at) < before)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(statement)).all()


async def old_exports(
    session: AsyncSession, *, before: datetime, most: int
) -> Sequence[Export]:
    """Return everybody's finished exports that were asked for before a moment."""
    statement = (
        select(Export)
        .where(col(Export.state).not_in(UNFINISHED), col(Export.created_at) < before)
        .order_by(col(Export.created_at))
        .limit(most)
    )
    return (await session.exec(statement)).all()


async def own_rows(
    session: AsyncSession,
    account_id: UUID,
    *,
    table: str,
    after: Sequence[object] | None,
    most: int,
) -> Sequence[RowMapping]:
    """Return rows of a table that are the account's, in the order of its primary key.

    `after` is the key of the last row that was seen, None at the beginning.
    """
    source = SQLModel.metadata.tables[table]
    owners = _is_own(source, account_id)
    keys = _key_columns(source)
    statement = choose(source).where(or_(*owners)).order_by(*keys).limit(most)
    if after is not None:
        statement = statement.where(tuple_(*keys) > tuple_(*after))
    connection = await session.connection()
    return (await connection.execute(statement)).mappings().all()


async def own_uploads(
    session: AsyncSession, account_id: UUID
) -> Sequence[tuple[str, str, UUID]]:
    """Return storage key, file name and material of each file the account uploaded."""
    statement = (
        select(col(Blob.storage_key), Material.filename, Material.id)
        .join(Material, col(Material.blob_sha1) == col(Blob.sha1))
        .where(Material.account_id == account_id, col(Blob.storage_key).is_not(None))
        .order_by(col(Material.id))
    )
    rows = (await session.exec(statement)).all()
    return [(key, name, material) for key, name, material in rows if key]


def _key_columns(table: Table) -> list[Column[object]]:
    """Return the primary key of a table."""
    return cast("list[Column[object]]", list(table.primary_key.columns))


def key_of(table: str, row: RowMapping) -> tuple[object, ...]:
    """Return the primary key of a row."""
    keys = _key_columns(SQLModel.metadata.tables[table])
    return tuple(row[key.name] for key in keys)


def _owner_columns(table: Table) -> tuple[str, ...]:
    """Return the columns that say whose a row is; empty for a table of nobody's."""
    if table.name in rules.OWNERS:
        return rules.OWNERS[table.name]
    owner = table.c.get(rules.OWNER)
    return (rules.OWNER,) if owner is not None else ()


def _is_own(table: Table, account_id: UUID) -> list[ColumnElement[bool]]:
    """Return what makes a row the account's: any of these."""
    if table.name == rules.GROUPS:
        places = choose(col(GroupMember.group_id)).where(
            col(GroupMember.account_id) == account_id
        )
        return [table.c.id.in_(places)]
    return [table.c[name] == account_id for name in _owner_columns(table)]


def exported_tables() -> list[str]:
    """Return the names of all tables that hold rows of students."""
    tables = SQLModel.metadata.tables.values()
    return sorted(
        table.name
        for table in tables
        if table.name not in rules.NOT_EXPORTED
        and (table.name == rules.GROUPS or _owner_columns(table))
    )
