"""The ways in: by Moodle, its sign-in page or a token, by a StudyMaster account of one's own."""

from asyncio import to_thread
from datetime import datetime
from uuid import UUID

from studymaster.adapters import moodle, vault
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.config import get_settings
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    SignInError,
    StudyMasterError,
)
from studymaster.features.accounts import queries, rules
from studymaster.features.accounts.schemas import MoodleIdentity
from studymaster.features.accounts.service import sites
from studymaster.features.accounts.service.sessions import hold_account
from studymaster.jobs import JobName
from studymaster.models import Account, ConnectionState, ConnectionWay, MoodleConnection

SHARED = (
    "Everybody who tries the demo shares this Moodle account, so it cannot be connected to an "
    "account of your own. Connect the demo's user mina instead."
)
FOR_ALL = (
    "Everybody who tries the demo shares this account, so no other Moodle can be connected to "
    "it. Make an account of your own first: sign out, then choose “New account”."
)

NOBODY_HASH = vault.hash_password("nobody has this password")


async def ask_moodle_by_password(
    site: str, *, username: str, password: str
) -> MoodleIdentity:
    """Exchange a Moodle password for a token; the password is used once and forgotten.

    Raises:
        MoodleError: the site refused or did not answer, with its sentence.
        BrowserOnlyError: it refused, as it signs students in on a page of its own.
        InvalidInputError: the address or a field cannot be used.
    """
    if not username.strip() or not password:
        msg = "Type your Moodle user name and your password."
        raise InvalidInputError(msg)
    hosts = get_settings().moodle_allowed_hosts
    address = moodle.check_site_address(site, allowed_hosts=hosts)
    async with moodle.open_site(address.url, allowed_hosts=hosts) as visitor:
        try:
            token = await visitor.sign_in(username.strip(), password)
        except (moodle.WrongSignInError, moodle.NotMoodleError) as error:
            raise await _better_reason(site, error) from error
    return await _whose(site, token=token, way=ConnectionWay.PASSWORD)


async def _better_reason(site: str, error: moodle.MoodleError) -> StudyMasterError:
    """Return why no token was given: it may be the way, or the moment, and not the words."""
    try:
        told = await sites.look_up_site(site)
    except moodle.MoodleError:
        return error
    if isinstance(error, moodle.NotMoodleError):  # it is one, it has just told its name
        error = moodle.NotAnswerableError(error.host, detail=error.detail)
    error.reword(told.name)
    if isinstance(error, moodle.NotAnswerableError):
        return error
    return error if told.password else sites.BrowserOnlyError(told.name)


async def ask_moodle_by_token(site: str, *, token: str) -> MoodleIdentity:
    """Ask a Moodle site whom a pasted token belongs to.

    Raises:
        MoodleError: the site refused or did not answer, with its sentence.
        InvalidInputError: the address or the token cannot be used.
    """
    if not token.strip():
        msg = "Paste your Moodle token. Moodle shows it under Preferences, Security keys."
        raise InvalidInputError(msg)
    try:
        return await _whose(site, token=token, way=ConnectionWay.TOKEN)
    except moodle.TokenExpiredError as error:
        raise moodle.TokenRefusedError(error.host, detail=error.detail) from error


async def ask_moodle_by_link(
    attempt: str, *, link: str, account_id: UUID | None, now: datetime
) -> MoodleIdentity:
    """Ask a Moodle site whom the token belongs to that a student brought from its page.

    Raises:
        MoodleError: the site refused or did not answer, with its sentence.
        InvalidInputError: the attempt is over, or the link is not its own.
    """
    begun, token = sites.read_link(attempt, link=link, account_id=account_id, now=now)
    try:
        return await _whose(begun.site_url, token=token, way=ConnectionWay.BROWSER)
    except moodle.MoodleError as error:
        error.reword(begun.site_name)
        raise


async def _whose(site: str, *, token: str, way: ConnectionWay) -> MoodleIdentity:
    """Ask who has a token; the site is known by its checked address, not by its claim."""
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
        way=way,
    )


