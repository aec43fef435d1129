"""The ledger as the page lists it: a sentence per line, under the day it belongs to."""

from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accountability.schemas import EntryView
from studymaster.features.points import service as points
from studymaster.features.points.schemas import LedgerLine
from studymaster.paging import Window

STEP = 30
"""So many lines more are shown at a time."""


async def list_entries(
    work: UnitOfWork, *, account_id: UUID, shown: int
) -> tuple[list[EntryView], bool]:
    """Return the first `shown` lines, newest day first, and whether more follow."""
    lines, offset = list[LedgerLine](), 0
    while True:
        found = await points.list_entries(
            work, account_id=account_id, window=Window(offset, STEP)
        )
        lines += found.items
        if found.next_offset is None or len(lines) >= shown:
            return _views(lines), found.next_offset is not None
        offset = found.next_offset


def _views(lines: list[LedgerLine]) -> list[EntryView]:
    return [
        EntryView(
            id=line.id,
            amount=f"{line.amount:+,}",
            gain=line.amount > 0,
            sentence=line.sentence,
            heading=_heading(line, before=lines[index - 1] if index else None),
        )
        for index, line in enumerate(lines)
    ]


def _heading(line: LedgerLine, *, before: LedgerLine | None) -> str:
    same = before is not None and before.day == line.day
    return "" if same else f"{line.day:%a %-d %b %Y}"
