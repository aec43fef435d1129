"""How a run is told in words, and when the next one is due. Pure."""

from datetime import datetime, timedelta

EVERY = timedelta(minutes=30)
SILENCE = timedelta(minutes=3)
"""A run that has not given a sign of life for so long was left by a dead worker."""

LEFT = timedelta(minutes=1)
"""A job that finds a run silent for so long (two signs of life) takes it over at once."""

PDF = "application/pdf"

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


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


def percent(*, courses: tuple[int, int], files: tuple[int, int]) -> int:
    """Return how far a run is: listing the courses is a fifth, fetching files the rest.

    Both pairs are (done, total).
    """
    listed = 20 * courses[0] // courses[1] if courses[1] else 0
    if not courses[1] or courses[0] < courses[1]:
        return listed
    return 20 + (80 * files[0] // files[1] if files[1] else 80)


def kind_of(start: bytes, *, listed: str) -> str:
    """Return the media type by which bytes are read: what they are, then what Moodle says."""
    plain = listed.partition(";")[0].strip().lower()
    return PDF if start.startswith(b"%PDF-") else plain


def count(number: int, one: str, many: str) -> str:
    """Return `1 file` or `3 files`."""
    return f"{number:,} {one if number == 1 else many}"


def outcome(*, new: int, changed: int, failed: int) -> str:
    """Return what a finished run brought, in one sentence."""
    parts = [
        count(new, "new item", "new items") if new else "",
        count(changed, "changed item", "changed items") if changed else "",
    ]
    news = " and ".join(part for part in parts if part) or "Nothing new"
    if not failed:
        return f"{news}."
    return (
        f"{news}. {count(failed, 'item', 'items')} did not come; the list below says why."
    )
