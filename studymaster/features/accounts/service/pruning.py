"""What is thrown away because it is old: nothing that a student made."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.queries import exports, leaving
from studymaster.features.accounts.rules import exports as export_rules
from studymaster.features.accounts.rules import leaving as rules

FILES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class OldExport:
    """An export whose week is over, and where its file lies (or lay)."""

    account_id: UUID
    export_id: UUID
    storage_key: str


async def prune_rows(work: UnitOfWork, *, now: datetime) -> dict[str, int]:
    """Delete old rows, and tell how many of each."""
    session = work.session
    return {
        "sessions": await leaving.remove_old_sessions(
            session, before=now - rules.SESSION_LIFE
        ),
        "sync_runs": await leaving.remove_old_runs(session, before=now - rules.RUN_LIFE),
        "notifications": await leaving.remove_old_notifications(
            session, before=now - rules.NOTIFICATION_LIFE
        ),
        "task_failures": await leaving.remove_seen_failures(
            session, before=now - rules.FAILURE_LIFE
        ),
    }


async def old_exports(work: UnitOfWork, *, now: datetime) -> list[OldExport]:
    """Return some of the exports whose week is over."""
    rows = await exports.old_exports(
        work.session, before=now - export_rules.LIFE, most=FILES_AT_ONCE
    )
    return [
        OldExport(row.account_id, row.id, export_rules.storage_key(row.account_id, row.id))
        for row in rows
    ]


async def forget_export(work: UnitOfWork, export: OldExport) -> None:
    """Delete the row of an export whose file is gone."""
    await leaving.remove_export(work.session, export.account_id, export_id=export.export_id)
