"""Signing in, staying signed in, signing out, and a student's own settings."""

from asyncio import to_thread
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from studymaster.adapters import moodle, vault
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.vault import SessionToken, TokenUse
from studymaster.config import get_settings
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError, SignInError
from studymaster.features.accounts import queries, rules
from studymaster.features.accounts.schemas import (
    ConnectionView,
    MoodleIdentity,
    Profile,
    SessionTokens,
    SessionView,
    Student,
)
from studymaster.jobs import JobName
from studymaster.models import (
    Account,
    AuthSession,
    ConnectionState,
    MoodleConnection,
    Theme,
)

NOBODY_HASH = vault.hash_password("nobody has this password")


async def ask_moodle_by_password(
    site: str, *, username: str, password: str
) -> MoodleIdentity:
    """Exchange a Moodle password for a token; the password is used once and forgotten.

    Raises:
        MoodleError: the site refused or did not answer, with its sentence.
        InvalidInputError: the address or a field cannot be used.
    """
    if not username.strip() or not password:
        msg = "Type your Moodle user name and your password."
        raise InvalidInputError(msg)
    hosts = get_settings().moodle_allowed_hosts
    address = moodle.check_site_address(site, allowed_hosts=hosts)
    async with moodle.open_site(address.url, allowed_hosts=hosts) as visitor:
        token = await visitor.sign_in(username.strip(), password)
    return await ask_moodle_by_token(site, token=token)


async def ask_moodle_by_token(site: str, *, token: str) -> MoodleIdentity:
    """Ask a Moodle site whom a token belongs to.

    The site is known by the address that was checked, never by the one it claims.
    """
    if not token.strip():
        msg = "Paste your Moodle token. Moodle shows it under Preferences, Security keys."
        raise InvalidInputError(msg)
    hosts = get_settings().moodle_allowed_hosts
    address = moodle.check_site_address(site, allowed_hosts=hosts)
    async with moodle.open_site(
        address.url, allowed_hosts=hosts, token=token.strip()
    ) as visitor:
        info = await visitor.site_info()
    return MoodleIdentity(
        site_url=address.url,
        site_name=info.site_name,
        user_id=info.user_id,
        username=info.username,
        full_name=info.full_name,
        token=token.strip(),
    )


async def enter_by_moodle(
    work: UnitOfWork, *, identity: MoodleIdentity, time_zone: str, now: datetime
) -> Account:
    """Return the account of a Moodle user, made on the first visit; a sync follows."""
    await queries.lock(work.session, f"{identity.site_url} {identity.user_id}")
    known = await queries.connection_of_moodle_user(
        work.session, site_url=identity.site_url, moodle_user_id=identity.user_id
    )
    if known is None:
        account = Account(
            display_name=_name_of(identity),
            time_zone=rules.known_zone(time_zone),
            created_at=now,
        )
        work.session.add(account)
        await work.session.flush()
    else:
        account = await _account(work, known.account_id)
    await connect_moodle(work, account_id=account.id, identity=identity, now=now)
    return account


def _name_of(identity: MoodleIdentity) -> str:
    return (identity.full_name or identity.username)[:120]


async def connect_moodle(
    work: UnitOfWork, *, account_id: UUID, identity: MoodleIdentity, now: datetime
) -> None:
    """Keep a Moodle token, sealed, for this account and ask for a sync."""
    known = await queries.connection_of_moodle_user(
        work.session, site_url=identity.site_url, moodle_user_id=identity.user_id
    )
    if known is not None and known.account_id != account_id:
        msg = "That Moodle account belongs to another StudyMaster account. Sign in there."
        raise ConflictError(msg)
    connection = known or MoodleConnection(
        account_id=account_id,
        site_url=identity.site_url,
        site_name=identity.site_name[:300],
        moodle_user_id=identity.user_id,
        moodle_username=identity.username[:200],
        sealed_token="",
        created_at=now,
    )
    connection.sealed_token = vault.seal(identity.token)
    connection.state, connection.failure = ConnectionState.ACTIVE, None
    work.session.add(connection)
    work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(account_id))


async def hash_new_password(password: str) -> str:
    """Return the hash of a password that is long enough; takes a tenth of a second."""
    return await to_thread(vault.hash_password, rules.require_password(password))


async def register(
    work: UnitOfWork,
    *,
    email: str,
    password_hash: str,
    display_name: str,
    time_zone: str,
    now: datetime,
) -> Account:
    """Make a local account; Moodle can be connected later."""
    address = rules.require_email(email)
    await queries.lock(work.session, address)
    if await queries.account_by_email(work.session, email=address):
        msg = "There is already an account with this e-mail address. Sign in instead."
        raise ConflictError(msg)
    account = Account(
        display_name=rules.require_name(display_name),
        email=address,
        password_hash=password_hash,
        time_zone=rules.known_zone(time_zone),
        created_at=now,
    )
    work.session.add(account)
    await work.session.flush()
    return account


async def find_local_account(work: UnitOfWork, *, email: str) -> Account | None:
    """Return the local account of an e-mail address as it was typed."""
    address = rules.find_email(email)
    return await queries.account_by_email(work.session, email=address) if address else None


