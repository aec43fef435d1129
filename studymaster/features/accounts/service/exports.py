"""A student's data in one file: promised at once, packed by a worker, kept for a week."""

from datetime import datetime
from uuid import UUID, uuid4

from pydantic_core import to_jsonable_python
from sqlalchemy import RowMapping

from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.storage import Own, own_key
from studymaster.errors import ConflictError, NotFoundError, StudyMasterError
from studymaster.features.accounts.queries import exports as queries
from studymaster.features.accounts.rules import exports as rules
from studymaster.features.accounts.schemas import (
    ExportedRows,
    ExportView,
    JsonRow,
    OwnFile,
)
from studymaster.jobs import JobName
from studymaster.models import Export, RunState
from studymaster.paging import Stretch, Window, stretch

ROWS_AT_ONCE = 500
NO_EXPORT = "That export is not here any more. Ask for a new one in the settings."
NOT_READY = "Your export is still being packed. It is ready in a few minutes."
OUR_FAULT = "Packing your data failed because of a fault on our side. Ask for it again."


async def request_export(
    work: UnitOfWork, *, account_id: UUID, now: datetime
) -> ExportView:
    """Promise an export; while one is being packed, that is the one."""
    row = Export(
        id=uuid4(),
        account_id=account_id,
        state=RunState.QUEUED,
        beat_at=now,
        created_at=now,
    )
    if await queries.add(work.session, account_id, export=row):
        _send(work, row)
        return _view(row)
    known = await queries.unfinished(work.session, account_id)
    return _view(known or row)


def _send(work: UnitOfWork, row: Export) -> None:
    work.enqueue(
        JobName.EXPORT_ACCOUNT, account_id=str(row.account_id), export_id=str(row.id)
    )


async def list_exports(
    work: UnitOfWork, *, account_id: UUID, window: Window, now: datetime
) -> Stretch[ExportView]:
    """Return the account's exports that are not too old, newest first."""
    rows = await queries.exports(work.session, account_id, window=window)
    views = [_view(row) for row in rows if rules.expires_at(row.created_at) > now]
    return stretch(views, window=window)


def _view(row: Export) -> ExportView:
    done = row.state is RunState.DONE
    return ExportView(
        id=str(row.id),
        state=row.state.value,
        asked_at=row.created_at.isoformat(),
        expires_at=rules.expires_at(row.created_at).isoformat(),
        size=rules.size_in_words(row.size_bytes) if done else "",
        address=f"/api/v1/auth/exports/{row.id}" if done else "",
        failure=row.failure or "",
    )


async def get_file(
    work: UnitOfWork, *, account_id: UUID, export_id: UUID, now: datetime
) -> str:
    """Return the storage key of a finished export.

    Raises:
        NotFoundError: it is another student's, older than a week, or never was.
        ConflictError: it is not packed yet, or packing failed.
    """
    row = await queries.export_by_id(work.session, account_id, export_id=export_id)
    if row is None or rules.expires_at(row.created_at) <= now:
        raise NotFoundError(NO_EXPORT)
    if row.state is not RunState.DONE:
        raise ConflictError(row.failure or NOT_READY)
    return row.storage_key


async def start(
    work: UnitOfWork, *, account_id: UUID, export_id: UUID, now: datetime
) -> bool:
    """Take up a promise; False when it is kept already or was withdrawn."""
    row = await queries.export_for_update(work.session, account_id, export_id=export_id)
    if row is None or row.state not in queries.UNFINISHED:
        return False
    row.state, row.beat_at = RunState.RUNNING, now
    return True


async def give_sign_of_life(
    work: UnitOfWork, *, account_id: UUID, export_id: UUID, now: datetime
) -> None:
    """Show that a worker is still at it."""
    row = await queries.export_for_update(work.session, account_id, export_id=export_id)
    if row is not None:
        row.beat_at = now


async def finish(
    work: UnitOfWork, *, account_id: UUID, export_id: UUID, size_bytes: int, now: datetime
) -> bool:
    """Note that the file lies in its place; False when nobody waits for it any more."""
    row = await queries.export_for_update(work.session, account_id, export_id=export_id)
    if row is None:
        return False
    row.state, row.beat_at, row.failure = RunState.DONE, now, None
    row.size_bytes = size_bytes
    row.storage_key = rules.storage_key(account_id, export_id)
    return True


async def fail(
    work: UnitOfWork, *, account_id: UUID, export_id: UUID, error: Exception, now: datetime
) -> None:
    """Note why a promise could not be kept."""
    row = await queries.export_for_update(work.session, account_id, export_id=export_id)
    if row is None or row.state not in queries.UNFINISHED:
        return
    is_known = isinstance(error, StudyMasterError)
    row.state, row.beat_at = RunState.FAILED, now
    row.failure = error.message if is_known else OUR_FAULT


async def resend_silent(work: UnitOfWork, *, now: datetime) -> int:
    """Send again what a dead worker left, and tell how much that was."""
    rows = await queries.silent_exports(work.session, before=now - rules.SILENCE)
    for row in rows:
        row.beat_at = now
        _send(work, row)
    return len(rows)


def tables() -> list[str]:
    """Return the names of the tables that go into an export."""
    return queries.exported_tables()


async def read_rows(
    work: UnitOfWork, *, account_id: UUID, table: str, after: tuple[object, ...] | None
) -> ExportedRows:
    """Return the next rows of a table that are the student's, and the files they name."""
    found = await queries.own_rows(
        work.session, account_id, table=table, after=after, most=ROWS_AT_ONCE
    )
    files = [file for row in found for file in _files(table, row)]
    last = None
    if len(found) == ROWS_AT_ONCE:
        last = queries.key_of(table, found[-1])
    return ExportedRows([_row(table, row) for row in found], files, last)


def _row(table: str, row: RowMapping) -> JsonRow:
    theirs = {
        name: value for name, value in row.items() if not rules.is_left_out(table, name)
    }
    plain: JsonRow = to_jsonable_python(theirs)
    return plain


def _files(table: str, row: RowMapping) -> list[OwnFile]:
    key = row.get("storage_key")
    if table == "cardmedia":
        key = own_key(row["account_id"], Own.MEDIA, row["sha1"])
    if table in rules.PASSING or not key:
        return []
    name = row.get("filename") or row.get("name") or str(key).rsplit("/", 1)[-1]
    return [OwnFile(str(key), rules.file_name(table, row["id"], str(name)))]


async def read_uploads(work: UnitOfWork, *, account_id: UUID) -> list[OwnFile]:
    """Return the course files that the student uploaded themselves."""
    rows = await queries.own_uploads(work.session, account_id)
    return [
        OwnFile(key, rules.file_name("material", material, name))
        for key, name, material in rows
    ]
