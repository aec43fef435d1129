"""What a student keeps about themselves: name, look, zone, day; and what they see of it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.accounts import queries, rules
from studymaster.features.accounts.schemas import (
    ConnectionView,
    DeviceView,
    Identity,
    Profile,
    SessionView,
    Student,
)
from studymaster.models import Account, AuthSession, MoodleConnection, Theme


async def profile(work: UnitOfWork, *, student: Student, now: datetime) -> Profile:
    """Return everything that the settings page shows."""
    account = await get_account(work, student.account_id)
    sessions = await queries.live_sessions(work.session, account.id, now=now)
    connections = await queries.connections(work.session, account.id)
    return Profile(
        display_name=account.display_name,
        email=account.email or "",
        has_password=account.password_hash is not None,
        theme=account.theme.value,
        time_zone=account.time_zone,
        day_start_hour=account.day_start_hour,
        devices=_devices(_session_view(row, student=student) for row in sessions),
        connections=tuple(_connection_view(row) for row in connections),
    )


def _session_view(row: AuthSession, *, student: Student) -> SessionView:
    used = row.expires_at - rules.REFRESH_LIFE  # its use gives it another week
    return SessionView(
        id=str(row.id),
        device=row.device,
        since=rules.local_moment(row.created_at, time_zone=student.time_zone),
        used=rules.local_moment(used, time_zone=student.time_zone),
        current=row.id == student.session_id,
    )


def _devices(sessions: Iterable[SessionView]) -> tuple[DeviceView, ...]:
    """Put sessions on devices of one name together, the student's own session first."""
    alike: dict[tuple[bool, str], list[SessionView]] = {}
    for one in sessions:
        alike.setdefault((one.current, one.device), []).append(one)
    devices = [
        DeviceView(name=name, current=current, count=len(ones), sessions=ones)
        for (current, name), ones in alike.items()
    ]
    return tuple(sorted(devices, key=lambda one: not one.current))


def _connection_view(row: MoodleConnection) -> ConnectionView:
    return ConnectionView(
        id=str(row.id),
        site_name=row.site_name,
        site_url=row.site_url,
        username=row.moodle_username,
        failure="" if row.failure_code == rules.DISCONNECTED else row.failure or "",
    )


async def connected_sites(
    work: UnitOfWork, *, account_id: UUID
) -> tuple[ConnectionView, ...]:
    """Return the account's Moodles, the oldest connection first."""
    rows = await queries.connections(work.session, account_id)
    return tuple(_connection_view(row) for row in rows)


async def identity(work: UnitOfWork, *, account_id: UUID) -> Identity:
    """Return who a student is to a program; their Moodle token stays here."""
    account = await get_account(work, account_id)
    connections = await queries.connections(work.session, account_id)
    first = connections[0] if connections else None
    return Identity(
        username=first.moodle_username if first else account.email or account.display_name,
        email=account.email,
        fingerprint=rules.fingerprint(first.sealed_token) if first else None,
        created_at=account.created_at,
        last_login_at=account.last_login_at,
    )


async def save_theme(work: UnitOfWork, *, account_id: UUID, theme: str) -> None:
    """Keep the look that the student chose."""
    if theme not in set(Theme):
        msg = "Choose the dark look, the light look, or the one of your device."
        raise InvalidInputError(msg)
    (await get_account(work, account_id)).theme = Theme(theme)
    # The frame of every open tab puts it on, and looks again at this news.
    work.announce(news_for(account_id, Topic.NOTIFICATIONS))


async def save_day(
    work: UnitOfWork, *, account_id: UUID, time_zone: str, day_start_hour: str
) -> None:
    """Keep where the student lives and when their day starts."""
    account = await get_account(work, account_id)
    account.time_zone = rules.require_zone(time_zone)
    account.day_start_hour = rules.require_day_start(day_start_hour)
    work.outdate(Kept.SESSIONS, str(account_id))
    work.outdate(Kept.STATISTICS, str(account_id))


async def get_account(work: UnitOfWork, account_id: UUID) -> Account:
    """Return the account, or say that it is gone."""
    account = await queries.account_by_id(work.session, account_id)
    if account is None:
        msg = "This account is not here any more."
        raise NotFoundError(msg)
    return account
