"""Ending a connection to a Moodle, and having one that broke tried again."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.rules import DISCONNECTED
from studymaster.features.sync import rules
from studymaster.features.sync.queries import runs as queries
from studymaster.features.sync.service.asking import may_try, request_sync, revive
from studymaster.features.sync.service.runs import cancel_runs
from studymaster.models import ConnectionState, MoodleConnection

NO_CONNECTION = "That Moodle is not one of yours."
CANNOT_TRY = "This Moodle needs you to connect again; the key at hand opens it no more."


async def disconnect(
    work: UnitOfWork, *, account_id: UUID, connection_id: UUID, now: datetime
) -> None:
    """Forget the key of a Moodle and read it no more; everything fetched stays.

    Raises:
        NotFoundError: the connection is not the student's.
    """
    await cancel_runs(work, account_id=account_id, connection_id=connection_id, now=now)
    connection = await _get(work, account_id=account_id, connection_id=connection_id)
    connection.state, connection.sealed_token = ConnectionState.BROKEN, ""
    connection.failure, connection.failure_code = rules.LEFT_BY_STUDENT, DISCONNECTED
    work.announce(news_for(account_id, Topic.SYNC))


async def try_again(
    work: UnitOfWork, *, account_id: UUID, connection_id: UUID, now: datetime
) -> None:
    """Read a Moodle again with the key at hand, after its student has acted there.

    Raises:
        NotFoundError: the connection is not the student's.
        ConflictError: the key opens it no more.
    """
    connection = await _get(work, account_id=account_id, connection_id=connection_id)
    if connection.state is ConnectionState.BROKEN:
        if not may_try(connection):
            raise ConflictError(CANNOT_TRY)
        await revive(work, connection)
    await request_sync(work, account_id=account_id, now=now)


async def _get(
    work: UnitOfWork, *, account_id: UUID, connection_id: UUID
) -> MoodleConnection:
    connection = await queries.connection_for_update(
        work.session, account_id, connection_id=connection_id
    )
    if connection is None:
        raise NotFoundError(NO_CONNECTION)
    return connection
