"""Background work on accounts: packing a student's data, deleting an account, tidying up."""

import json
from asyncio import to_thread
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from studymaster.adapters import archives, clock
from studymaster.adapters.archives import Archive
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.moodle.partial import clean
from studymaster.adapters.storage import FileGoneError, get_storage
from studymaster.features.accounts.rules import exports as rules
from studymaster.features.accounts.schemas import OwnFile
from studymaster.features.accounts.service import exports, leaving, pruning
from studymaster.features.campus.service import deserted, orphans, resources
from studymaster.features.exchange.service import transfers
from studymaster.features.flashcards.service import undoing
from studymaster.features.notifications import service as notifications
from studymaster.features.notifications.schemas import Notice
from studymaster.jobs import JobName
from studymaster.models import NotificationKind
from workers.apart import promised
from workers.app import task
from workers.visit.files import parts_folder

log = structlog.get_logger(__name__)

OWN_DATA = "/settings#your-data"
READY = "Your data is ready to download"
READY_TEXT = "The file stays in the settings for seven days."
MOST_PARTS_BYTES = 2_000_000_000
"""So much of what was begun and not finished is kept for the next try."""


@task(JobName.EXPORT_ACCOUNT)
async def export_account(*, account_id: str, export_id: str) -> None:
    """Pack what was promised; done work is not done again."""
    account, promise = UUID(account_id), UUID(export_id)
    say_why = partial(_say_why, account_id=account, promise=promise)
    async with promised(say_why):
        await _keep_promise(account, promise)


async def _say_why(
    work: UnitOfWork, *, account_id: UUID, promise: UUID, error: Exception, now: datetime
) -> None:
    await exports.fail(work, account_id=account_id, export_id=promise, error=error, now=now)
    notice = _bad_news(promise)
    await notifications.notify(work, account_id=account_id, notice=notice, now=now)


async def _keep_promise(account: UUID, promise: UUID) -> None:
    async with unit_of_work() as work:
        if not await exports.start(
            work, account_id=account, export_id=promise, now=clock.now()
        ):
            return
    key = rules.storage_key(account, promise)
    async with archives.packed(_Packing(account, promise).fill) as path:
        await get_storage().put_file(path, key)
        size = path.stat().st_size
    async with unit_of_work() as work:
        is_wanted = await exports.finish(
            work, account_id=account, export_id=promise, size_bytes=size, now=clock.now()
        )
        if is_wanted:
            await notifications.notify(
                work, account_id=account, notice=_notice(promise), now=clock.now()
            )
    if not is_wanted:
        await get_storage().remove(key)


def _notice(promise: UUID) -> Notice:
    return Notice(
        kind=NotificationKind.ACCOUNT,
        title=READY,
        text=READY_TEXT,
        path=OWN_DATA,
        cause=f"export:{promise}",
    )


def _bad_news(promise: UUID) -> Notice:
    return Notice(
        kind=NotificationKind.ACCOUNT,
        title="Your data could not be packed",
        text="The settings say why. You can ask for it again there.",
        path=OWN_DATA,
        cause=f"export-failed:{promise}",
    )


class _Packing:
    """One export on its way into an archive."""

    def __init__(self, account: UUID, promise: UUID) -> None:
        self._account = account
        self._promise = promise
        self._missing: list[str] = []

    async def fill(self, archive: Archive) -> None:
        """Write every table, then every file that the student made."""
        await archive.add_text(rules.READ_ME, "README.txt")
        files: list[OwnFile] = []
        for table in exports.tables():
            files += await self._add_table(archive, table)
        async with unit_of_work() as work:
            files += await exports.read_uploads(work, account_id=self._account)
        for file in files:
            await self._add_file(archive, file)
        if self._missing:
            await archive.add_text(json.dumps(self._missing), "missing.json")

    async def _add_table(self, archive: Archive, table: str) -> list[OwnFile]:
        files: list[OwnFile] = []
        after: tuple[object, ...] | None = None
        gap = "["
        async with archive.entry(f"tables/{table}.json") as write:
            while True:
                async with unit_of_work() as work:
                    part = await exports.read_rows(
                        work, account_id=self._account, table=table, after=after
                    )
                for row in part.rows:
                    await write(f"{gap}\n{json.dumps(row, ensure_ascii=False)}")
                    gap = ","
                files += part.files
                await self._give_sign_of_life()
                after = part.after
                if after is None:
                    break
            await write("[]\n" if gap == "[" else "\n]\n")
        return files

    async def _add_file(self, archive: Archive, file: OwnFile) -> None:
        try:
            async with get_storage().lend(file.storage_key) as path:
                await archive.add_file(path, file.name)
        except FileGoneError:
            self._missing.append(file.name)
        await self._give_sign_of_life()

    async def _give_sign_of_life(self) -> None:
        async with unit_of_work() as work:
            await exports.give_sign_of_life(
                work,
                account_id=self._account,
                export_id=self._promise,
                now=clock.now(),
            )


@task(JobName.DELETE_ACCOUNT)
async def delete_account(*, account_id: str) -> None:
    """Delete the account's files, then its rows; whatever was cut short is done again.

    The files go first: as long as the account is there, the sweeper remembers them. They go
    once more at the end, for what another worker wrote meanwhile.
    """
    account = UUID(account_id)
    async with unit_of_work() as work:
        if not await leaving.is_leaving(work, account_id=account):
            return
    await get_storage().remove_folder(f"users/{account}")
    async with unit_of_work() as work:
        shared = await deserted.delete_deserted(work, account_id=account)
        await leaving.remove_rows(work, account_id=account)
    for key in shared:
        await resources.forget_file(get_storage(), key)
    await get_storage().remove_folder(f"users/{account}")
    log.info("account_deleted")


@task(JobName.PRUNE_OLD)
async def prune_old() -> None:
    """Throw away what is too old to be of use."""
    now = clock.now()
    async with unit_of_work() as work:
        counts = await pruning.prune_rows(work, now=now)
        counts["undo_steps"] = await undoing.prune(work, now=now)
        unseen = await orphans.delete_orphans(work)
    for key in unseen:
        await resources.forget_file(get_storage(), key)
    counts["exports"] = await _prune_exports(now)
    counts["transfers"] = await transfers.prune(now=now)
    counts["parts_bytes"] = await to_thread(
        clean, parts_folder(), now=now, most_bytes=MOST_PARTS_BYTES
    )
    log.info("old_rows_pruned", **counts)


async def _prune_exports(now: datetime) -> int:
    count = 0
    while True:
        async with unit_of_work() as work:
            old = await pruning.old_exports(work, now=now)
        for export in old:
            await get_storage().remove(export.storage_key)
            async with unit_of_work() as work:
                await pruning.forget_export(work, export)
        count += len(old)
        if not old:
            return count