def find_host(site: str) -> str:
    """Return the name of the server that an address leads to; empty when it is none of ours."""
    hosts = get_settings().moodle_allowed_hosts
    try:
        return moodle.check_site_address(site, allowed_hosts=hosts).host
    except moodle.AddressRefusedError:
        return ""


async def enter_by_moodle(
    work: UnitOfWork, *, identity: MoodleIdentity, time_zone: str, now: datetime
) -> Account:
    """Return the account of a Moodle user, made on the first visit; a sync follows.

    A Moodle that its student disconnected stays so: it only says who they are. The demo's
    is everybody's, so whoever comes next finds it connected again.
    """
    await queries.lock(work.session, f"{identity.site_url} {identity.user_id}")
    known = await queries.connection_of_moodle_user(
        work.session, site_url=identity.site_url, moodle_user_id=identity.user_id
    )
    if known is None:
        account = Account(
            display_name=rules.name_of((identity.full_name, identity.username)),
            time_zone=rules.known_zone(time_zone),
            created_at=now,
        )
        work.session.add(account)
        await work.session.flush()
    else:
        account = await hold_account(work, account_id=known.account_id)
        is_shared = sites.is_shared(identity.site_url, username=identity.username)
        if known.failure_code == rules.DISCONNECTED and not is_shared:
            return account
    await _connect(work, account_id=account.id, identity=identity, now=now)
    return account


async def connect_moodle(
    work: UnitOfWork, *, account_id: UUID, identity: MoodleIdentity, now: datetime
) -> None:
    """Keep a Moodle token, sealed, for this account and ask for a sync.

    Raises:
        ConflictError: the Moodle account belongs to another account, or to everybody who
            tries the demo; this account does, or it is being deleted.
    """
    is_shared = sites.is_shared(identity.site_url, username=identity.username)
    is_for_all = await _is_for_all(work, account_id=account_id)
    if is_shared != is_for_all:
        raise ConflictError(SHARED if is_shared else FOR_ALL)
    await _connect(work, account_id=account_id, identity=identity, now=now)


async def _is_for_all(work: UnitOfWork, *, account_id: UUID) -> bool:
    """Tell whether an account is the one that everybody has who tries the demo."""
    connections = await queries.connections(work.session, account_id)
    return any(
        sites.is_shared(one.site_url, username=one.moodle_username) for one in connections
    )


async def _connect(
    work: UnitOfWork, *, account_id: UUID, identity: MoodleIdentity, now: datetime
) -> None:
    await queries.lock(work.session, f"{identity.site_url} {identity.user_id}")
    await hold_account(work, account_id=account_id)
    known = await queries.connection_of_moodle_user(
        work.session, site_url=identity.site_url, moodle_user_id=identity.user_id
    )
    if known is not None and known.account_id != account_id:
        msg = "That Moodle account belongs to another StudyMaster account. Sign in there."
        raise ConflictError(msg)
    connection = known or MoodleConnection(
        account_id=account_id,
        site_url=identity.site_url,
        site_name="",
        moodle_user_id=identity.user_id,
        moodle_username="",
        sealed_token="",
        token_obtained_at=now,
        created_at=now,
    )
    _hand_over(connection, identity, now=now)
    work.session.add(connection)
    work.enqueue(JobName.SYNC_ACCOUNT, account_id=str(account_id))
    work.announce(news_for(account_id, Topic.SYNC))


def _hand_over(
    connection: MoodleConnection, identity: MoodleIdentity, *, now: datetime
) -> None:
    """Let a connection read with this token from now on.

    Moodle gives the same token again until it has run out: asking for it does not make it
    younger.
    """
    if not _opens_with(connection, identity.token):
        connection.token_obtained_at = now
    connection.site_name = identity.site_name[:300]
    connection.moodle_username = identity.username[:200]
    connection.sealed_token = vault.seal(identity.token)
    connection.way = ConnectionWay(identity.way)
    connection.state = ConnectionState.ACTIVE
    connection.failure = connection.failure_code = connection.paused_until = None


def _opens_with(connection: MoodleConnection, token: str) -> bool:
    try:
        return vault.unseal(connection.sealed_token) == token
    except vault.SealError:
        return False


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
