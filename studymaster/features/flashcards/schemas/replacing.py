"""What leaves the search for words in many cards, and for cards that are there twice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changed:
    """A side of a card before and after, in one short line each."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ReplacePreview:
    """How many cards would say something else, the first of them, and how many cannot."""

    count: int = 0
    refused: int = 0
    samples: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """One of several cards that ask the same; `added` is the day, in words."""

    id: str
    deck: str
    added: str
    back: str


@dataclass(frozen=True, slots=True)
class Twins:
    """Cards of several notes that ask the same, the oldest first."""

    front: str
    cards: tuple[Twin, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What is there twice: the groups with the most cards first, at most a hundred.

    `newer` are the ids of all cards in them but those of the oldest note of each.
    """

    groups: tuple[Twins, ...] = ()
    total: int = 0
    newer: tuple[str, ...] = ()
