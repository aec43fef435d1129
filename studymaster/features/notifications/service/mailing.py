"""Notices by e-mail: who gets one now, what it says, and the link that ends it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from studymaster.adapters import vault
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.mail import Letter
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.notifications import queries, rules
from studymaster.features.notifications.rules import Told
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service.telling import notify
from studymaster.models import Notification, NotificationKind

MOST_NOTICES: Final = 500
LINK_PATH: Final = "/api/v1/notifications/mail/off"
LINK_LIFE: Final = timedelta(days=400)
LINK_USE: Final = "mail off:"
LONGEST_LINK: Final = 400

REFUSED: Final = "Your e-mail address does not take our mail"
REFUSED_TEXT: Final = (
    "So e-mail is switched off. Check the address in the settings and switch it on again."
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter that is about to go, and the notices in it."""

    letter: Letter
    notification_ids: tuple[UUID, ...]


async def due_accounts(work: UnitOfWork, *, now: datetime, limit: int) -> list[UUID]:
    """Return who is to get a mail now, at most so many."""
    return await queries.accounts_to_mail(
        work.session, now=now, before=now - rules.SETTLING, limit=limit
    )


async def begin(work: UnitOfWork, *, account_id: UUID, now: datetime) -> Outgoing | None:
    """Take on a student's next mail; None when it is somebody else's, or there is none.

    The next try is written down before the letter goes, as if it would not arrive: neither
    another worker nor the next run sends it meanwhile, and one that dies over it is made up
    for after the pause.
    """
    mailing = await queries.mailing_for_update(work.session, account_id, now=now)
    if mailing.again_at > now:
        return None
    chosen = await accounts.preferences(work, account_id=account_id)
    account = await accounts.get_account(work, account_id)
    rows = await queries.unmailed(work.session, account_id, limit=MOST_NOTICES)
    if not (chosen.notify_by_email and account.email and rows):
        return None
    mailing.tries += 1
    mailing.again_at = now + rules.pause(mailing.tries)
    return Outgoing(
        _letter(rows, account_id=account_id, to=account.email, now=now),
        tuple(row.id for row in rows),
    )


def _letter(
    rows: Collection[Notification], *, account_id: UUID, to: str, now: datetime
) -> Letter:
    notices = [Told(str(row.id), row.title, row.text, row.path) for row in rows]
    site = get_settings().public_url.rstrip("/")
    switch_off = link(account_id)
    return Letter(
        to=to,
        subject=rules.subject(notices),
        text=rules.text(notices, site=site, switch_off=switch_off),
        switch_off=switch_off,
        mark=rules.mark(notices),
        written_at=now,
    )


async def finish(
    work: UnitOfWork, *, account_id: UUID, outgoing: Outgoing, now: datetime
) -> None:
    """Say that a letter went: its notices go with no other, and the next one waits."""
    await queries.mark_mailed(
        work.session, account_id, notification_ids=outgoing.notification_ids, now=now
    )
    await _rest(work, account_id=account_id, now=now)


async def _rest(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    mailing = await queries.mailing_for_update(work.session, account_id, now=now)
    mailing.tries, mailing.again_at = 0, now + rules.WINDOW


async def give_up(
    work: UnitOfWork, *, account_id: UUID, outgoing: Outgoing, now: datetime
) -> None:
    """Switch off the mail of a student whose address takes none, and tell them so."""
    await _rest(work, account_id=account_id, now=now)
    account = await accounts.get_account(work, account_id)
    if account.email != outgoing.letter.to:
        return  # they have another one by now
    await accounts.stop_mail(work, account_id=account_id)
    notice = Notice(
        kind=NotificationKind.ACCOUNT,
        title=REFUSED,
        text=REFUSED_TEXT,
        path="/settings",
        cause=f"mail-refused:{outgoing.letter.mark}",
    )
    await notify(work, account_id=account_id, notice=notice, now=now)


async def await_server(
    work: UnitOfWork, *, tried: UUID, untried: Collection[UUID], now: datetime
) -> None:
    """Let these students' mail wait for a server that cannot be used, an hour at most."""
    for account_id in sorted({tried, *untried}):
        mailing = await queries.mailing_for_update(work.session, account_id, now=now)
        mailing.tries += account_id != tried
        mailing.again_at = now + min(rules.pause(mailing.tries), rules.SERVER_PAUSE)


def link(account_id: UUID) -> str:
    """Return the address that ends a student's mail, without signing in."""
    token = vault.seal(f"{LINK_USE}{account_id}")
    site = get_settings().public_url.rstrip("/")
    return f"{site}{LINK_PATH}?{urlencode({'token': token})}"


def find_owner(token: str) -> UUID | None:
    """Return whose mail a link ends; None for one that is not ours, or over a year old."""
    if len(token) > LONGEST_LINK or not token.isascii():
        return None
    life = int(LINK_LIFE.total_seconds())
    note = vault.unseal_note(token, max_age_seconds=life) or ""
    return UUID(note.removeprefix(LINK_USE)) if note.startswith(LINK_USE) else None


async def switch_off(work: UnitOfWork, *, token: str) -> bool:
    """End the mail of whoever a link belongs to; tell whether it is one of ours."""
    owner = find_owner(token)
    if owner is None:
        return False
    await accounts.stop_mail(work, account_id=owner)
    return True
