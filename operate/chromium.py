"""The browser that the browser tests and the pictures drive: found, or installed.

Usage: python -m operate.chromium prints its path, after installing it where needed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from operate.errors import CannotStartError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT = (("apt-get", "update", "-q"), ("apt-get", "install", "-q", "-y", "chromium"))
PLAYWRIGHT = ((sys.executable, "-m", "playwright", "install", "chromium"),)

ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find() -> Path | None:
    """Return the machine's Chromium, else Playwright's own, else None."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    # Asked in a process of its own: the caller may be inside an event loop.
    asked = subprocess.run(
        [sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True, check=True
    )
    own = Path(asked.stdout.strip())
    return own if own.exists() else None


def ensure() -> Path:
    """Return a Chromium, installed by apt where we are root, else by Playwright.

    Raises:
        CannotStartError: there is none and none can be installed.
    """
    found = find()
    if found:
        return found
    print("Installing Chromium for the browser tests ...", file=sys.stderr, flush=True)
    by_apt = os.geteuid() == 0 and shutil.which("apt-get") is not None
    for command in APT if by_apt else PLAYWRIGHT:
        # The exit code of `apt-get update` counts for nothing: an old list may do.
        subprocess.run(command, stdout=sys.stderr, check=False)
    found = find()
    if found is None:
        msg = "No Chromium could be found or installed: install one, then run this again."
        raise CannotStartError(msg)
    return found


if __name__ == "__main__":
    try:
        print(ensure())
    except CannotStartError as error:
        sys.exit(str(error))
