"""What a mail of notices says, and how long the next one waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

SETTLING: Final = timedelta(minutes=2)
"""A notice waits for so long: what belongs together goes together, and what is read is not sent."""

WINDOW: Final = timedelta(minutes=15)
"""At most one mail to a student in so long."""

LONGEST_PAUSE: Final = timedelta(days=1)
SERVER_PAUSE: Final = timedelta(hours=1)
"""The longest wait for a letter that was refused, and for a server that is away."""

DOUBLINGS: Final = 7
SHOWN: Final = 20
"""So many notices are written out in one mail."""

LETTERS: Final = UUID("0b9d3a52-6f6e-4c0f-9a49-4a6a8e2f0d17")
"""The family of all marks of letters."""

GREETING: Final = "What happened in your StudyMaster:"
ENDING: Final = """\
--
You get this because you switched on e-mail in the settings, at most one every 15 minutes.
Choose what is told: {site}/settings
No more of these mails: {switch_off}
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice on its way into a mail; `path` is our page it leads to, or empty."""

    id: str
    title: str
    text: str
    path: str


def pause(tries: int) -> timedelta:
    """Return how long to wait after so many tries, 1 or more: twice as long each time."""
    return min(WINDOW * 2 ** min(tries - 1, DOUBLINGS), LONGEST_PAUSE)


def mark(notices: Sequence[Told]) -> UUID:
    """Return what the same notices always have in common, and no others."""
    return uuid5(LETTERS, " ".join(sorted(notice.id for notice in notices)))


def subject(notices: Sequence[Told]) -> str:
    """Return the newest notice's title, and how many there are besides."""
    more = len(notices) - 1
    return notices[0].title + (f" and {more} more" if more else "")


def text(notices: Sequence[Told], *, site: str, switch_off: str) -> str:
    """Write a mail about notices, newest first.

    Args:
        notices: What to tell, at least one.
        site: Our address, without a slash at its end.
        switch_off: The address that ends these mails.
    """
    parts = [GREETING, *(_part(notice, site=site) for notice in notices[:SHOWN])]
    more = len(notices) - SHOWN
    if more > 0:
        parts.append(f"And {more} more: {site}/notifications")
    parts.append(ENDING.format(site=site, switch_off=switch_off))
    return "\n\n".join(parts)


def _part(notice: Told, *, site: str) -> str:
    lines = [f"* {_one_line(notice.title)}", _one_line(notice.text)]
    lines.append(f"{site}{notice.path}" if notice.path.startswith("/") else "")
    return "\n  ".join(filter(None, lines))


def _one_line(words: str) -> str:
    # A line of its own is ours: nobody's title shall look like a link of ours.
    return " ".join(words.split())
