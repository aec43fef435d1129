"""Every statement on notifications. The account comes first."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Account, Mailing, Notification, Preferences
from studymaster.paging import Window


async def add(
    session: AsyncSession, account_id: UUID, *, notification: Notification
) -> bool:
    """Write a notification unless its cause was told already; tell whether it is new."""
    statement = (
        insert(Notification)
        .values({**notification.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing(index_elements=["account_id", "cause"])
        .returning(col(Notification.id))
    )
    return (await session.exec(statement)).first() is not None


async def notifications(
    session: AsyncSession, account_id: UUID, *, window: Window
) -> Sequence[Notification]:
    """Return the account's notifications, newest first."""
    statement = (
        select(Notification)
        .where(Notification.account_id == account_id)
        .order_by(col(Notification.created_at).desc(), col(Notification.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def count_unread(session: AsyncSession, account_id: UUID) -> int:
    """Return how many notifications wait to be read."""
    statement = (
        select(func.count())
        .select_from(Notification)
        .where(Notification.account_id == account_id, col(Notification.read_at).is_(None))
    )
    return (await session.exec(statement)).one()


async def newest_unread(session: AsyncSession, account_id: UUID) -> Notification | None:
    """Return the newest notification that waits to be read."""
    statement = (
        select(Notification)
        .where(Notification.account_id == account_id, col(Notification.read_at).is_(None))
        .order_by(col(Notification.created_at).desc(), col(Notification.id))
        .limit(1)
    )
    return (await session.exec(statement)).first()


async def notification_by_id(
    session: AsyncSession, account_id: UUID, *, notification_id: UUID
) -> Notification | None:
    """Return a notification if it is the account's own."""
    statement = select(Notification).where(
        Notification.id == notification_id, Notification.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def mark_read_of(
    session: AsyncSession, account_id: UUID, *, cause: str, now: datetime
) -> bool:
    """Mark as read what was told for a cause; tell whether it waited to be read."""
    statement = (
        update(Notification)
        .where(
            col(Notification.account_id) == account_id,
            col(Notification.cause) == cause,
            col(Notification.read_at).is_(None),
        )
        .values(read_at=now)
        .returning(col(Notification.id))
    )
    return (await session.exec(statement)).first() is not None


async def mark_all_read(session: AsyncSession, account_id: UUID, *, now: datetime) -> None:
    """Mark as read whatever is not."""
    statement = (
        update(Notification)
        .where(
            col(Notification.account_id) == account_id,
            col(Notification.read_at).is_(None),
        )
        .values(read_at=now)
    )
    await session.exec(statement)


async def accounts_to_mail(
    session: AsyncSession, *, now: datetime, before: datetime, limit: int
) -> list[UUID]:
    """Return who wants mail, may get one now, and has something unread from before a moment.

    Who waits longest comes first.
    """
    waits = (
        select(Notification.id)
        .where(
            col(Notification.account_id) == col(Account.id),
            col(Notification.read_at).is_(None),
            col(Notification.mailed_at).is_(None),
            col(Notification.created_at) <= before,
        )
        .exists()
    )
    statement = (
        select(Account.id)
        .join(Preferences, col(Preferences.account_id) == col(Account.id))
        .outerjoin(Mailing, col(Mailing.account_id) == col(Account.id))
        .where(
            col(Preferences.notify_by_email),
            col(Account.email).is_not(None),
            col(Account.deleting_since).is_(None),
            or_(col(Mailing.again_at).is_(None), col(Mailing.again_at) <= now),
            waits,
        )
        .order_by(col(Mailing.again_at).nulls_first(), col(Account.id))
        .limit(limit)
    )
    return list((await session.exec(statement)).all())


async def mailing_for_update(
    session: AsyncSession, account_id: UUID, *, now: datetime
) -> Mailing:
    """Return when the account may get its next mail, locked until the transaction ends."""
    first = {"account_id": account_id, "again_at": now, "tries": 0}
    await session.exec(insert(Mailing).values(first).on_conflict_do_nothing())
    statement = select(Mailing).where(Mailing.account_id == account_id).with_for_update()
    return (await session.exec(statement)).one()


async def unmailed(
    session: AsyncSession, account_id: UUID, *, limit: int
) -> Sequence[Notification]:
    """Return what is unread and went with no mail, newest first."""
    statement = (
        select(Notification)
        .where(
            Notification.account_id == account_id,
            col(Notification.read_at).is_(None),
            col(Notification.mailed_at).is_(None),
        )
        .order_by(col(Notification.created_at).desc(), col(Notification.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def mark_mailed(
    session: AsyncSession,
    account_id: UUID,
    *,
    notification_ids: Collection[UUID],
    now: datetime,
) -> None:
    """Say that these went with a mail."""
    statement = (
        update(Notification)
        .where(
            col(Notification.account_id) == account_id,
            col(Notification.id).in_(notification_ids),
        )
        .values(mailed_at=now)
    )
    await session.exec(statement)
