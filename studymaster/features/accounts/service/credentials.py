"""Who a student is here, and how they prove it: name, e-mail address, password."""

from asyncio import to_thread
from datetime import datetime
from uuid import UUID

from studymaster.adapters import vault
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, InvalidInputError
from studymaster.features.accounts import queries, rules
from studymaster.features.accounts.rules.fields import FieldError, TakenError, at
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.service.board import show_board_anew
from studymaster.features.accounts.service.profile import get_account
from studymaster.features.accounts.service.sessions import end_other_sessions, hold_account
from studymaster.models import Account
from studymaster.typed import UNKEEPABLE, clean

NOT_LOCAL = (
    "You sign in with Moodle, so there is no e-mail address or password here to change."
)
NOT_CURRENT = "This is not your password. Nothing was changed; try again."
TAKEN = "Another account has this e-mail address. Choose another one."
UNTYPABLE = "A password cannot have characters in it that nobody can type."
MEANWHILE = "Your password was changed elsewhere just now. Load the settings again."


async def change_name(work: UnitOfWork, *, account_id: UUID, name: object) -> None:
    """Keep the name that the student and others see from now on.

    Raises:
        FieldError: it is empty, too long, or cannot be read.
    """
    with at("display_name"):
        shown = rules.require_name(name if isinstance(name, str) else "")
    (await get_account(work, account_id)).display_name = shown
    work.outdate(Kept.SESSIONS, str(account_id))
    show_board_anew(work)
    # The frame of every open tab shows it, and looks again at this news.
    work.announce(news_for(account_id, Topic.NOTIFICATIONS))


async def prove_current(account: Account, *, password: object) -> str:
    """Return the hash that the current password fits; takes a tenth of a second.

    Raises:
        FieldError: the password is wrong.
        InvalidInputError: the account has none.
    """
    stored = account.password_hash
    if stored is None:
        raise InvalidInputError(NOT_LOCAL)
    typed = password[: rules.PASSWORD_MAX] if isinstance(password, str) else ""
    # A half character is no part of any password, and cannot be hashed.
    if UNKEEPABLE.search(typed) or not await to_thread(
        vault.password_fits, typed, stored=stored
    ):
        raise FieldError(NOT_CURRENT, field="current_password")
    return stored


async def hash_chosen_password(password: object) -> str:
    """Return the hash of a new password; takes a tenth of a second.

    Raises:
        FieldError: it is too short, too long, or nobody can type it.
    """
    with at("new_password"):
        text = rules.require_password(password if isinstance(password, str) else "")
        if UNKEEPABLE.search(text):
            raise InvalidInputError(UNTYPABLE)
    return await to_thread(vault.hash_password, text)


async def change_email(
    work: UnitOfWork, *, account_id: UUID, email: object, proven: str
) -> None:
    """Keep the address by which the student signs in from now on.

    Args:
        work: The unit of work.
        account_id: Whose.
        email: As it was typed.
        proven: What `prove_current` returned.

    Raises:
        FieldError: it is no address.
        TakenError: another account has it.
        ConflictError: the password was changed since it was proven.
    """
    with at("email"):
        address = rules.require_email(clean(email))
    account = await _proven(work, account_id, proven)
    await queries.lock(work.session, address)
    holder = await queries.account_by_email(work.session, email=address)
    if holder is not None and holder.id != account_id:
        raise TakenError(TAKEN, field="email")
    account.email = address


async def change_password(
    work: UnitOfWork, *, student: Student, password_hash: str, proven: str, now: datetime
) -> None:
    """Keep a new password, and end every other session: whoever knew the old one is out.

    Raises:
        ConflictError: the password was changed since it was proven.
    """
    account = await _proven(work, student.account_id, proven)
    account.password_hash = password_hash
    await end_other_sessions(work, student=student, now=now)


async def _proven(work: UnitOfWork, account_id: UUID, proven: str) -> Account:
    account = await hold_account(work, account_id=account_id)
    if account.password_hash != proven:
        raise ConflictError(MEANWHILE)
    return account
