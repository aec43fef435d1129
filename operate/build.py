"""Builds the pages and nothing else: for an image that is started elsewhere."""

import sys
from pathlib import Path

from operate import frontend
from operate.errors import CannotStartError
from operate.terminal import say

DATA = Path(".data")

if __name__ == "__main__":
    try:
        frontend.ensure_built(DATA / "tools", log=DATA / "logs" / "build.log", say=say)
    except CannotStartError as error:
        sys.exit(str(error))
