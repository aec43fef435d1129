"""What runs brought, counted from what they noted as different."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.sync import rules
from studymaster.features.sync.queries import changes as queries
from studymaster.models import ChangeKind, SyncRun


@dataclass(frozen=True, slots=True)
class Brought:
    """What a run brought, and how many of the files that it asked for came."""

    tally: rules.Tally
    files_here: int


async def brought_by(
    work: UnitOfWork, *, account_id: UUID, runs: Collection[SyncRun]
) -> dict[UUID, Brought]:
    """Return what each of these runs brought."""
    session, ids = work.session, [run.id for run in runs]
    short = [run.id for run in runs if run.failed_count]
    kinds = await queries.kinds_of_runs(session, account_id, run_ids=ids)
    missed = await queries.files_missed(session, account_id, run_ids=short) if short else {}
    return {
        run.id: Brought(
            _tally(run, kinds.get(run.id, {})),
            files_here=max(0, run.files_done - missed.get(run.id, 0)),
        )
        for run in runs
    }


def _tally(run: SyncRun, kinds: dict[str, int]) -> rules.Tally:
    # A run counts all that is new; only in courses that were read before it is noted.
    here = run.new_count - kinds.get(ChangeKind.NEW.value, 0)
    return rules.Tally(here=max(0, here), kinds=kinds, missing=run.failed_count)
