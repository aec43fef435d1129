"""Worker processes for tests that kill them, or want many: loaded once, forked as Celery does.

`python -m tests.faults.workers` says "ready", then obeys lines: "sync ID ID..." forks a process
that syncs these accounts at once, "exchange ID ID" one that takes a file of an account in, and says
its number; "wait NUMBER" waits for its end and says
how it ended: 0, or minus the signal.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.conftest import ROOT


class Nursery:
    """The process that the workers are forked from."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def sync(self, account_ids: Sequence[object]) -> int:
        """Start a worker that syncs these accounts at once; return its process id."""
        return int(self._ask(" ".join(["sync", *map(str, account_ids)])))

    def exchange(self, account_id: object, transfer_id: object) -> int:
        """Start a worker that keeps a promise about a file of cards; return its process id."""
        return int(self._ask(f"exchange {account_id} {transfer_id}"))

    def wait(self, worker: int) -> int:
        """Return how a worker ended: 0 when all went well, or minus the signal."""
        return int(self._ask(f"wait {worker}"))

    def heed(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.heed()


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Load everything a worker needs; the workers must be over when the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.workers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        workers = Nursery(process)
        assert workers.heed() == "ready"
        try:
            yield workers
        finally:
            process.kill()


async def _sync(account_ids: Sequence[str]) -> None:
    from tests.jobs import carry_out
    from workers import sync

    jobs = (carry_out(sync.sync_account, account_id=number) for number in account_ids)
    await asyncio.gather(*jobs)


async def _exchange(ids: Sequence[str]) -> None:
    from tests.jobs import carry_out
    from workers import exchange

    account_id, transfer_id = ids
    await carry_out(exchange.exchange, account_id=account_id, transfer_id=transfer_id)


JOBS = {"sync": _sync, "exchange": _exchange}


def _fork(job: str, ids: Sequence[str]) -> int:
    worker = os.fork()
    if worker:
        return worker
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # its log is no answer
    code = 1
    try:
        asyncio.run(JOBS[job](ids))
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def _wait(worker: str) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(int(worker), 0)[1])


def _obey() -> None:
    import workers.exchange
    import workers.sync  # noqa: F401 - loaded once for all that are forked

    _say("ready")
    for line in sys.stdin:
        command, *what = line.split()
        _say(str(_fork(command, what) if command in JOBS else _wait(*what)))


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _obey()
