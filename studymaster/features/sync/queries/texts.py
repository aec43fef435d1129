"""Every statement on bytes and their text; bytes belong to nobody, materials do."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from studymaster.models import Blob, Material, SyncRun, TextState


async def bytes_here(session: AsyncSession, *, sha1s: Collection[str]) -> set[str]:
    """Return which of these bytes are stored."""
    statement = select(Blob.sha1).where(col(Blob.sha1).in_(sha1s))
    return set((await session.exec(statement)).all())


async def read_again(session: AsyncSession, *, sha1s: Collection[str]) -> None:
    """Have text looked for once more where there was none to be had on this host."""
    if not sha1s:
        return
    await session.exec(
        update(Blob)
        .where(col(Blob.sha1).in_(sha1s), col(Blob.text_state) == TextState.UNSUPPORTED)
        .values(text_state=TextState.WAITING)
    )


async def has_unread(session: AsyncSession, account_id: UUID) -> bool:
    """Tell whether the text of anything that the account has is still to be read."""
    statement = select(_unread(account_id).exists())
    return (await session.exec(statement)).one()


async def unread(session: AsyncSession, account_id: UUID) -> Sequence[tuple[str, str]]:
    """Return what the account has whose text is still to be read: its SHA-1 and media type.

    Accounts have orders of their own: two that read at the same time share the work.
    """
    own_order = func.md5(func.concat(col(Blob.sha1), str(account_id)))
    statement = (
        select(Blob.sha1, Blob.mimetype)
        .where(col(Blob.sha1).in_(_unread(account_id)))
        .order_by(own_order)
    )
    return (await session.exec(statement)).all()


def _unread(account_id: UUID) -> SelectOfScalar[str]:
    return (
        select(Blob.sha1)
        .join(Material, col(Material.blob_sha1) == col(Blob.sha1))
        .where(Material.account_id == account_id, col(Blob.text_state) == TextState.WAITING)
    )


async def still_unread(session: AsyncSession, *, sha1s: Collection[str]) -> set[str]:
    """Return which of these bytes nobody has read meanwhile."""
    statement = select(Blob.sha1).where(
        col(Blob.sha1).in_(sha1s), col(Blob.text_state) == TextState.WAITING
    )
    return set((await session.exec(statement)).all())


async def count_unread(session: AsyncSession, account_id: UUID) -> int:
    """Count what the account has whose text is still to be read."""
    counted = select(func.count()).select_from(_unread(account_id).distinct().subquery())
    return (await session.exec(counted)).one()


async def run_to_read(
    session: AsyncSession, account_id: UUID, *, run_id: UUID
) -> SyncRun | None:
    """Return a run whose texts are being read, locked."""
    statement = (
        select(SyncRun)
        .where(
            SyncRun.account_id == account_id,
            SyncRun.id == run_id,
            col(SyncRun.reading_at).is_not(None),
        )
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def left_unread(session: AsyncSession, *, before: datetime) -> Sequence[SyncRun]:
    """Return the runs whose texts nobody was seen reading since `before`, locked."""
    statement = (
        select(SyncRun)
        .where(col(SyncRun.reading_at) < before)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(statement)).all()
