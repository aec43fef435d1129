"""How a run is told in words, what it found different, and when the next is due. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

EVERY = timedelta(minutes=30)
SILENCE = timedelta(minutes=3)
"""A run that has not given a sign of life for so long was left by a dead worker."""

LEFT = timedelta(minutes=1)
"""A job that finds a run silent for so long (two signs of life) takes it over at once."""

LECTURES_A_RUN = 5
"""Lectures that a run has cards proposed for by itself; a term's worth would drown a day."""

LECTURE_PATH = "/smart-study/lecture/"

PROMPT = timedelta(seconds=30)
"""A run that waits longer for its worker says why it may."""

TEXTS = ("lecture or other text", "lectures and other texts")
"""What cards can be made from: files, pages, chapters and glossaries that could be read."""

NO_TEXT = "with no text to make cards from yet"
"""There may well be lectures: scans, locked or damaged files, or files still to come."""

NO_COURSES = (
    "Moodle lists no courses for you yet",
    "Once you are enrolled in one, the next sync brings it.",
)

PDF = "application/pdf"

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


def percent(*, courses: tuple[int, int], files: tuple[int, int]) -> int:
    """Return how far a run is: listing the courses is a fifth, fetching files the rest.

    Both pairs are (done, total).
    """
    listed = 20 * courses[0] // courses[1] if courses[1] else 0
    if not courses[1] or courses[0] < courses[1]:
        return listed
    return 20 + (80 * files[0] // files[1] if files[1] else 0)


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


def hope(asked: datetime, *, automatic: bool, zone: str) -> str:
    """Return what becomes of a run that stopped, in the student's own time.

    Args:
        asked: When the run was asked for.
        automatic: Whether runs come by themselves.
        zone: The student's time zone.
    """
    if not automatic:
        return "Your cards are safe; nothing is tried again until you ask for it."
    at = (asked + EVERY).astimezone(ZoneInfo(zone))
    return f"Your cards are safe; the next try is at about {at:%H:%M}."


def nothing_new(times: int) -> str:
    """Return what several runs after each other brought that brought nothing."""
    return f"Nothing new, {times:,} times in a row."


WORDS: Mapping[str, str] = {
    "new": "new",
    "changed": "new version",
    "renamed": "renamed",
    "moved": "moved to another section",
    "gone": "not in Moodle any more",
    "back": "back in Moodle",
    "restricted": "shut in Moodle",
    "opened": "open again in Moodle",
}
"""In words what happened to a material; the keys are the values of `ChangeKind`."""

TOLD = ("new", "changed", "back", "opened")
"""What is worth a notification; the rest can be read on the page."""


def change_of(*, differs: bool, listed: bool, renamed: bool, moved: bool) -> str | None:
    """Return what happened to a known thing that Moodle lists now; the weightiest counts.

    Args:
        differs: Its content is not what it was.
        listed: Moodle listed it the last time.
        renamed: It has another name.
        moved: It stands in another section.
    """
    happened = (
        (differs, "changed"),
        (not listed, "back"),
        (renamed, "renamed"),
        (moved, "moved"),
    )
    return next((kind for holds, kind in happened if holds), None)


def waiting(waited: timedelta, *, ahead: int) -> str:
    """Return what is going on while a run waits for a worker.

    Args:
        waited: For how long.
        ahead: How many runs of other students are under way or were promised earlier.
    """
    if waited < PROMPT:
        return "It starts by itself."
    if ahead:
        go_first = count(ahead, "sync of another student goes", "syncs of others go")
        reason = f"{go_first} first"
    else:
        reason = "the worker is busy with other things, or away"
    return f"It has waited for {_so_long(waited)}: {reason}. It starts by itself; nothing is lost."


def _so_long(span: timedelta) -> str:
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


def fetched(files: int, *, size_bytes: int, failed: int) -> str:
    """Return what a run fetched, in words; texts that come with a listing are no files.

    Args:
        files: How many files it went through.
        size_bytes: What came of them.
        failed: How many things did not come. Where any did not, files may be among them.
    """
    if not files:
        return "no files fetched"
    done = "asked for" if failed else "fetched"
    number = f"{count(files, 'file', 'files')} {done}"
    return f"{number} · {size(size_bytes)}" if size_bytes else number


def found(firsts: Sequence[int], *, counted: int, listed: int, stopped: bool) -> str:
    """Return what a run found in words, as far as the list of it does not say it.

    Args:
        firsts: How many items lie in each course that was read for the first time.
        counted: How many new and changed items the run counted.
        listed: How many things are in the list.
        stopped: Whether the run ended before its time.
    """
    if firsts:
        courses = count(len(firsts), "course", "courses")
        items = count(sum(firsts), "item", "items")
        return (
            f"The first sync of {courses}: {items}. "
            "Later syncs list here what is new or changed."
        )
    if listed:
        return ""
    if counted:
        return "What it found is not here any more."
    return "It stopped before it found anything." if stopped else "Nothing was different."


def lecture_path(material_id: str, *, what: str) -> str:
    """Return the page of a material; empty for what is gone."""
    return "" if what == "gone" else f"{LECTURE_PATH}{material_id}"


def first_news(arrived: Sequence[tuple[str, int]]) -> tuple[str, str]:
    """Return title and text of the notification of the first run that went through.

    Args:
        arrived: (course, how many lectures and other texts lie in it).
    """
    if not arrived:
        title, text = NO_COURSES
        return title, text
    number = count(len(arrived), "course", "courses")
    texts = sum(item[1] for item in arrived)
    title = "Your course is here" if len(arrived) == 1 else "Your courses are here"
    if not texts:
        return title, f"{number}, {NO_TEXT}. The next syncs bring what comes."
    held = count(texts, *TEXTS)
    return title, f"{number} with {held}. Make cards from one in Smart Study."


def news(
    counts: Iterable[tuple[str, str, int]],
    *,
    failed: int,
    arrived: Sequence[tuple[str, int]] = (),
) -> tuple[str, str] | None:
    """Return title and text of a run's notification; None when it has nothing to tell.

    Args:
        counts: (course, what happened, how often).
        failed: How many things did not come that came, or were not there, the time before.
        arrived: (course, how many lectures and other texts lie in it) of new courses.
    """
    told = [item for item in counts if item[1] in TOLD]
    by_course: dict[str, list[str]] = {}
    for course, what, number in told:
        by_course.setdefault(course, []).append(f"{number:,} {WORDS[what]}")
    sentences = [
        f"{course} is here: {count(texts, *TEXTS)}." if texts else f"{course} is here."
        for course, texts in arrived
    ]
    sentences += [f"{course}: {', '.join(parts)}." for course, parts in by_course.items()]
    if failed:
        sentences.append(f"{count(failed, 'item', 'items')} did not come.")
    if not sentences:
        return None
    number = len(arrived) + sum(item[2] for item in told)
    title = f"{count(number, 'thing is', 'things are')} new in Moodle"
    return (title if number else "Something did not come from Moodle", " ".join(sentences))
