"""`make bench`: runs every measurement in benchmarks/, each a module that prints its table."""

import sys

from operate.steps import ROOT, module, run_shown


def main() -> int:
    """Run the measurements one after another; return the exit code."""
    files = sorted((ROOT / "benchmarks").glob("[a-z]*.py"))
    return max(
        (run_shown(module(file.stem, f"benchmarks.{file.stem}")) for file in files),
        default=0,
    )


if __name__ == "__main__":
    sys.exit(main())
