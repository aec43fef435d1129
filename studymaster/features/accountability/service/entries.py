"""The ledger as the page lists it: neighbours that say the same stand as one line."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accountability import rules
from studymaster.features.accountability.queries import ledger as queries
from studymaster.features.accountability.queries.ledger import LedgerFold
from studymaster.features.accountability.schemas import EntryView
from studymaster.features.flashcards.rules.rewards import POINTS_CAUSE

STEP = 30
"""So many lines more are shown at a time."""

LOOK_BACK = 256
"""So many of the newest lines are folded first; four times as many if they do not do."""


async def list_entries(
    work: UnitOfWork, *, account_id: UUID, shown: int
) -> tuple[list[EntryView], bool]:
    """Return the first `shown` lines, newest first, and whether more follow.

    Reviews of one course that were called the same, one after the other, are one line.
    """
    rows = await _newest_folds(work, account_id=account_id, limit=shown + 1)
    return _views(rows[:shown]), len(rows) > shown


async def _newest_folds(
    work: UnitOfWork, *, account_id: UUID, limit: int
) -> Sequence[LedgerFold]:
    """Fold as few days as hold enough: no fold reaches over the end of a day."""
    back = LOOK_BACK
    while True:
        since = await queries.day_of_line(work.session, account_id, number=back)
        rows = await queries.ledger_folds(
            work.session,
            account_id,
            reviews=POINTS_CAUSE,
            since=since or date.min,
            limit=limit,
        )
        if since is None or len(rows) == limit:
            return rows
        back *= 4


def _views(rows: Sequence[LedgerFold]) -> list[EntryView]:
    return [
        EntryView(
            id=str(row.first),
            amount=rules.signed(row.points),
            gain=row.points > 0,
            sentence=row.sentence,
            detail=_detail(row),
            heading=_heading(row, before=rows[index - 1] if index else None),
        )
        for index, row in enumerate(rows)
    ]


def _detail(row: LedgerFold) -> str:
    times = f"{row.lines:,} times" if row.lines > 1 else ""
    return " · ".join(part for part in (row.place, times) if part)


def _heading(row: LedgerFold, *, before: LedgerFold | None) -> str:
    same = before is not None and before.day == row.day
    return "" if same else f"{row.day:%a %-d %b %Y}"
