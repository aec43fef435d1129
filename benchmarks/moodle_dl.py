"""The other client that Live Sync is measured against: moodle-dl, from a package registry.

It is no part of the product: it gets a virtual environment of its own under `.data/bench`.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measure import MS, watched
from benchmarks.scene import ROOT

VERSION = "2.3.13"
HOME = ROOT / ".data" / "bench" / "moodle-dl-venv"
PROGRAM = HOME / "bin" / "moodle-dl"
LONGEST_S = 300


class NotThereError(Exception):
    """moodle-dl could not be installed, or did not do its work."""


def install() -> None:
    """Install it unless it is there.

    Raises:
        NotThereError: that failed; the comparison cannot be made.
    """
    if PROGRAM.exists() and VERSION in _run("--version"):
        return
    shutil.rmtree(HOME, ignore_errors=True)
    for command in (
        (sys.executable, "-m", "venv", str(HOME)),
        (str(HOME / "bin" / "pip"), "install", "--quiet", f"moodle-dl=={VERSION}"),
    ):
        made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if made.returncode:
            msg = (
                f"moodle-dl {VERSION} could not be installed: {made.stderr.strip()[-400:]}"
            )
            raise NotThereError(msg)


def seconds_to_start() -> float:
    """Return how long it takes to load and say its version."""
    with watched() as watch:
        _run("--version")
    return watch.ms / MS


def configure(folder: Path, *, site: str, token: str) -> None:
    """Write the settings of an empty download folder: every course, its files."""
    parts = urlsplit(site)
    folder.mkdir(parents=True)
    settings = {
        "token": token,
        "privatetoken": None,
        "moodle_domain": parts.netloc,
        "moodle_path": f"{parts.path.rstrip('/')}/",
        "use_http": parts.scheme == "http",
    }
    (folder / "config.json").write_text(json.dumps(settings), "utf-8")


def download(folder: Path) -> float:
    """Bring in what is new into a folder; return how many seconds it took.

    Raises:
        NotThereError: it did not go through.
    """
    with watched() as watch:
        said = _run("--path", str(folder))
    if "All done" not in said:
        msg = f"moodle-dl did not go through: {said[-400:]}"
        raise NotThereError(msg)
    return watch.ms / MS


def count_files(folder: Path) -> int:
    """Return how many files it has brought in."""
    apart = {"config.json", "moodle_state.db"}
    return sum(
        path.is_file() and path.name not in apart and path.suffix != ".desktop"
        for path in folder.rglob("*")
    )


def _run(*words: str) -> str:
    ran = subprocess.run(  # noqa: S603 - our own words
        [str(PROGRAM), *words],
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    return ran.stdout + ran.stderr
