"""Measures one part: `python -m benchmarks PART [FILE]`; FILE receives the figures as JSON.

A part has a process of its own: what one leaves in memory is no matter of the next.
"""

import asyncio
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks import scene
from benchmarks.measure import MS, watched
from benchmarks.report import Report, table, write_json


async def _measure(part: str, place: scene.Scene) -> Report:
    # After the servers are up: modules read the settings when they are imported.
    module = import_module(f"benchmarks.{part}")
    return await module.measure(place, datetime.now(UTC))


def main(part: str, file: str = "") -> None:
    """Measure; print the table, or write the figures into a file."""
    with watched() as watch, scene.opened() as place:
        report = asyncio.run(_measure(part, place))
    report.seconds = watch.ms / MS
    if file:
        write_json(Path(file), report.as_json())
    else:
        print(table(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
