"""Keeps every task that ended in an error for the host's page, without anybody's secrets."""

import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import structlog
from sqlmodel import col, func, select, update

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import StudyMasterError
from studymaster.features.accounts.schemas import FailedTask
from studymaster.features.accounts.service import hosting
from studymaster.models import TaskFailure

log = structlog.get_logger(__name__)

SHOWN_ENDS = ("_id",)
LONGEST_ARGUMENT = 40
LONGEST_ERROR = 2000
CUT = "…"


def describe(
    name: str, *, arguments: Mapping[str, object], error: BaseException
) -> FailedTask:
    """Return what may be kept of a failure: ids, and where it happened.

    What an unexpected error says may repeat a token or a student's words: of it only the
    kind and the place are kept, the log has the rest.
    """
    shown = [f"{key}={_shown(key, value)}" for key, value in sorted(arguments.items())]
    said = error.message if isinstance(error, StudyMasterError) else _place(error)
    return FailedTask(
        task=name, arguments=", ".join(shown), error=f"{type(error).__name__}: {said}"
    )


def _shown(key: str, value: object) -> str:
    return str(value)[:LONGEST_ARGUMENT] if key.endswith(SHOWN_ENDS) else CUT


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "before it began"
    last = frames[-1]
    return f"at {Path(last.filename).name}, line {last.lineno}, in {last.name}"


async def keep(failure: FailedTask) -> None:
    """Write a failure down; when even that fails, the log says so.

    What nobody has seen yet and comes again, with the same task, arguments and kind of error,
    stays one row, which says when and where it was last.
    """
    now = clock.now()
    try:
        async with unit_of_work() as work:
            if not await _renew(work, failure=failure, now=now):
                await hosting.note_failure(work, failure=failure, now=now)
    except StudyMasterError as error:
        log.warning("failure_not_kept", task=failure.task, reason=error.message)


async def _renew(work: UnitOfWork, *, failure: FailedTask, now: datetime) -> bool:
    """Bring the row up to date that tells of the same; return whether there is one."""
    # Of two runs that fail alike at once, the second finds the row of the first.
    lock = func.pg_advisory_xact_lock(func.hashtext(f"failures of {failure.task}"))
    await work.session.exec(select(lock))
    kind = failure.error.partition(":")[0]
    statement = (
        update(TaskFailure)
        .where(
            col(TaskFailure.seen_at).is_(None),
            col(TaskFailure.task) == failure.task,
            col(TaskFailure.arguments) == failure.arguments,
            col(TaskFailure.error).startswith(f"{kind}:", autoescape=True),
        )
        .values(error=failure.error[:LONGEST_ERROR], created_at=now)
        .returning(col(TaskFailure.id))
    )
    return (await work.session.exec(statement)).first() is not None
