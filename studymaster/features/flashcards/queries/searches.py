"""Searches that a student keeps. The account comes first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import SavedSearch


async def searches(session: AsyncSession, account_id: UUID) -> Sequence[SavedSearch]:
    """Return the kept searches by name."""
    statement = select(SavedSearch).where(col(SavedSearch.account_id) == account_id)
    by_name = (func.lower(SavedSearch.name), col(SavedSearch.id))
    return (await session.exec(statement.order_by(*by_name))).all()


async def add(session: AsyncSession, account_id: UUID, *, search: SavedSearch) -> bool:
    """Keep a search unless one has its name; tell whether."""
    row = search.model_dump() | {"account_id": account_id}
    statement = insert(SavedSearch).values(row).on_conflict_do_nothing()
    found = await session.exec(statement.returning(col(SavedSearch.id)))
    return found.one_or_none() is not None


async def search_for_update(
    session: AsyncSession, account_id: UUID, search_id: UUID
) -> SavedSearch | None:
    """Return a kept search of the account, locked until the end."""
    statement = (
        select(SavedSearch)
        .where(col(SavedSearch.id) == search_id, col(SavedSearch.account_id) == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def remove(session: AsyncSession, account_id: UUID, search_id: UUID) -> bool:
    """Forget a search; tell whether it was there."""
    statement: Any = (
        delete(SavedSearch)
        .where(col(SavedSearch.id) == search_id, col(SavedSearch.account_id) == account_id)
        .returning(col(SavedSearch.id))
    )
    return (await session.exec(statement)).one_or_none() is not None
