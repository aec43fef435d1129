"""What a student chose: one row each, made with the first choice."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Notification, Preferences


async def preferences(session: AsyncSession, account_id: UUID) -> Preferences | None:
    """Return what the student chose, None before their first choice."""
    statement = select(Preferences).where(Preferences.account_id == account_id)
    return (await session.exec(statement)).one_or_none()


async def keep_preferences(
    session: AsyncSession, account_id: UUID, *, changes: Mapping[str, bool | str | int]
) -> None:
    """Write some of the choices (column: value), and leave the others as they are."""
    first = Preferences(account_id=account_id).model_dump() | dict(changes)
    statement = (
        insert(Preferences)
        .values(first)
        .on_conflict_do_update(index_elements=["account_id"], set_=changes)
    )
    await session.exec(statement)


async def stop_mail(session: AsyncSession, account_id: UUID) -> None:
    """Write that no mail is wanted, where it was."""
    statement = (
        update(Preferences)
        .where(col(Preferences.account_id) == account_id, col(Preferences.notify_by_email))
        .values(notify_by_email=False)
    )
    await session.exec(statement)


async def pass_over_unread(session: AsyncSession, account_id: UUID) -> None:
    """Leave what is in the inbox by now out of every mail."""
    statement = (
        update(Notification)
        .where(
            col(Notification.account_id) == account_id,
            col(Notification.read_at).is_(None),
            col(Notification.mailed_at).is_(None),
        )
        .values(mailed_at=col(Notification.created_at))
    )
    await session.exec(statement)
