"""Staying signed in: sessions, their tokens, and who is behind them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from studymaster.adapters import cache, vault
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.vault import SessionToken, TokenUse
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts import queries, rules
from studymaster.features.accounts.schemas import Presence, SessionTokens, Student
from studymaster.models import Account, AuthSession

BEING_DELETED = "This account is being deleted. In a few minutes you can start anew."


async def hold_account(work: UnitOfWork, *, account_id: UUID) -> Account:
    """Return an account that stays until the unit of work ends.

    Raises:
        ConflictError: it is being deleted, or has been a moment ago.
    """
    account = await queries.account_for_update(work.session, account_id)
    if account is None or account.deleting_since is not None:
        raise ConflictError(BEING_DELETED)
    return account


async def start_session(
    work: UnitOfWork, *, account: Account, user_agent: str, now: datetime
) -> SessionTokens:
    """Sign an account in on one device.

    Raises:
        ConflictError: it is being deleted, or has been since it was looked up.
    """
    here = await hold_account(work, account_id=account.id)
    session = AuthSession(
        id=uuid4(),
        account_id=here.id,
        device=rules.device_name(user_agent),
        created_at=now,
        expires_at=now + rules.REFRESH_LIFE,
    )
    here.last_login_at = now
    work.session.add(session)
    return _tokens(session, now=now)


def _tokens(session: AuthSession, *, now: datetime) -> SessionTokens:
    access = SessionToken(
        use=TokenUse.ACCESS,
        account_id=session.account_id,
        session_id=session.id,
        generation=session.generation,
        expires_at=now + rules.ACCESS_LIFE,
    )
    refresh = replace(access, use=TokenUse.REFRESH, expires_at=session.expires_at)
    return SessionTokens(
        account_id=session.account_id,
        access=vault.sign(access, issued_at=now),
        refresh=vault.sign(refresh, issued_at=now),
    )


async def renew_session(
    work: UnitOfWork, *, refresh_token: str, now: datetime
) -> SessionTokens | None:
    """Rotate a session's tokens; None when the session is over.

    A token is good for a minute after its successor was made, as two tabs may renew at
    once, and no longer than until that successor has come back. One that comes later is a
    copy, in its owner's hands or in others': it ends the session.
    """
    token = vault.read_token(refresh_token, use=TokenUse.REFRESH, now=now)
    if token is None:
        return None
    session = await queries.session_for_update(
        work.session, token.account_id, session_id=token.session_id
    )
    if session is None or session.ended_at or session.expires_at <= now:
        return None
    if _is_worn(token, session, now=now):
        _end(work, session, now=now)
        return None
    if token.generation == session.generation:
        session.generation += 1
        session.rotated_at = now
    session.seen_generation = token.generation
    session.expires_at = now + rules.REFRESH_LIFE
    work.outdate(Kept.SESSIONS, str(session.account_id))
    return _tokens(session, now=now)


def _is_worn(token: SessionToken, session: AuthSession, *, now: datetime) -> bool:
    """Tell whether a refresh token comes too late after its successor."""
    if token.generation == session.generation:
        return False
    has_returned = token.generation < session.seen_generation
    made = session.rotated_at
    return has_returned or made is None or now - made > rules.OVERLAP


async def student_of_tokens(
    work: UnitOfWork, *, access_token: str, refresh_token: str, now: datetime
) -> Student | None:
    """Return who is signed in by either cookie of a live session.

    A refresh token counts as long as it could renew the session.
    """
    access = vault.read_token(access_token, use=TokenUse.ACCESS, now=now)
    if access is not None:
        return await visiting_student(
            work, account_id=access.account_id, session_id=access.session_id, now=now
        )
    refresh = vault.read_token(refresh_token, use=TokenUse.REFRESH, now=now)
    return await _student_of_refresh(work, refresh, now=now) if refresh else None


async def _student_of_refresh(
    work: UnitOfWork, token: SessionToken, *, now: datetime
) -> Student | None:
    found = await queries.live_session(
        work.session, token.account_id, session_id=token.session_id, now=now
    )
    if found is None:
        return None
    session, account = found
    if _is_worn(token, session, now=now):
        return None
    session.seen_generation = token.generation
    await _note_use(work, Presence(_student(session, account), session.expires_at), now=now)
    return _student(session, account)


async def visiting_student(
    work: UnitOfWork, *, account_id: UUID, session_id: UUID, now: datetime
) -> Student | None:
    """Return the student of a live session who does something in it; it counts as used."""
    here = await _presence(work, account_id=account_id, session_id=session_id, now=now)
    if here is not None:
        await _note_use(work, here, now=now)
    return here and here.student


async def student_of_session(
    work: UnitOfWork, *, account_id: UUID, session_id: UUID, now: datetime
) -> Student | None:
    """Return the student of a session that is still alive, used or not."""
    here = await _presence(work, account_id=account_id, session_id=session_id, now=now)
    return here and here.student


async def _presence(
    work: UnitOfWork, *, account_id: UUID, session_id: UUID, now: datetime
) -> Presence | None:
    async def look() -> Presence:
        found = await queries.live_session(
            work.session, account_id, session_id=session_id, now=now
        )
        return Presence(_student(*found), found[0].expires_at) if found else Presence()

    here = await cache.kept(
        Kept.SESSIONS, str(account_id), str(session_id), shape=Presence, make=look
    )
    is_alive = here.expires_at is not None and here.expires_at > now
    return here if is_alive else None


async def _note_use(work: UnitOfWork, here: Presence, *, now: datetime) -> None:
    """Give a session in use another week, written down once in a few minutes only."""
    student, until = here.student, now + rules.REFRESH_LIFE
    before = until - rules.USE_NOTED_EVERY
    if student is None or here.expires_at is None or here.expires_at >= before:
        return
    await queries.note_use(
        work.session,
        student.account_id,
        session_id=student.session_id,
        expires_at=until,
        before=before,
    )
    work.outdate(Kept.SESSIONS, str(student.account_id))


def _student(session: AuthSession, account: Account) -> Student:
    return Student(
        account_id=account.id,
        session_id=session.id,
        display_name=account.display_name,
        time_zone=account.time_zone,
        day_start_hour=account.day_start_hour,
    )


async def end_all_sessions(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """End every live session of the account."""
    for session in await queries.live_sessions(work.session, account_id, now=now):
        _end(work, session, now=now)


async def end_other_sessions(work: UnitOfWork, *, student: Student, now: datetime) -> None:
    """End every live session of the student but the one that asks."""
    for session in await queries.live_sessions(work.session, student.account_id, now=now):
        if session.id != student.session_id:
            _end(work, session, now=now)


async def end_session(
    work: UnitOfWork, *, account_id: UUID, session_id: UUID, now: datetime
) -> None:
    """End one of the account's sessions; its tabs close within seconds."""
    session = await queries.session_for_update(
        work.session, account_id, session_id=session_id
    )
    if session is None:
        msg = "That session is not one of yours."
        raise NotFoundError(msg)
    _end(work, session, now=now)


def _end(work: UnitOfWork, session: AuthSession, *, now: datetime) -> None:
    session.ended_at = session.ended_at or now
    work.outdate(Kept.SESSIONS, str(session.account_id))
    work.announce(
        news_for(session.account_id, Topic.SESSION_ENDED, subject=str(session.id))
    )
