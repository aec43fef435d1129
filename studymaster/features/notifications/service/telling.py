"""Telling a student something, and their inbox."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts import service as accounts
from studymaster.features.notifications import queries
from studymaster.features.notifications.schemas import Bell, Notice, NotificationView
from studymaster.models import Notification, NotificationKind
from studymaster.paging import Stretch, Window, stretch

TITLE_LENGTH = 200
TEXT_LENGTH = 1000
NO_NOTIFICATION = "That notification is not in your inbox any more."


async def notify(
    work: UnitOfWork, *, account_id: UUID, notice: Notice, now: datetime
) -> bool:
    """Tell a student once per cause, unless they switched the kind off.

    What concerns the account itself is always told. Returns whether it was told now.
    """
    if not await _is_wanted(work, account_id, notice.kind):
        return False
    row = Notification(
        account_id=account_id,
        kind=notice.kind,
        title=notice.title[:TITLE_LENGTH],
        text=notice.text[:TEXT_LENGTH],
        path=notice.path,
        cause=notice.cause,
        created_at=now,
    )
    if not await queries.add(work.session, account_id, notification=row):
        return False
    work.announce(news_for(account_id, Topic.NOTIFICATIONS, subject=str(row.id)))
    return True


async def settle(work: UnitOfWork, *, account_id: UUID, cause: str, now: datetime) -> None:
    """Let what was told for a cause wait no more: it was answered, or is so no longer."""
    if await queries.mark_read_of(work.session, account_id, cause=cause, now=now):
        work.announce(news_for(account_id, Topic.NOTIFICATIONS))


async def _is_wanted(work: UnitOfWork, account_id: UUID, kind: NotificationKind) -> bool:
    if kind is NotificationKind.ACCOUNT:
        return True
    chosen = await accounts.preferences(work, account_id=account_id)
    return bool(getattr(chosen, f"notify_{kind.value}"))


async def inbox(
    work: UnitOfWork, *, account_id: UUID, window: Window
) -> Stretch[NotificationView]:
    """Return a part of the inbox, newest first."""
    rows = await queries.notifications(work.session, account_id, window=window)
    return stretch([_view(row) for row in rows], window=window)


def _view(row: Notification) -> NotificationView:
    return NotificationView(
        id=str(row.id),
        kind=row.kind.value,
        title=row.title,
        text=row.text,
        path=row.path,
        created_at=row.created_at.isoformat(),
        read=row.read_at is not None,
    )


async def bell(work: UnitOfWork, *, account_id: UUID) -> Bell:
    """Return how many notifications are unread, and the newest of them."""
    newest = await queries.newest_unread(work.session, account_id)
    if newest is None:
        return Bell(looked=True)
    return Bell(
        looked=True,
        newest_at=newest.created_at.isoformat(),
        unread=await queries.count_unread(work.session, account_id),
        newest_id=str(newest.id),
        newest_title=newest.title,
        newest_text=newest.text,
        newest_path=newest.path,
    )


async def mark_read(
    work: UnitOfWork, *, account_id: UUID, notification_id: UUID, now: datetime
) -> NotificationView:
    """Mark one notification as read, and return it.

    Raises:
        NotFoundError: it is another student's, or never was.
    """
    row = await queries.notification_by_id(
        work.session, account_id, notification_id=notification_id
    )
    if row is None:
        raise NotFoundError(NO_NOTIFICATION)
    if row.read_at is None:
        row.read_at = now
        work.announce(news_for(account_id, Topic.NOTIFICATIONS))
    return _view(row)


async def mark_all_read(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Mark the whole inbox as read."""
    await queries.mark_all_read(work.session, account_id, now=now)
    work.announce(news_for(account_id, Topic.NOTIFICATIONS))
