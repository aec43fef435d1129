"""Telling one student what another one did, unless the two do not meet."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.campus.queries import audience as queries
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify


async def tell_of(
    work: UnitOfWork,
    *,
    sender_id: UUID,
    account_id: UUID,
    notice: Notice,
    now: datetime,
) -> None:
    """Notify a student of what `sender_id` did, unless one of the two blocks the other."""
    if not await queries.is_apart(work.session, account_id, other_id=sender_id):
        await notify(work, account_id=account_id, notice=notice, now=now)
