"""Leaving for good: the account, everything that hangs on it, and every file."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import InvalidInputError, SignInError
from studymaster.features.accounts.queries import leaving as queries
from studymaster.features.accounts.rules import exports as silence
from studymaster.features.accounts.rules import leaving as rules
from studymaster.features.accounts.service.board import show_board_anew
from studymaster.features.accounts.service.entering import prove_password
from studymaster.features.accounts.service.sessions import end_all_sessions
from studymaster.jobs import JobName
from studymaster.models import Account
from studymaster.typed import about, kept

NOT_YOURS = "This is not your password. Nothing was deleted; try again."


async def prove_wish(account: Account, *, word: object, password: object) -> None:
    """Make sure that the student means it; takes a tenth of a second with a password.

    Raises:
        InvalidInputError: they typed neither `delete` nor their name, or the password of a
            local account is wrong.
    """
    rules.require_word(kept(word, says=about("The word")), name=account.display_name)
    if account.password_hash is None:
        return
    try:
        await prove_password(account, password=kept(password, says=about("The password")))
    except SignInError:
        # Whoever is told to sign in would lose the page, and is signed in already.
        raise InvalidInputError(NOT_YOURS) from None


async def request_deletion(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Promise to delete an account; its sessions end at once, a worker does the rest."""
    account = await queries.account_for_update(work.session, account_id)
    if account is None or account.deleting_since is not None:
        return
    account.deleting_since = now
    await end_all_sessions(work, account_id=account_id, now=now)
    show_board_anew(work)
    _send(work, account_id)


def _send(work: UnitOfWork, account_id: UUID) -> None:
    work.enqueue(JobName.DELETE_ACCOUNT, account_id=str(account_id))


async def is_leaving(work: UnitOfWork, *, account_id: UUID) -> bool:
    """Tell whether an account is still to be deleted."""
    account = await queries.account_for_update(work.session, account_id)
    return account is not None and account.deleting_since is not None


async def remove_rows(work: UnitOfWork, *, account_id: UUID) -> None:
    """Delete an account that was promised to be; what hangs on it goes with it."""
    if not await is_leaving(work, account_id=account_id):
        return
    await queries.remove_account(work.session, account_id)
    for kind in Kept:
        work.outdate(kind, str(account_id))
    show_board_anew(work)


async def resend_silent(work: UnitOfWork, *, now: datetime) -> int:
    """Ask again for the deletions that no worker finished, and tell how many these are."""
    waiting = await queries.silent_deletions(work.session, before=now - silence.SILENCE)
    for account_id in waiting:
        _send(work, account_id)
    return len(waiting)
