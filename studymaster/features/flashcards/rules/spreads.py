"""How figures are put together into the bars of a chart, and what the bars are called. Pure."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from studymaster.errors import InvalidInputError

DAYS_PER_WEEK: Final = 7
DAYS_PER_MONTH: Final = 28


class Stage(IntEnum):
    """What a card was when it was answered: `again` are the repetitions of the same day."""

    NEW = 0
    AGAIN = 1
    YOUNG = 2
    MATURE = 3


STAGE_NAMES: Final[Mapping[Stage, str]] = {
    Stage.NEW: "New",
    Stage.AGAIN: "Same day",
    Stage.YOUNG: "Young",
    Stage.MATURE: "Mature",
}
RESTED: Final = (Stage.YOUNG, Stage.MATURE)
"""The stages whose answers tell something about memory."""


class Span(StrEnum):
    """How far statistics look back and ahead."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


class Reach(NamedTuple):
    """The days that a span looks ahead, those of one bar, and how it is said."""

    days: int
    step: int
    words: str


REACHES: Final[Mapping[Span, Reach]] = {
    Span.MONTH: Reach(30, 1, "30 days"),
    Span.QUARTER: Reach(91, DAYS_PER_WEEK, "13 weeks"),
    Span.YEAR: Reach(364, DAYS_PER_MONTH, "52 weeks"),
    Span.ALL: Reach(364, DAYS_PER_MONTH, "52 weeks"),
}
MOST_BARS: Final = 26


def parse_span(value: object) -> Span:
    """Return the span that is named; nothing is a quarter.

    Raises:
        InvalidInputError: for none that there is.
    """
    if value in (None, ""):
        return Span.QUARTER
    if not isinstance(value, str) or value not in set(Span):
        msg = "Choose a month, a quarter, a year or all."
        raise InvalidInputError(msg)
    return Span(value)


def first_day(span: Span, *, today: date) -> date:
    """Return the first day that a span looks back to; of `all` the first of time."""
    if span is Span.ALL:
        return date.min
    return today - timedelta(days=REACHES[span].days - 1)


class Part(NamedTuple):
    """Some days one after the other, and their sum; `first` and `last` are among them."""

    first: date
    last: date
    cards: int

    @property
    def name(self) -> str:
        """Return the days in words."""
        if self.first == self.last:
            return f"{self.first:%a %-d %b}"
        return f"{self.first:%-d %b} to {self.last:%-d %b %Y}"


def parts(counts: Mapping[date, int], *, first: date, days: int, step: int) -> list[Part]:
    """Return so many days from the first on, so many of them together, with their sums."""
    last = first + timedelta(days=days - 1)
    begins = [first + timedelta(days=at) for at in range(0, days, step)]
    sums = [0] * len(begins)
    for day, count in counts.items():
        if first <= day <= last:
            sums[(day - first).days // step] += count
    ends = [min(begin + timedelta(days=step - 1), last) for begin in begins]
    return [Part(*one) for one in zip(begins, ends, sums, strict=True)]


def step_for(days: int) -> int:
    """Return how many days one bar stands for, so that there are not too many."""
    if days <= REACHES[Span.MONTH].days:
        return 1
    weeks = math.ceil(days / DAYS_PER_WEEK / MOST_BARS)
    return weeks * DAYS_PER_WEEK


class Spread(StrEnum):
    """A figure that cards have, by which they are spread."""

    INTERVAL = "interval"
    STABILITY = "stability"
    DIFFICULTY = "difficulty"
    EASE = "ease"


DAYS: Final = (2, 4, 8, 15, 21, 31, 61, 121, 241, 366)
DAY_NAMES: Final = (
    "1 day",
    "2 to 3 days",
    "4 to 7 days",
    "8 to 14 days",
    "15 to 20 days",
    "21 to 30 days",
    "1 to 2 months",
    "2 to 4 months",
    "4 to 8 months",
    "8 to 12 months",
    "a year or more",
)
DAY_LABELS: Final = ("1d", "3d", "1w", "2w", "3w", "1mo", "2", "4", "8", "12", "1y+")

EDGES: Final[Mapping[Spread, Sequence[float]]] = {
    Spread.INTERVAL: DAYS,
    Spread.STABILITY: DAYS,
    Spread.DIFFICULTY: tuple(range(2, 11)),
    Spread.EASE: tuple(range(150, 311, 20)),
}
"""Where each part of a spread but the first begins."""


def part_names(spread: Spread) -> list[tuple[str, str]]:
    """Return for each part of a spread its whole name and the one below its bar."""
    if spread in (Spread.INTERVAL, Spread.STABILITY):
        return list(zip(DAY_NAMES, DAY_LABELS, strict=True))
    if spread is Spread.DIFFICULTY:
        whole = [f"{one} to {one + 1}" for one in range(1, 10)]
        return [*zip(whole, map(str, range(1, 10)), strict=True), ("10", "10")]
    edges = [f"{edge / 100:.1f}" for edge in EDGES[spread]]
    between = [f"{low} to {high}" for low, high in pairwise(edges)]
    names = [f"below {edges[0]}", *between, f"{edges[-1]} or more"]
    return list(zip(names, ["1.3", *edges], strict=True))
