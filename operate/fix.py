"""`make fix`: repairs what the style checks can repair themselves."""

import sys

from operate.steps import run_all, tool

REPAIRS = (
    tool("style", "ruff", "check", "--fix", "--quiet", "."),
    tool("layout", "ruff", "format", "--quiet", "."),
)

if __name__ == "__main__":
    sys.exit(run_all(REPAIRS))
