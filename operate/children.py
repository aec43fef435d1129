"""The product's processes: started together, watched together, never left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from operate.ending import wait_over
from operate.errors import CannotStartError

MARK = "STUDYMASTER_RUN"  # in the environment of every process: which run it belongs to
PART = "STUDYMASTER_PART"  # and which of its parts
STOP_SECONDS = 8.0
MINUTE_SECONDS = 60.0
MOST_REVIVALS = 3
"""What ends so often within a minute will not run: then the whole run stops."""


class ChildStoppedError(CannotStartError):
    """One of the processes ended by itself."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process of the product, with the name that a person knows it by."""

    name: str
    command: Sequence[str]


@dataclass(slots=True)
class Running:
    """A process that was started, how, and when it had to be started again."""

    process: subprocess.Popen[bytes]
    child: Child
    environment: Mapping[str, str]
    folder: Path
    again: list[float] = field(default_factory=list[float])


class Family:
    """The processes of one run, each with its log."""

    def __init__(self, run: str, *, logs: Path) -> None:
        """Start with none.

        Args:
            run: name of the run, unique on this machine (its data folder).
            logs: folder that receives NAME.log of each process.
        """
        self._run = run
        self._logs = logs
        self._running: dict[str, Running] = {}

    def start(self, child: Child, environment: Mapping[str, str], *, folder: Path) -> None:
        """Start a process in a session of its own, so that Ctrl-C reaches only the parent."""
        self._logs.mkdir(parents=True, exist_ok=True)
        self._log(child.name).unlink(missing_ok=True)
        process = self._open(child, environment, folder)
        self._running[child.name] = Running(process, child, environment, folder)

    def _open(
        self, child: Child, environment: Mapping[str, str], folder: Path
    ) -> subprocess.Popen[bytes]:
        with self._log(child.name).open("ab") as log:
            return subprocess.Popen(
                child.command,
                cwd=folder,
                env={**environment, MARK: self._run, PART: child.name},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def check(self) -> None:
        """Notice a process that ended.

        Raises:
            ChildStoppedError: naming the process, its exit code and its log.
        """
        for name in self._running:
            if ended := self._ended(name):
                raise ChildStoppedError(ended)

    def revive(self, *, now: float) -> list[str]:
        """Start again what has ended; return a sentence for each.

        Args:
            now: Seconds on a clock that only goes forward.

        Raises:
            ChildStoppedError: a process ended MOST_REVIVALS times within a minute.
        """
        said: list[str] = []
        for name, running in self._running.items():
            ended = self._ended(name)
            if not ended:
                continue
            running.again = [one for one in running.again if now - one < MINUTE_SECONDS]
            if len(running.again) == MOST_REVIVALS:
                raise ChildStoppedError(ended)
            running.again.append(now)
            end_leftovers(self._run, name)  # they would hold its port
            running.process = self._open(running.child, running.environment, running.folder)
            said.append(f"{ended}. It was started again.")
        return said

    def _ended(self, name: str) -> str:
        """Return how a process ended, empty while it runs."""
        code = self._running[name].process.poll()
        if code is None:
            return ""
        how = f"exit code {code}" if code >= 0 else f"signal {-code}"
        return f"{name} stopped with {how}; see {self._log(name)}"

    def stop(self) -> None:
        """Ask every process to end, then end what has not, with all that it started itself."""
        processes = [running.process for running in self._running.values()]
        for process in processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - time.monotonic(), 0.01))
        end_leftovers(self._run)
        for process in processes:
            process.wait()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def end_leftovers(run: str, part: str | None = None) -> None:
    """End every process that bears the mark of a run: also what a killed run left behind.

    With `part` only what belongs to that part of it.
    """
    while left := _marked(run, part):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for process in left:
            wait_over(process)


def _marked(run: str, part: str | None) -> list[psutil.Process]:
    others = (process for process in psutil.process_iter() if process.pid != os.getpid())
    return [process for process in others if _belongs(process, run, part)]


def _belongs(process: psutil.Process, run: str, part: str | None) -> bool:
    try:
        environment = process.environ()
        return environment.get(MARK) == run and part in {None, environment.get(PART)}
    except (psutil.Error, OSError):
        return False
