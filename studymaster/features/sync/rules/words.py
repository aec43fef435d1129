"""Moments, spans, sizes and numbers as a reader knows them. Pure."""

import re
from datetime import datetime, timedelta

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
KILOBYTE = 1_000
MEGABYTE = 1_000_000


def ago(moment: datetime | None, *, now: datetime) -> str:
    """Return how long ago something was, in words."""
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    steps = ((MINUTE, 1, ""), (HOUR, MINUTE, "min"), (DAY, HOUR, "h"))
    for limit, unit, name in steps:
        if seconds < limit:
            return f"{seconds // unit} {name} ago" if name else "just now"
    days = seconds // DAY
    return "yesterday" if days == 1 else f"{days} days ago"


def title(text: str, *, length: int) -> str:
    """Return the first words of a text in one line of so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def natural(name: str) -> list[str | int]:
    """Return what names are ordered by so that `Lecture 2` stands before `Lecture 10`.

    Capitals count as small letters.
    """
    # Words and numbers take turns, so a word is never compared with a number.
    parts = re.split(r"(\d+)", name.casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def count(number: int, one: str, many: str) -> str:
    """Return `1 file` or `3 files`."""
    return f"{number:,} {one if number == 1 else many}"


def so_long(span: timedelta) -> str:
    """Return how long something takes, in the largest unit that fits: `2 min`."""
    seconds = int(span.total_seconds())
    steps = ((HOUR, MINUTE, "min"), (DAY, HOUR, "h"))
    found = ((unit, name) for limit, unit, name in steps if MINUTE <= seconds < limit)
    unit, name = next(found, (1, "s") if seconds < MINUTE else (HOUR, "h"))
    return f"{seconds // unit} {name}"


def took(started: datetime | None, finished: datetime | None) -> str:
    """Return how long a run took, in words; empty when it never began."""
    if started is None or finished is None:
        return ""
    seconds = max(0, int((finished - started).total_seconds()))
    if seconds < MINUTE:
        return f"{seconds} s" if seconds else "under a second"
    return f"{seconds // MINUTE} min {seconds % MINUTE:02d} s"


def size(size_bytes: int) -> str:
    """Return what was fetched as a reader knows it: `0 MB`, `340 kB`, `2.6 MB`."""
    if 0 < size_bytes < MEGABYTE:
        return f"{-(-size_bytes // KILOBYTE):,} kB"
    return f"{size_bytes / MEGABYTE:,.1f} MB" if size_bytes else "0 MB"


LEAST_SAMPLE = timedelta(seconds=3)
"""Before that, nobody can say how fast a run goes."""

LAST_MINUTE = 50


def remaining(span: timedelta, *parts: tuple[int, int]) -> str:
    """Return how long a run still takes, in words; empty while nobody can say.

    Args:
        span: How long it has gone on.
        parts: (done, total) of what it counts: files and bytes, or courses. The slowest
            part says how long all take.
    """
    known = [(done, total) for done, total in parts if 0 < done <= total]
    if not known or span < LEAST_SAMPLE:
        return ""
    seconds = max(span.total_seconds() * (total - done) / done for done, total in known)
    if seconds < LAST_MINUTE:
        return "less than a minute left"
    minutes = round(seconds / MINUTE)
    if minutes < MINUTE:
        return f"about {max(1, minutes)} min left"
    return f"about {round(seconds / HOUR)} h left"
