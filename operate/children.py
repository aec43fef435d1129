"""The product's processes: started together, watched together, never left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from operate.ending import wait_over
from operate.errors import CannotStartError

MARK = "STUDYMASTER_RUN"  # in the environment of every process: which run it belongs to
STOP_SECONDS = 8.0


class ChildStoppedError(CannotStartError):
    """One of the processes ended by itself."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process of the product, with the name that a person knows it by."""

    name: str
    command: Sequence[str]


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
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, child: Child, environment: Mapping[str, str], *, folder: Path) -> None:
        """Start a process in a session of its own, so that Ctrl-C reaches only the parent."""
        self._logs.mkdir(parents=True, exist_ok=True)
        with self._log(child.name).open("wb") as log:
            self._processes[child.name] = subprocess.Popen(
                child.command,
                cwd=folder,
                env={**environment, MARK: self._run},
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
        for name, process in self._processes.items():
            code = process.poll()
            if code is not None:
                how = f"exit code {code}" if code >= 0 else f"signal {-code}"
                msg = f"{name} stopped with {how}; see {self._log(name)}"
                raise ChildStoppedError(msg)

    def stop(self) -> None:
        """Ask every process to end, then end what has not, with all that it started itself."""
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - time.monotonic(), 0.01))
        end_leftovers(self._run)
        for process in self._processes.values():
            process.wait()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def end_leftovers(run: str) -> None:
    """End every process that bears the mark of a run: also what a killed run left behind."""
    while left := _marked(run):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for process in left:
            wait_over(process)


def _marked(run: str) -> list[psutil.Process]:
    others = (process for process in psutil.process_iter() if process.pid != os.getpid())
    return [process for process in others if _belongs(process, run)]


def _belongs(process: psutil.Process, run: str) -> bool:
    try:
        return process.environ().get(MARK) == run
    except (psutil.Error, OSError):
        return False
