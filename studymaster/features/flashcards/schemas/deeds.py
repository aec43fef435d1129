"""What is done with a card on the table besides answering it, as it comes in and goes out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.schemas.study import Source

LATEST_DAYS: Final = 36_500
TIMEBOXES: Final[Sequence[int]] = (0, 5, 10, 15, 20, 25, 30, 45, 60)
"""After how many minutes a review may pause; 0: never."""

WRONG_DAY: Final = (
    f"Give whole days from 0 to {LATEST_DAYS}, or a date from today on, such as 2031-02-04."
)
WRONG_DAYS: Final = (
    f"Give whole days from 0 to {LATEST_DAYS}, such as 3, or 3-7 to spread the cards."
)
DAYS: Final = re.compile("[0-9]{1,5}")
SPREAD: Final = re.compile("([0-9]{1,5})(?: ?- ?([0-9]{1,5}))?")
NOWHERE: Final = Source("", 0, 0, "", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class UndoStep:
    """A step that can be taken back: what was done, and when (ISO 8601)."""

    sentence: str
    at: str


@dataclass(frozen=True, slots=True)
class LeechView:
    """A card that was forgotten again and again, and where it comes from; empty: none."""

    card_id: str = ""
    front: str = ""
    suspended: bool = False
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Other words for a card, as a model wrote them from its page."""

    front: str
    back: str


def parse_due(value: object, *, today: date) -> date:
    """Return the day on which a card shall be due: in some days, or a date (ISO 8601).

    Raises:
        InvalidInputError: it is neither, or a day that is over or a hundred years away.
    """
    day = _day(value, today=today)
    if day is None or not 0 <= (day - today).days <= LATEST_DAYS:
        raise InvalidInputError(WRONG_DAY)
    return day


def parse_days(value: object) -> tuple[int, int]:
    """Return in how many days cards shall be due, as `3`, or `3-7` to spread them.

    Raises:
        InvalidInputError: it is neither, goes backwards, or is a hundred years away.
    """
    words = str(value).strip() if type(value) in {int, str} else ""
    found = SPREAD.fullmatch(words)
    least, most = (
        (int(one) for one in (found[1], found[2] or found[1])) if found else (1, 0)
    )
    if not 0 <= least <= most <= LATEST_DAYS:
        raise InvalidInputError(WRONG_DAYS)
    return least, most


def _day(value: object, *, today: date) -> date | None:
    words = str(value).strip() if type(value) in {int, str} else ""
    if DAYS.fullmatch(words):
        return today + timedelta(days=min(int(words), LATEST_DAYS + 1))
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def parse_timebox(value: object) -> int:
    """Return after how many minutes a review shall pause; 0: never.

    Raises:
        InvalidInputError: it is none of those to choose from.
    """
    known = {str(minutes): minutes for minutes in TIMEBOXES}
    if str(value) not in known:
        msg = f"A review pauses after {', '.join(list(known)[1:])} minutes, or never (0)."
        raise InvalidInputError(msg)
    return known[str(value)]
