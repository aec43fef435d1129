"""What somebody says about an exam, and what is said of its plan. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules import fsrs
from studymaster.typed import about, typed_line

NAME_LENGTH: Final = 200
MOST_MINUTES: Final = 720
LEAST_MINUTES: Final = 5
FARTHEST_DAYS: Final = 730
MOST_SCOPE: Final = 200

NO_DAY: Final = "Choose the day of the exam, or a due date from Moodle that it follows."
NO_SCOPE: Final = "Choose at least one course or deck whose cards the exam is about."
TOO_MANY: Final = f"An exam can be about at most {MOST_SCOPE} courses and decks."
IS_PAST: Final = "That day is over. Choose today or a day to come."
IS_FAR: Final = "That day is more than two years away. Choose an earlier one."
BAD_MINUTES: Final = (
    f"Type the minutes a day as a whole number from {LEAST_MINUTES} to {MOST_MINUTES}, or "
    "leave the field empty for as long as it takes."
)
BAD_RETENTION: Final = (
    f"Type a whole number from {fsrs.LEAST_RETENTION} to {fsrs.MOST_RETENTION} for the share "
    "of cards you want to know."
)


def parse_name(value: object) -> str:
    """Return what an exam is called."""
    return typed_line(value, most=NAME_LENGTH, least=1, says=about("The name of an exam"))


def parse_day(value: object, *, today: date) -> date:
    """Return a day (ISO 8601) that has not passed and is not too far.

    Raises:
        InvalidInputError: it is no day, or out of bounds.
    """
    try:
        day = date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise InvalidInputError(NO_DAY) from error
    return require_ahead(day, today=today)


def require_ahead(day: date, *, today: date) -> date:
    """Refuse a day that has passed or is more than two years away."""
    if day < today:
        raise InvalidInputError(IS_PAST)
    if day > today + timedelta(days=FARTHEST_DAYS):
        raise InvalidInputError(IS_FAR)
    return day


def parse_retention(value: object) -> int:
    """Return a share in percent."""
    words = str(value).strip()
    percent = int(words) if words.isascii() and words.isdigit() and len(words) <= 3 else 0  # noqa: PLR2004 - digits of 100
    if not fsrs.LEAST_RETENTION <= percent <= fsrs.MOST_RETENTION:
        raise InvalidInputError(BAD_RETENTION)
    return percent


def parse_minutes(value: object) -> int:
    """Return how many minutes a day shall take; 0 for nothing said."""
    words = "" if value is None else str(value).strip()
    if not words:
        return 0
    minutes = int(words) if words.isascii() and words.isdigit() and len(words) <= 4 else -1  # noqa: PLR2004 - digits of a number
    if minutes == 0 or LEAST_MINUTES <= minutes <= MOST_MINUTES:
        return minutes
    raise InvalidInputError(BAD_MINUTES)


def cards_in_words(count: int) -> str:
    """Return `1 card` or `12 cards`."""
    return "1 card" if count == 1 else f"{count:,} cards"


def day_in_words(day: date, *, today: date) -> str:
    """Return a day as a page says it: `12 Dec, in 18 days`."""
    away = (day - today).days
    said = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away)
    if said is None:
        said = f"in {away} days" if away > 0 else f"{-away} days ago"
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%-d %b}{year}, {said}"


def verdict(
    *,
    cards: int,
    unseen: int,
    below: int,
    retention: int,
    minutes: int,
    needed: int | None,
) -> str:
    """Return whether a plan holds, and if it does not, why and what would help."""
    if not cards:
        return "There are no cards in its decks yet. They are planned once there are some."
    if not (unseen or below):
        return (
            f"It works out: {_all(cards)} seen by then, each at {retention} % or more on the "
            "day."
        )
    short: list[str] = []
    if unseen:
        short.append(f"{cards_in_words(unseen)} of {cards:,} would not be seen")
    if below:
        of_them = "" if unseen else f" of {cards:,}"
        short.append(f"{cards_in_words(below)}{of_them} would be known less than that")
    start = f"It does not work out at {retention} %: {' and '.join(short)}."
    if minutes and needed is not None:
        return f"{start} With about {needed} min a day instead of {minutes} it would."
    return f"{start} There are not enough days for it; a lower share may do."


def _all(cards: int) -> str:
    return "the only card is" if cards == 1 else f"all {cards:,} cards are"


def effort(days: Sequence[int]) -> str:
    """Return how long a plan takes: minutes of each day from today on."""
    if not any(days):
        return "Nothing has to be done before the day."
    mean = max(round(sum(days) / len(days)), 1)
    if len(days) == 1:
        return f"That is {days[0]} min today."
    return f"That is about {mean} min a day, {max(days)} on the fullest, {days[0]} today."
