"""Shared resources that nobody can ever see again."""

from collections.abc import Sequence

from studymaster.adapters.database import UnitOfWork
from studymaster.features.campus.queries import resources as queries


async def delete_orphans(work: UnitOfWork) -> Sequence[str]:
    """Delete course resources that reports hid and whose author is gone.

    Returns the storage keys of the bytes that nothing names any more.
    """
    return await queries.remove_orphans(work.session)
