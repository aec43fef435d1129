"""What a search asks for: conditions that a card has to meet, all of them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from studymaster.errors import InvalidInputError
from studymaster.typed import clean

LONGEST_SEARCH: Final = 200
MOST_WORDS: Final = 12
STAGES: Final = ("new", "learning", "due", "resting", "suspended")
LINE_LENGTH: Final = 160
SOON_DAYS: Final = 30
GAP: Final = re.compile(r"\{\{c1::.+?\}\}", re.DOTALL)
FIXED_WORDS: Final = {"new": "New", "learning": "Again today", "suspended": "Suspended"}
PAGE: Final = re.compile("[1-9][0-9]{0,3}")
HAS_LETTER: Final = re.compile(r"\w")


class Field(StrEnum):
    """What of a card a condition looks at."""

    WORD = "word"
    TAG = "tag"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold, such as a word that a card has."""

    field: Field
    value: str


def parse_search(
    *, text: object = "", stage: object = "", tag: object = ""
) -> list[Condition]:
    """Return the conditions of a search: words, a stage, a tag; what is empty asks nothing.

    Raises:
        InvalidInputError: the text is too long, or there is no such stage.
    """
    return [*_words(text), *_stage(stage), *_tag(tag)]


def first_search(*, text: str, stage: str) -> tuple[str, str]:
    """Return the words and the stage that an address names; what cannot be, asks nothing."""
    try:
        parse_search(text=text, stage=stage)
    except InvalidInputError:
        return "", ""
    return clean(text), stage


def first_of_page(page: str, *, rows: int) -> int:
    """Return the place of the first row of a page that an address names, from 1."""
    number = int(page) if PAGE.fullmatch(page) else 1
    return (number - 1) * rows


def _words(text: object) -> Iterator[Condition]:
    wanted = clean(text)
    words = [word for word in wanted.split() if HAS_LETTER.search(word)]
    if len(wanted) > LONGEST_SEARCH or len(words) > MOST_WORDS:
        msg = f"Search with up to {MOST_WORDS} words and {LONGEST_SEARCH} characters."
        raise InvalidInputError(msg)
    for word in dict.fromkeys(words):
        yield Condition(Field.WORD, word)


def _stage(stage: object) -> Iterator[Condition]:
    if stage not in ("", None, *STAGES):
        msg = f"A card is {', '.join(STAGES[:-1])} or {STAGES[-1]}."
        raise InvalidInputError(msg)
    if stage:
        yield Condition(Field.STAGE, str(stage))


def _tag(tag: object) -> Iterator[Condition]:
    name = clean(tag)[:LONGEST_SEARCH].lstrip("#").lower()
    if name:
        yield Condition(Field.TAG, name)


def in_short(text: str) -> str:
    """Return one line of at most 160 characters, with a gap as it is asked."""
    line = " ".join(GAP.sub("[...]", text).split())
    return line if len(line) <= LINE_LENGTH else f"{line[: LINE_LENGTH - 1].rstrip()}…"


def when_words(stage: str, due_on: date, *, today: date) -> str:
    """Return when a card comes back: `Due today`, `In 3 days`, `On 4 Feb 2031`."""
    if stage in FIXED_WORDS:
        return FIXED_WORDS[stage]
    days = (due_on - today).days
    if days <= 0:
        return "Due today" if days == 0 else f"Due since {due_on:%-d %b}"
    if days < SOON_DAYS:
        return "Tomorrow" if days == 1 else f"In {days} days"
    return f"On {due_on:%-d %b %Y}"
