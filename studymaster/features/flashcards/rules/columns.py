"""The columns of the table of cards: what they are called, sorted by, and say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from studymaster.errors import InvalidInputError

DOWN: Final = "-"
"""What stands before a column by which the table is sorted from the highest down."""


class Column(StrEnum):
    """One column of the table of cards."""

    FRONT = "front"
    BACK = "back"
    DECK = "deck"
    WHEN = "when"
    INTERVAL = "interval"
    EASE = "ease"
    STABILITY = "stability"
    DIFFICULTY = "difficulty"
    ANSWERS = "answers"
    LAPSES = "lapses"
    TAGS = "tags"
    FLAG = "flag"
    ADDED = "added"
    ANSWERED = "answered"
    SOURCE = "source"


LABELS: Final[Mapping[Column, str]] = {
    Column.FRONT: "Front",
    Column.BACK: "Back",
    Column.DECK: "Deck",
    Column.WHEN: "Comes back",
    Column.INTERVAL: "Interval",
    Column.EASE: "Ease",
    Column.STABILITY: "Stability",
    Column.DIFFICULTY: "Difficulty",
    Column.ANSWERS: "Answers",
    Column.LAPSES: "Forgotten",
    Column.TAGS: "Tags",
    Column.FLAG: "Flag",
    Column.ADDED: "Added",
    Column.ANSWERED: "Last answer",
    Column.SOURCE: "Source",
}


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a table is sorted, and whether from the highest down."""

    column: Column = Column.ADDED
    is_down: bool = False

    def __str__(self) -> str:
        """Return it as `parse_order` reads it."""
        return f"{DOWN if self.is_down else ''}{self.column}"


AS_ADDED: Final = Order()


def parse_order(value: object) -> Order:
    """Return an order written as `interval`, or `-interval` from the highest down.

    Nothing is as the cards were added.

    Raises:
        InvalidInputError: there is no such column.
    """
    if value is None or value == "":
        return Order()
    name = value if isinstance(value, str) else ""
    column = name.removeprefix(DOWN)
    if column not in set(Column):
        msg = f"Sort by {', '.join(Column)}; a {DOWN} before it turns it round."
        raise InvalidInputError(msg)
    return Order(Column(column), is_down=name.startswith(DOWN))


def days_words(days: int) -> str:
    """Return an interval in words; nothing for a new card."""
    if not days:
        return ""
    return "1 day" if days == 1 else f"{days:,} days"


def rounded(number: float | None, *, digits: int = 1) -> str:
    """Return a figure with some digits behind the point; nothing for none."""
    return "" if number is None else f"{number:,.{digits}f}"


def day_words(day: date | None) -> str:
    """Return a day such as `4 Feb 2031`; nothing for none."""
    return "" if day is None else f"{day:%-d %b %Y}"


def source_words(name: str | None, page: int | None) -> str:
    """Return the file that a card was made from, and its page."""
    if not name:
        return ""
    return f"{name}, page {page}" if page else name
