"""What a student chose: who sees them, what they are told, which model helps them."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import SecretStr

from studymaster.adapters import cache, llm, mail, vault
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.config import get_settings
from studymaster.errors import ConflictError, InvalidInputError
from studymaster.features.accounts.queries import choices as queries
from studymaster.features.accounts.rules.fields import at
from studymaster.features.accounts.schemas import CHOICES, ModelAccess, PreferencesView
from studymaster.features.accounts.service.board import show_board_anew
from studymaster.features.accounts.service.profile import get_account
from studymaster.models import Preferences
from studymaster.typed import about, typed_line

ADDRESS_LENGTH = 300
MODEL_LENGTH = 120
KEY_LENGTH = 500

KEY_LOST = "Your AI key cannot be opened any more. Type it again in the settings."
ODD_KEY = (
    "There is a letter in this key that no key has. Copy it again from where you got it."
)
NO_ADDRESS = (
    "There is no e-mail address in your account, so no mail can be sent to you. Your inbox "
    "here keeps everything."
)
NO_SUCH_CHOICE = "There is no such choice. Load the settings again."


async def preferences(work: UnitOfWork, *, account_id: UUID) -> PreferencesView:
    """Return what the student chose, or what holds until they do."""

    async def look() -> PreferencesView:
        row = await queries.preferences(work.session, account_id)
        return _view(row) if row else PreferencesView()

    return await cache.kept(
        Kept.PREFERENCES, str(account_id), "all", shape=PreferencesView, make=look
    )


def _view(row: Preferences) -> PreferencesView:
    switches = {name: getattr(row, name) for name in CHOICES}
    return PreferencesView(
        **switches,
        notify_by_email=row.notify_by_email,
        ai_address=row.ai_address,
        ai_model=row.ai_model,
        ai_ready=bool(row.ai_address and row.ai_model),
        ai_has_key=bool(row.ai_sealed_key),
        timebox_minutes=row.timebox_minutes,
    )


async def save_preference(
    work: UnitOfWork, *, account_id: UUID, name: str, on: bool
) -> None:
    """Keep one switch; two tabs that flip different ones do not undo each other."""
    if name not in CHOICES:
        raise InvalidInputError(NO_SUCH_CHOICE)
    await _keep(work, account_id, {name: on})
    if name == "on_leaderboard":
        show_board_anew(work)


async def save_timebox(work: UnitOfWork, *, account_id: UUID, minutes: int) -> None:
    """Keep after how many minutes a review pauses (0: never)."""
    await _keep(work, account_id, {"timebox_minutes": minutes})


async def choose_mail(work: UnitOfWork, *, account_id: UUID, on: bool) -> None:
    """Keep whether the student wants notices by e-mail too; what is old is not sent.

    Raises:
        InvalidInputError: this server sends no mail.
        ConflictError: the account has no address.
    """
    if not on:
        await stop_mail(work, account_id=account_id)
        return
    if not mail.is_offered():
        raise InvalidInputError(NO_SUCH_CHOICE)
    if not (await get_account(work, account_id)).email:
        raise ConflictError(NO_ADDRESS)
    if not (await preferences(work, account_id=account_id)).notify_by_email:
        await queries.pass_over_unread(work.session, account_id)
    await _keep(work, account_id, {"notify_by_email": True})


async def stop_mail(work: UnitOfWork, *, account_id: UUID) -> None:
    """Send this student no more notices by e-mail; whoever is gone wants none either."""
    await queries.stop_mail(work.session, account_id)
    work.outdate(Kept.PREFERENCES, str(account_id))


async def _keep(
    work: UnitOfWork, account_id: UUID, changes: Mapping[str, bool | str | int]
) -> None:
    await queries.keep_preferences(work.session, account_id, changes=changes)
    work.outdate(Kept.PREFERENCES, str(account_id))


async def save_model(
    work: UnitOfWork, *, account_id: UUID, address: str, model: str, key: str
) -> None:
    """Keep the student's own model; its key is sealed and never shown again.

    A key belongs to its address: left empty it stays only while the address does.

    Raises:
        FieldError: The address is none that this server may open, or a name or key is
            missing or too long.
    """
    with at("ai_address"):
        where = llm.check_address(
            typed_line(address, most=ADDRESS_LENGTH, least=1, says=about("The address"))
        )
    with at("ai_model"):
        name = typed_line(
            model, most=MODEL_LENGTH, least=1, says=about("The name of the model")
        )
    with at("ai_key"):
        secret = typed_line(key, most=KEY_LENGTH, says=about("The key"))
        if not secret.isascii():
            raise InvalidInputError(ODD_KEY)
    changes: dict[str, bool | str] = {"ai_address": where, "ai_model": name}
    before = await queries.preferences(work.session, account_id)
    if secret:
        changes["ai_sealed_key"] = vault.seal(secret)
    elif before is None or before.ai_address != where:
        changes["ai_sealed_key"] = ""
    await _keep(work, account_id, changes)


async def remove_model(work: UnitOfWork, *, account_id: UUID) -> None:
    """Forget the student's own model and its key."""
    gone: dict[str, bool | str] = {"ai_address": "", "ai_model": "", "ai_sealed_key": ""}
    await _keep(work, account_id, gone)


async def ask_model(access: ModelAccess) -> None:
    """Ask a model one short question, to see that it answers.

    Raises:
        UpstreamError: it does not, with the sentence that says why.
    """
    async with llm.open_model(
        base_url=access.address,
        model=access.model,
        api_key=access.key.get_secret_value(),
    ) as model:
        await model.greet()


async def has_model(work: UnitOfWork, *, account_id: UUID) -> bool:
    """Tell whether there is a model to ask, the student's own or the host's."""
    chosen, settings = await preferences(work, account_id=account_id), get_settings()
    return chosen.ai_ready or bool(settings.llm_base_url and settings.llm_model)


async def find_model(work: UnitOfWork, *, account_id: UUID) -> ModelAccess | None:
    """Return the student's own model, else the host's, else None.

    Raises:
        SealError: The student's key was sealed with one that the host no longer has.
    """
    row = await queries.preferences(work.session, account_id)
    if row and row.ai_address and row.ai_model:
        return ModelAccess(row.ai_address, row.ai_model, _opened(row.ai_sealed_key))
    settings = get_settings()
    if settings.llm_base_url and settings.llm_model:
        return ModelAccess(settings.llm_base_url, settings.llm_model, settings.llm_api_key)
    return None


def _opened(sealed: str) -> SecretStr:
    try:
        return SecretStr(vault.unseal(sealed) if sealed else "")
    except vault.SealError as error:
        raise vault.SealError(KEY_LOST) from error
