"""`make bench`: measures the product part by part; a table here, the figures as JSON.

`python -m operate.bench review rest` measures these parts only.
"""

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.report import Report, report_of, table, write_json
from operate.steps import ROOT
from operate.terminal import say

PARTS = ("pages", "rest", "review", "study", "sync", "leaderboard", "sockets")
RESULTS = Path(".data/bench")
PART_SECONDS = 900.0
ENDING_SECONDS = 30.0
GIB = 1024**3


def main(wanted: Sequence[str]) -> int:
    """Measure the wanted parts, or all; return the exit code: 0 when every part held."""
    unknown = sorted({*wanted} - {*PARTS})
    if unknown:
        say(f"There is no part {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
        return 2
    began, reports, broken = datetime.now(UTC), dict[str, Report](), list[str]()
    for part in wanted or PARTS:
        report = _measure(part)
        if report is None:
            broken.append(part)
        else:
            reports[part] = report
            say(f"\n{table(report)}")
    _keep(reports, broken, began)
    if broken:
        say(f"Broken: {', '.join(broken)}. What went wrong stands above.")
    return 1 if broken else 0


def _measure(part: str) -> Report | None:
    """Measure a part in a process of its own; None when it breaks or takes too long."""
    say(f"Measuring: {part} ...")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "benchmarks", part, str(file)]
        with subprocess.Popen(command, cwd=ROOT) as process:
            try:
                code = process.wait(PART_SECONDS)
            except BaseException as error:
                _end(process)
                if not isinstance(error, subprocess.TimeoutExpired):
                    raise
                say(f"{part} took longer than {PART_SECONDS:.0f} seconds.")
                return None
        return report_of(json.loads(file.read_text("utf-8"))) if code == 0 else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Have a part take down its servers; end it by force when it does not."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _keep(reports: dict[str, Report], broken: Sequence[str], began: datetime) -> None:
    path = RESULTS / f"{began:%Y-%m-%d-%H%M%S}.json"
    seconds = (datetime.now(UTC) - began).total_seconds()
    content = {
        "began": began.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "machine": _machine(),
        "broken": list(broken),
        "parts": {part: report.as_json() for part, report in reports.items()},
    }
    write_json(path, content)
    say(f"\n{seconds:.0f} s in all; the figures are in {path}.")


def _machine() -> dict[str, object]:
    """Return what kind of machine this is, in words that name none."""
    return {
        "cores": os.cpu_count() or 0,
        "memory GiB": round(psutil.virtual_memory().total / GIB),
        "load of the last minute": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} on {platform.machine()}",
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
