"""Pictures and sounds of cards: kept once by their content, lent, thrown away when unused."""

from asyncio import to_thread
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from itertools import count
from pathlib import Path
from uuid import UUID

from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import FileGoneError, Own, get_storage, own_key
from studymaster.config import get_settings
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.flashcards.queries import cards as account_queries
from studymaster.features.flashcards.queries import media as queries
from studymaster.features.flashcards.rules import media as rules
from studymaster.features.flashcards.schemas import MediaView
from studymaster.models import CardMedia

NO_MEDIA = "That picture or sound is not one of yours."
KEPT_FOR = timedelta(days=30)
MEGABYTE = 1_000_000
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the bytes of a picture or a sound lie, and what they are."""

    name: str
    sha1: str
    mimetype: str
    size_bytes: int
    storage_key: str


def most_bytes() -> int:
    """Return how many bytes one picture or sound can have."""
    return get_settings().media_limit_mb * MEGABYTE


def too_large() -> str:
    """Return what is said of a larger one."""
    limit = get_settings().media_limit_mb
    return f"A picture or sound on a card can have {limit} MB. Choose a smaller file."


async def keep_media(
    *, account_id: UUID, name: object, path: Path, now: datetime
) -> MediaView:
    """Keep a local file for the cards of a student; the same content is kept once.

    Call it outside of a unit of work. The name may become another one: where other content
    has it, or where it could not stand in a text.

    Raises:
        InvalidInputError: it is no picture or sound that a card takes, or too large.
        ConflictError: the student keeps as much as they may.
        StorageAwayError: the store does not take it.
    """
    kept = await to_thread(_read, path, account_id, name)
    await get_storage().put_file(path, kept.storage_key)
    async with unit_of_work() as work:
        view = await _keep_row(work, account_id=account_id, kept=kept, now=now)
    if not await _is_there(kept.storage_key):  # thrown away as unused in this moment
        await get_storage().put_file(path, kept.storage_key)
    return view


def _read(path: Path, account_id: UUID, name: object) -> Kept:
    size = path.stat().st_size
    if size > most_bytes():
        raise InvalidInputError(too_large())
    digest = sha1(usedforsecurity=False)
    with path.open("rb") as stream:
        beginning = stream.read(rules.SIGNATURE_BYTES)
        digest.update(beginning)
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    mimetype = rules.type_of(beginning)
    found = digest.hexdigest()
    key = own_key(account_id, Own.MEDIA, found)
    return Kept(rules.safe_name(name, mimetype=mimetype), found, mimetype, size, key)


async def _keep_row(
    work: UnitOfWork, *, account_id: UUID, kept: Kept, now: datetime
) -> MediaView:
    session = work.session
    # Under the lock, so that two files at once do not get one name.
    await account_queries.lock_account(session, account_id)
    known = await queries.media_by_content(session, account_id, kept.sha1)
    if known is not None:
        known.unused_since = None
        return _view(known)
    quota = get_settings().media_quota_mb
    if await queries.media_bytes(session, account_id) + kept.size_bytes > quota * MEGABYTE:
        msg = (
            f"Your pictures and sounds have {quota} MB, which is the most. Those that no card "
            "names go by themselves after 30 days."
        )
        raise ConflictError(msg)
    row = CardMedia(
        account_id=account_id,
        name=_free_name(kept.name, await queries.names_taken(session, account_id)),
        sha1=kept.sha1,
        mimetype=kept.mimetype,
        size_bytes=kept.size_bytes,
        created_at=now,
    )
    session.add(row)
    return _view(row)


def _free_name(name: str, taken: frozenset[str]) -> str:
    others = (rules.other_name(name, number=number) for number in count(1))
    if name.lower() not in taken:
        return name
    return next(other for other in others if other.lower() not in taken)


async def _is_there(key: str) -> bool:
    try:
        async with get_storage().lend(key):
            return True
    except FileGoneError:
        return False


async def open_media(work: UnitOfWork, *, account_id: UUID, name: str) -> Kept:
    """Return where a picture or a sound of the student lies.

    Raises:
        NotFoundError: nothing of theirs is called so.
    """
    readable = "\x00" not in name and name.isprintable()
    row = await queries.media_by_name(work.session, account_id, name) if readable else None
    if row is None:
        raise NotFoundError(NO_MEDIA)
    key = own_key(account_id, Own.MEDIA, row.sha1)
    return Kept(row.name, row.sha1, row.mimetype, row.size_bytes, key)


@asynccontextmanager
async def lend_media(*, account_id: UUID, name: str) -> AsyncGenerator[Path]:
    """Lend a picture or a sound as a local file; call it outside of a unit of work.

    Raises:
        NotFoundError: nothing of theirs is called so.
    """
    async with unit_of_work() as work:
        kept = await open_media(work, account_id=account_id, name=name)
    async with get_storage().lend(kept.storage_key) as path:
        yield path


async def list_owners(work: UnitOfWork) -> Sequence[UUID]:
    """Return every account that has pictures or sounds."""
    return await queries.owners_of_media(work.session)


async def prune(*, account_id: UUID, now: datetime) -> int:
    """Throw away what no card has named for 30 days; tell how many files that were."""
    async with unit_of_work() as work:
        await account_queries.lock_account(work.session, account_id)
        used: set[str] = set()
        for text in await queries.texts_with_media(work.session, account_id):
            used |= rules.names_in(text)
        rows = await queries.all_media(work.session, account_id)
        old = [row for row in rows if _is_old(row, used=used, now=now)]
        for row in old:
            await work.session.delete(row)
    for row in old:
        await get_storage().remove(own_key(account_id, Own.MEDIA, row.sha1))
    return len(old)


def _is_old(row: CardMedia, *, used: set[str], now: datetime) -> bool:
    """Note since when nothing names a file, and say whether that is long ago."""
    if row.name in used:
        row.unused_since = None
        return False
    row.unused_since = row.unused_since or now
    return row.unused_since <= now - KEPT_FOR


def _view(row: CardMedia) -> MediaView:
    return MediaView(row.name, row.mimetype, row.size_bytes, rules.address(row.name))
