"""How far a run is, and what came of it, each thing counted as what happened to it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studymaster.features.sync.rules.news import NO_COURSES
from studymaster.features.sync.rules.words import count, size

CANCELLED = "You stopped this sync. What had arrived is kept."

COUNTED: Mapping[str, tuple[str, str]] = {
    "new": ("new item", "new items"),
    "changed": ("new version", "new versions"),
    "renamed": ("item renamed", "items renamed"),
    "moved": ("item moved", "items moved"),
    "gone": ("item not visible any more", "items not visible any more"),
    "restricted": ("item locked", "items locked"),
    "opened": ("item open again", "items open again"),
    "back": ("item back in Moodle", "items back in Moodle"),
}
"""What one and several things are called by what happened to them (values of `ChangeKind`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a run brought.

    Attributes:
        here: How many items lay in courses that it read for the first time: no change.
        kinds: How many things it found different, by the values of `ChangeKind`.
        missing: How many things did not come.
    """

    here: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict[str, int])
    missing: int = 0

    @property
    def brought(self) -> bool:
        """Whether it found anything at all."""
        return bool(self.here or any(self.kinds.values()))

    def of(self, *kinds: str) -> int:
        """Return how many things these happened to."""
        return sum(self.kinds.get(kind, 0) for kind in kinds)


def percent(*, courses: tuple[int, int], files: tuple[int, int]) -> int:
    """Return how far a run is: listing the courses is a fifth, fetching files the rest.

    Both pairs are (done, total).
    """
    listed = 20 * courses[0] // courses[1] if courses[1] else 0
    if not courses[1] or courses[0] < courses[1]:
        return listed
    return 20 + (80 * files[0] // files[1] if files[1] else 0)


def brought(tally: Tally) -> str:
    """Return what a run brought, in words: `2 new items, 1 item renamed`."""
    parts = [
        count(tally.kinds[kind], *words)
        for kind, words in COUNTED.items()
        if tally.kinds.get(kind)
    ]
    sentences = [
        f"{count(tally.here, 'item is', 'items are')} here." if tally.here else "",
        f"{', '.join(parts)}." if parts else "",
    ]
    return " ".join(filter(None, sentences)) or "Nothing new."


def missing(number: int) -> str:
    """Return how much did not come: `1 item did not come`."""
    return f"{count(number, 'item', 'items')} did not come"


def outcome(tally: Tally) -> str:
    """Return what a finished run brought, and how much did not come."""
    lost = f" {missing(tally.missing)}." if tally.missing else ""
    return f"{brought(tally)}{lost}"


def done(tally: Tally, *, about: str, any_listed: bool) -> tuple[str, str]:
    """Return headline and sentence of a run that went through.

    Args:
        tally: What it brought.
        about: The one course that it was about; empty for everything.
        any_listed: Whether its Moodle lists any course.
    """
    if tally.missing:
        rest = brought(tally) if tally.brought else "Nothing else is new."
        return missing(tally.missing), f"{rest} What it was, and why, stands below."
    if not any_listed:
        return NO_COURSES
    return (f"{about} is here" if about else "Everything is here"), brought(tally)


def of_all(total: int, *, busy: int, whole: int) -> str:
    """Return how several Moodles stand, in one headline.

    Args:
        total: How many there are.
        busy: At how many a run waits or goes on.
        whole: From how many everything is here.
    """
    if busy:
        return "Syncing" if busy == total else f"Syncing {busy} of {total} Moodles"
    if whole == total:
        return f"Up to date with {total} Moodles"
    if not whole:
        return f"None of your {total} Moodles is up to date"
    return f"{whole} of {total} Moodles {'is' if whole == 1 else 'are'} up to date"


def still_read(texts: int, *, busy: bool) -> str:
    """Return that what came is still being read; empty when nothing is.

    Args:
        texts: How many items, files and pages of Moodle's, wait for it.
        busy: Whether a run waits or goes on.
    """
    if not texts:
        return ""
    words = f"The text of {count(texts, 'item', 'items')} is still being read."
    return words if busy else f"Done. {words}"


def repeated(sentence: str, times: int) -> str:
    """Return what came of several runs after each other of which the same came."""
    return f"{times:,} times in a row: {sentence}"


def fetched(came: int, *, total: int, size_bytes: int) -> str:
    """Return what a run fetched, in words; texts that come with a listing are no files.

    Args:
        came: How many files came.
        total: How many were to come.
        size_bytes: What came of them.
    """
    if not total:
        return "no files fetched"
    files = count(total, "file", "files")
    number = f"{files} fetched" if came >= total else f"{came:,} of {files} fetched"
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
