"""Tells when a process that was asked to end has let go of everything it held."""

import time
from contextlib import suppress

import psutil

PAUSE_SECONDS = 0.02


def is_over(process: psutil.Process) -> bool:
    """Say whether a process holds nothing any more.

    One whose parent has not noticed its end yet (a zombie) counts as over, once its last
    thread has gone: threads keep ports open a moment longer.
    """
    try:
        zombie = process.status() == psutil.STATUS_ZOMBIE
        return not process.is_running() or (zombie and process.num_threads() <= 1)
    except psutil.NoSuchProcess:
        return True


def wait_over(process: psutil.Process, *, patience_seconds: float = 0) -> None:
    """Wait for the end of a process, and end it by force when it takes longer than that."""
    deadline = time.monotonic() + patience_seconds
    while not is_over(process):
        if time.monotonic() > deadline:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        time.sleep(PAUSE_SECONDS)
