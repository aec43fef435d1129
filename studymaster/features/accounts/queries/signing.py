"""Every SELECT on accounts, sessions and connections, and the mark of a session in use."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Account, AuthSession, MoodleConnection


async def lock(session: AsyncSession, name: str) -> None:
    """Let only one transaction at a time do something under this name."""
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtext(name))))


async def account_by_id(session: AsyncSession, account_id: UUID) -> Account | None:
    """Return the account."""
    return await session.get(Account, account_id)


async def account_for_update(session: AsyncSession, account_id: UUID) -> Account | None:
    """Return the account as it is now; it stays until the transaction ends."""
    statement = (
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).one_or_none()


async def account_by_email(session: AsyncSession, *, email: str) -> Account | None:
    """Return the local account with this address (in its one spelling)."""
    return (await session.exec(select(Account).where(Account.email == email))).one_or_none()


async def connection_of_moodle_user(
    session: AsyncSession, *, site_url: str, moodle_user_id: int
) -> MoodleConnection | None:
    """Return the connection of one Moodle user, whoever's it is."""
    statement = select(MoodleConnection).where(
        MoodleConnection.site_url == site_url,
        MoodleConnection.moodle_user_id == moodle_user_id,
    )
    return (await session.exec(statement)).one_or_none()


async def connections(
    session: AsyncSession, account_id: UUID
) -> Sequence[MoodleConnection]:
    """Return the account's Moodle connections, oldest first."""
    statement = (
        select(MoodleConnection)
        .where(MoodleConnection.account_id == account_id)
        .order_by(col(MoodleConnection.created_at))
    )
    return (await session.exec(statement)).all()


async def live_session(
    session: AsyncSession, account_id: UUID, *, session_id: UUID, now: datetime
) -> tuple[AuthSession, Account] | None:
    """Return a session that is neither ended nor expired, with its account."""
    statement = (
        select(AuthSession, Account)
        .join(Account, col(Account.id) == col(AuthSession.account_id))
        .where(
            AuthSession.id == session_id,
            AuthSession.account_id == account_id,
            col(AuthSession.ended_at).is_(None),
            col(AuthSession.expires_at) > now,
            col(Account.deleting_since).is_(None),
        )
    )
    return (await session.exec(statement)).one_or_none()


async def session_for_update(
    session: AsyncSession, account_id: UUID, *, session_id: UUID
) -> AuthSession | None:
    """Return a session, locked until the transaction ends."""
    statement = (
        select(AuthSession)
        .where(AuthSession.id == session_id, AuthSession.account_id == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def note_use(
    session: AsyncSession,
    account_id: UUID,
    *,
    session_id: UUID,
    expires_at: datetime,
    before: datetime,
) -> None:
    """Let a live session run until `expires_at`, if it would be over `before` a moment."""
    statement = (
        update(AuthSession)
        .where(
            col(AuthSession.id) == session_id,
            col(AuthSession.account_id) == account_id,
            col(AuthSession.ended_at).is_(None),
            col(AuthSession.expires_at) < before,
        )
        .values(expires_at=expires_at)
        .execution_options(synchronize_session=False)
    )
    await session.exec(statement)


async def live_sessions(
    session: AsyncSession, account_id: UUID, *, now: datetime
) -> Sequence[AuthSession]:
    """Return the account's live sessions, newest first."""
    statement = (
        select(AuthSession)
        .where(
            AuthSession.account_id == account_id,
            col(AuthSession.ended_at).is_(None),
            col(AuthSession.expires_at) > now,
        )
        .order_by(col(AuthSession.created_at).desc())
    )
    return (await session.exec(statement)).all()
