"""Runs the tools that `make check`, `make fix` and `make test` are made of, one after another."""

import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Step:
    """A command line, with the words that the terminal shows for it."""

    title: str
    command: tuple[str, ...]


def module(title: str, name: str, *arguments: str) -> Step:
    """Return the step that runs a Python module."""
    return Step(title, (sys.executable, "-m", name, *arguments))


def tool(title: str, name: str, *arguments: str) -> Step:
    """Return the step that runs a program of .venv."""
    return Step(title, (str(Path(sys.executable).parent / name), *arguments))


def run_all(steps: Iterable[Step]) -> int:
    """Run every step, also after a failure; show the output of those that fail.

    Returns:
        The exit code for the command as a whole: 0 only when every step passed.
    """
    failed = [step.title for step in steps if not _passes(step)]
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


def run_shown(step: Step, environment: Mapping[str, str] | None = None) -> int:
    """Run a step with its output on the terminal; return its exit code."""
    print(f"== {step.title}", flush=True)
    return subprocess.run(step.command, cwd=ROOT, env=environment, check=False).returncode


def _passes(step: Step) -> bool:
    started = time.monotonic()
    print(f"{step.title} ... ", end="", flush=True)
    done = subprocess.run(
        step.command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    passed = done.returncode == 0
    print(
        f"{'ok' if passed else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True
    )
    if not passed:
        print(done.stdout + done.stderr)
    return passed
