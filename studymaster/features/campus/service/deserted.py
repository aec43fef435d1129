"""Groups that go together with the last account in them."""

from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.campus.queries import groups as queries
from studymaster.features.campus.service.places import lock_group
from studymaster.models import GroupMember, StudyGroup


async def delete_deserted(work: UnitOfWork, *, account_id: UUID) -> list[str]:
    """Delete the groups in which nobody is but an account that is being deleted.

    Otherwise whoever holds an old invitation would own the group, and read its chat. Call it
    before the account's own rows go, in the same unit of work. Returns the storage keys of
    the bytes that nothing names any more.
    """
    session, keys = work.session, list[str]()
    for group_id in await queries.ids_of_groups(session, account_id):
        await lock_group(work, group_id)
        if await queries.count_others(session, account_id, group_id=group_id):
            continue
        keys += await queries.shared_files(session, account_id, group_id=group_id)
        # The place goes first: whoever is saying something in here just now holds it.
        await session.delete(await session.get_one(GroupMember, (group_id, account_id)))
        await session.flush()
        await session.delete(await session.get_one(StudyGroup, group_id))
        await session.flush()
    return keys
