"""What a student chose: one row each, made with the first choice."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Preferences


async def preferences(session: AsyncSession, account_id: UUID) -> Preferences | None:
    """Return what the student chose, None before their first choice."""
    statement = select(Preferences).where(Preferences.account_id == account_id)
    return (await session.exec(statement)).one_or_none()


async def keep_preferences(
    session: AsyncSession, account_id: UUID, *, changes: dict[str, bool | str]
) -> None:
    """Write some of the choices (column: value), and leave the others as they are."""
    first = Preferences(account_id=account_id).model_dump() | changes
    statement = (
        insert(Preferences)
        .values(first)
        .on_conflict_do_update(index_elements=["account_id"], set_=changes)
    )
    await session.exec(statement)