async def prove_password(account: Account | None, *, password: str) -> Account:
    """Return the account if the password opens it; takes a tenth of a second.

    The hash is computed for unknown addresses too: timing must not tell who has one.
    """
    stored = (account.password_hash if account else None) or NOBODY_HASH
    typed = password[: rules.PASSWORD_MAX]
    fits = await to_thread(vault.password_fits, typed, stored=stored)
    if not fits or account is None:
        msg = "The e-mail address or the password is not right. Try again."
        raise SignInError(msg)
    return account


async def start_session(
    work: UnitOfWork, *, account: Account, user_agent: str, now: datetime
) -> SessionTokens:
    """Sign an account in on one device."""
    session = AuthSession(
        id=uuid4(),
        account_id=account.id,
        device=rules.device_name(user_agent),
        created_at=now,
        expires_at=now + rules.REFRESH_LIFE,
    )
    account.last_login_at = now
    work.session.add_all([account, session])
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

    A token is good until a newer one has come back from the device: an answer may be lost,
    and two tabs may renew at once. One that comes after its successor was seen is a copy in
    foreign hands: it ends the session.
    """
    token = vault.read_token(refresh_token, use=TokenUse.REFRESH, now=now)
    if token is None:
        return None
    session = await queries.session_for_update(
        work.session, token.account_id, session_id=token.session_id
    )
    if session is None or session.ended_at or session.expires_at <= now:
        return None
    if token.generation < session.seen_generation:
        _end(work, session, now=now)
        return None
    if token.generation == session.generation:
        session.generation += 1
    session.seen_generation = token.generation
    session.expires_at = now + rules.REFRESH_LIFE
    return _tokens(session, now=now)


async def student_of_tokens(
    work: UnitOfWork, *, access_token: str, refresh_token: str, now: datetime
) -> Student | None:
    """Return who is signed in by either cookie of a live session.

    A refresh token counts until a newer one has come back from the device.
    """
    access = vault.read_token(access_token, use=TokenUse.ACCESS, now=now)
    token = access or vault.read_token(refresh_token, use=TokenUse.REFRESH, now=now)
    if token is None:
        return None
    found = await queries.live_session(
        work.session, token.account_id, session_id=token.session_id, now=now
    )
    if found is None:
        return None
    session, account = found
    if access is None:
        if token.generation < session.seen_generation:
            return None
        session.seen_generation = token.generation
    return _student(session, account)


async def student_of_session(
    work: UnitOfWork, *, account_id: UUID, session_id: UUID, now: datetime
) -> Student | None:
    """Return the student of a session that is still alive."""
    found = await queries.live_session(
        work.session, account_id, session_id=session_id, now=now
    )
    return _student(*found) if found else None


def _student(session: AuthSession, account: Account) -> Student:
    return Student(
        account_id=account.id,
        session_id=session.id,
        display_name=account.display_name,
        time_zone=account.time_zone,
        day_start_hour=account.day_start_hour,
    )


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
    work.announce(
        news_for(session.account_id, Topic.SESSION_ENDED, subject=str(session.id))
    )


async def profile(work: UnitOfWork, *, student: Student, now: datetime) -> Profile:
    """Return everything that the settings page shows."""
    account = await _account(work, student.account_id)
    sessions = await queries.live_sessions(work.session, account.id, now=now)
    connections = await queries.connections(work.session, account.id)
    return Profile(
        display_name=account.display_name,
        email=account.email or "",
        theme=account.theme.value,
        time_zone=account.time_zone,
        day_start_hour=account.day_start_hour,
        sessions=tuple(_session_view(row, student=student) for row in sessions),
        connections=tuple(_connection_view(row) for row in connections),
    )


def _session_view(row: AuthSession, *, student: Student) -> SessionView:
    since = rules.local_moment(row.created_at, time_zone=student.time_zone)
    return SessionView(str(row.id), row.device, since, row.id == student.session_id)


def _connection_view(row: MoodleConnection) -> ConnectionView:
    return ConnectionView(
        id=str(row.id),
        site_name=row.site_name,
        site_url=row.site_url,
        username=row.moodle_username,
        failure=row.failure or "",
    )


async def save_theme(work: UnitOfWork, *, account_id: UUID, theme: str) -> None:
    """Keep the look that the student chose."""
    if theme not in set(Theme):
        msg = "Choose the dark look, the light look, or the one of your device."
        raise InvalidInputError(msg)
    (await _account(work, account_id)).theme = Theme(theme)


async def save_day(
    work: UnitOfWork, *, account_id: UUID, time_zone: str, day_start_hour: str
) -> None:
    """Keep where the student lives and when their day starts."""
    account = await _account(work, account_id)
    account.time_zone = rules.require_zone(time_zone)
    account.day_start_hour = rules.require_day_start(day_start_hour)


async def _account(work: UnitOfWork, account_id: UUID) -> Account:
    account = await queries.account_by_id(work.session, account_id)
    if account is None:
        msg = "This account is not here any more."
        raise NotFoundError(msg)
    return account
