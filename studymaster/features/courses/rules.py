"""Which line colour a new course takes, and which numbers Moodle gives. Pure."""

from collections.abc import Iterable

LINES = 10


def next_line(taken: Iterable[int]) -> int:
    """Return the lowest of the ten lines that the fewest courses have."""
    lines = list(taken)
    return min(range(LINES), key=lambda line: (lines.count(line), line))


def is_moodle_id(number: int) -> bool:
    """Say whether a number can be an id in Moodle, which counts from 1 in 64 bits."""
    return 0 < number < 2**63
