"""Every statement on calendar feeds, and on who reads what lies under a key."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Account, CalendarFeed


class Reader(NamedTuple):
    """Whose due dates a calendar program reads, and by which clock they are told."""

    account_id: UUID
    time_zone: str


async def add(
    session: AsyncSession, account_id: UUID, *, rows: Sequence[CalendarFeed]
) -> None:
    """Write the account's calendar feed where it has none."""
    values = [{**row.model_dump(), "account_id": account_id} for row in rows]
    await session.exec(insert(CalendarFeed).on_conflict_do_nothing(), params=values)


async def find(session: AsyncSession, account_id: UUID) -> CalendarFeed | None:
    """Return the account's calendar feed, if it is switched on."""
    statement = select(CalendarFeed).where(CalendarFeed.account_id == account_id)
    return (await session.exec(statement)).one_or_none()


async def reader_by_key(session: AsyncSession, *, key: str) -> Reader | None:
    """Return whose due dates lie under a key."""
    statement = (
        select(CalendarFeed.account_id, Account.time_zone)
        .join(Account, col(Account.id) == col(CalendarFeed.account_id))
        .where(CalendarFeed.key == key)
    )
    row = (await session.exec(statement)).one_or_none()
    return row and Reader._make(row)


async def change_key(session: AsyncSession, account_id: UUID, *, key: str) -> bool:
    """Put the account's feed under another key; tell whether there is a feed."""
    statement = (
        update(CalendarFeed)
        .where(col(CalendarFeed.account_id) == account_id)
        .values(key=key)
        .returning(col(CalendarFeed.id))
    )
    return (await session.exec(statement)).first() is not None


async def remove(session: AsyncSession, account_id: UUID) -> bool:
    """Remove the account's feed; tell whether there was one."""
    statement = (
        delete(CalendarFeed)
        .where(col(CalendarFeed.account_id) == account_id)
        .returning(col(CalendarFeed.id))
    )
    return (await session.exec(statement)).first() is not None
