"""What is left of a student's own files once nothing names them any more."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import Storage, pictures_of
from studymaster.errors import StudyMasterError
from studymaster.features.library import queries
from studymaster.features.library.schemas import Leftovers


async def hold_own_files(work: UnitOfWork, *, account_id: UUID) -> None:
    """Let nobody else add or remove files of this student until the work is done.

    Bytes are named by what is in them: what one removes, another may be adding again.
    """
    await queries.hold_own_files(work.session, account_id)


async def forget_unused(work: UnitOfWork, *, account_id: UUID) -> list[Leftovers]:
    """Delete the own files that no material, card or open proposal has any more.

    Hold the files first. Returns what `drop_files` shall remove then.
    """
    unused = await queries.unused_files(work.session, account_id)
    for blob in unused:
        await work.session.delete(blob)
    await work.session.flush()
    keys = [(blob.sha1, blob.storage_key) for blob in unused]
    return [Leftovers(key, pictures_of(sha1, key)) for sha1, key in keys if key]


async def drop_files(storage: Storage, leftovers: Sequence[Leftovers]) -> None:
    """Remove files and their drawn pages from the store, once their rows are gone."""
    for one in leftovers:
        await storage.remove(one.key)
        await storage.remove_folder(one.pictures)


@asynccontextmanager
async def removed_unless_kept(
    storage: Storage, *, account_id: UUID, sha1: str, key: str
) -> AsyncGenerator[None]:
    """Take stored bytes out again if what follows fails and no row names them.

    An account may be deleted, or a course given up, while the bytes are under way.
    """
    try:
        yield
    except BaseException:
        # What went wrong is told; a store or a database that is away only costs room.
        with suppress(StudyMasterError):
            async with unit_of_work() as work:
                is_kept = await queries.has_file(work.session, account_id, sha1=sha1)
            if not is_kept:
                await storage.remove(key)
        raise
