"""`make test`: every test. Those without a browser share two processes, the others run last."""

import sys
from pathlib import Path

from operate import chromium, frontend
from operate.errors import CannotStartError
from operate.steps import module, run_shown
from operate.terminal import say

DATA = Path(".data")
SUITES = (
    module("Tests without a browser", "pytest", "-n", "2", "-m", "not browser"),
    module("Tests in a browser", "pytest", "-m", "browser"),
)


def main() -> int:
    """Run both suites, also when the first fails; return the exit code."""
    try:
        say(f"Browser: {chromium.ensure()}")
        frontend.ensure_built(DATA / "tools", log=DATA / "logs" / "build.log", say=say)
    except CannotStartError as error:
        say(str(error))
        return 1
    return max([run_shown(suite) for suite in SUITES])


if __name__ == "__main__":
    sys.exit(main())
