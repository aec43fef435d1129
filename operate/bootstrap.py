"""Makes .venv with the pinned packages, then runs one of the product's commands in it.

Usage: bootstrap.py [--tools] COMMAND [ARGUMENT ...]

Runs before anything is installed and on whatever Python is found, so it uses the standard
library and the syntax of Python 3.6 only: an old Python must get far enough to be told so.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - 3.6
ENVIRONMENT = os.path.join(ROOT, ".venv")  # noqa: PTH118 - see the module's first words
PYTHON = os.path.join(ENVIRONMENT, "bin", "python")  # noqa: PTH118
MARK = os.path.join(ENVIRONMENT, "installed-requirements")  # noqa: PTH118
LOG = os.path.join(ROOT, ".data", "logs", "install.log")  # noqa: PTH118
OLDEST_PYTHON = (3, 11)
FREE_BYTES_TO_INSTALL = 3 * 1024**3
FREE_BYTES_TO_RUN = 300 * 1024**2
OFFLINE_SIGNS = ("connection broken", "NewConnectionError", "ConnectionError", "timed out")
REQUIREMENTS = ("requirements.txt",)
REQUIREMENTS_WITH_TOOLS = ("requirements.txt", "requirements-dev.txt")


class NotPossible(Exception):  # noqa: N818 - reads as the sentence it carries
    """The machine lacks something; the message says what to do."""


def main(arguments: "list[str]") -> None:
    """Prepare the environment, then become the command; say why when that is impossible."""
    files = REQUIREMENTS
    if arguments[:1] == ["--tools"]:
        files, arguments = REQUIREMENTS_WITH_TOOLS, arguments[1:]
    try:
        check_python(sys.version_info[:3])
        os.chdir(ROOT)
        ensure_packages(files)
    except NotPossible as refusal:
        sys.exit(f"StudyMaster cannot start: {refusal}")
    except KeyboardInterrupt:
        sys.exit(130)
    command = [PYTHON, "-m", "operate." + arguments[0], *arguments[1:]]
    os.execv(PYTHON, command)  # noqa: S606 - our own program, no shell


def check_python(version: "tuple[int, ...]") -> None:
    """Refuse a Python that is too old."""
    if version[:2] < OLDEST_PYTHON:
        msg = (
            f"Python 3.11 or newer is needed, and this one is {version[0]}.{version[1]}. "
            "Install a newer one, or name it: make PYTHON=/path/to/python3."
        )
        raise NotPossible(msg)


def ensure_packages(files: "tuple[str, ...]") -> None:
    """Install what the requirement files pin, unless exactly that is installed already."""
    wanted = fingerprint(files)
    if wanted in installed():
        check_disk(shutil.disk_usage(ROOT).free, FREE_BYTES_TO_RUN)
        return
    check_disk(shutil.disk_usage(ROOT).free, FREE_BYTES_TO_INSTALL)
    os.makedirs(os.path.dirname(LOG), exist_ok=True)  # noqa: PTH103, PTH120
    make_environment()
    install(files)
    with open(MARK, "w") as mark:  # noqa: PTH123
        # More than asked for is fine next time: the tools come on top of the product's own.
        mark.write("\n".join({wanted, fingerprint(REQUIREMENTS)}))


def check_disk(free: int, needed: int) -> None:
    """Refuse to start what would fill the disk."""
    if free < needed:
        msg = (
            f"{needed / 1e9:.1f} GB of free disk space are needed in {ROOT}, and "
            f"{free / 1e9:.1f} GB are free. Make room and run the command again."
        )
        raise NotPossible(msg)


def fingerprint(files: "tuple[str, ...]") -> str:
    """Return one hash of the requirement files and the Python that they are for."""
    digest = hashlib.sha256(sys.version.encode())
    for name in files:
        with open(os.path.join(ROOT, name), "rb") as file:  # noqa: PTH118, PTH123
            digest.update(file.read())
    return digest.hexdigest()


def installed() -> "list[str]":
    """Return the fingerprints that the environment satisfies."""
    try:
        with open(MARK) as mark:  # noqa: PTH123
            satisfied = mark.read().split()
    except OSError:
        return []
    return satisfied if works([PYTHON, "-c", ""]) else []


def make_environment() -> None:
    """Make .venv, or make it anew when it is broken."""
    if works([PYTHON, "-m", "pip", "--version"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        msg = (
            "this Python cannot make virtual environments. On Debian or Ubuntu run "
            f"'apt install {package}', then the command again."
        )
        raise NotPossible(msg)
    if logged([sys.executable, "-m", "venv", "--clear", ENVIRONMENT]) != 0:
        msg = f"the folder .venv could not be made; see {LOG}."
        raise NotPossible(msg)


def install(files: "tuple[str, ...]") -> None:
    """Install the pinned packages, saying why not in one sentence."""
    sys.stdout.write("Installing the Python packages (once, about 1 GB) ...\n")
    sys.stdout.flush()
    named = [part for name in files for part in ("-r", name)]
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--retries", "2"]
    if logged(pip + named) == 0:
        return
    with open(LOG) as log:  # noqa: PTH123
        text = log.read()
    msg = f"the Python packages could not be installed; see {LOG}."
    if any(sign in text for sign in OFFLINE_SIGNS):
        msg = (
            "the Python packages could not be downloaded, as the package index does not "
            f"answer. Check the network and run the command again. Details: {LOG}"
        )
    raise NotPossible(msg)


def works(command: "list[str]") -> bool:
    """Say whether a command can be run and succeeds."""
    try:
        return (
            subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            == 0
        )
    except OSError:
        return False


def logged(command: "list[str]") -> int:
    """Run a command with its output in the log; return its exit code."""
    with open(LOG, "w") as log:  # noqa: PTH123
        return subprocess.call(command, stdout=log, stderr=log)


if __name__ == "__main__":
    main(sys.argv[1:])
