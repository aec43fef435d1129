"""Which line colour a new course takes. Pure."""

from collections.abc import Iterable

LINES = 10


def next_line(taken: Iterable[int]) -> int:
    """Return the lowest of the ten lines that the fewest courses have."""
    lines = list(taken)
    return min(range(LINES), key=lambda line: (lines.count(line), line))
