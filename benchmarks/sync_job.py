"""A worker's sync in a process of its own, measured from inside.

`python -m benchmarks.sync_job ACCOUNT_ID TIMES FILE`: carries the job out so many times one after
the other and writes what each took into FILE. Loading the program and opening its way to the
database are not part of it: a worker runs for weeks.
"""

import asyncio
import inspect
import json
import re
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import event
from sqlmodel import col, select

from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.models import SyncRun
from workers import sync, texts
from workers.app import settle

WRITE = re.compile(
    r"(?<!FOR )(?<!KEY )\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE
)
"""A statement that changes a table; one that only locks rows (FOR UPDATE) does not."""
OWN_ROW = "syncrun"
MB = 1e6


@dataclass(slots=True)
class Run:
    """What one run took.

    Attributes:
        seconds: From its first statement to its last.
        cpu_seconds: Of the process and of those it started.
        memory_mb: The most that the process has had in memory so far.
        text_seconds: Of the job that then reads the text of what came, if anything did.
        text_cpu_seconds: Of the same.
        writes: Statements that change other tables than that of the runs.
        rows: Rows that these changed.
        own_writes: Statements that change the run's own row.
        statements: All statements.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    text_seconds: float = 0.0
    text_cpu_seconds: float = 0.0
    writes: int = 0
    rows: int = 0
    own_writes: int = 0
    statements: int = 0
    tables: dict[str, int] = field(default_factory=dict[str, int])

    def note(self, statement: str, rows: int) -> None:
        """Count a statement that PostgreSQL has carried out."""
        self.statements += 1
        written = WRITE.search(statement)
        if written is None:
            return
        table = written[1].lower()
        if table == OWN_ROW:
            self.own_writes += 1
            return
        self.writes += 1
        self.rows += max(rows, 0)
        self.tables[table] = self.tables.get(table, 0) + max(rows, 0)


def _cpu() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + started.ru_utime + started.ru_stime


def _most_memory_mb() -> float:
    status = Path("/proc/self/status").read_text("utf-8")
    kilobytes = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(kilobytes[1]) * 1024 / MB if kilobytes else 0.0


async def _measure(account_id: str) -> Run:
    run = Run()
    engine = get_engine().sync_engine

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        run.note(statement, cursor.rowcount)

    event.listen(engine, "after_cursor_execute", note)
    job = inspect.unwrap(sync.sync_account.run)  # pyright: ignore[reportFunctionMemberAccess] - a Celery task
    began, cpu = time.perf_counter(), _cpu()
    try:
        await job(account_id=account_id)
    finally:
        event.remove(engine, "after_cursor_execute", note)
    run.seconds, run.cpu_seconds = time.perf_counter() - began, _cpu() - cpu
    began, cpu = time.perf_counter(), _cpu()
    await _read_texts()
    run.text_seconds, run.text_cpu_seconds = time.perf_counter() - began, _cpu() - cpu
    run.memory_mb = _most_memory_mb()
    return run


async def _read_texts() -> None:
    """Carry out the job that the run has asked for, if it did."""
    read = inspect.unwrap(texts.read_texts.run)  # pyright: ignore[reportFunctionMemberAccess] - a Celery task
    waiting = select(SyncRun).where(col(SyncRun.reading_at).is_not(None))
    async with unit_of_work() as work:
        found = (await work.session.exec(waiting)).all()
    for run in found:
        await read(account_id=str(run.account_id), run_id=str(run.id))


async def _carry_out(account_id: str, times: int) -> list[Run]:
    settle()  # as the process of a worker does once it is loaded
    await _measure(str(uuid4()))  # a job for nobody, who has nothing to be synced
    runs = [await _measure(account_id) for _ in range(times)]
    await get_engine().dispose()
    return runs


if __name__ == "__main__":
    found = asyncio.run(_carry_out(sys.argv[1], int(sys.argv[2])))
    Path(sys.argv[3]).write_text(json.dumps([asdict(run) for run in found]), "utf-8")
