"""How cards are listed: what a page is asked to show, and a card in a few words. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from studymaster import gaps
from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.columns import parse_order
from studymaster.features.flashcards.rules.language import LONGEST_SEARCH, parse
from studymaster.features.flashcards.rules.search import (
    Name,
    Named,
    Node,
    conjunction,
    literally,
)
from studymaster.paging import LAST_OFFSET
from studymaster.typed import clean

STAGES: Final[Mapping[str, str]] = {
    "new": "is:new -is:suspended -is:buried",
    "learning": "is:learn -is:suspended -is:buried",
    "due": "is:due -is:learn",
    "resting": "-is:due -is:new -is:learn -is:suspended -is:buried",
    "suspended": "is:suspended",
    "buried": "is:buried",
}
"""The one place where each card stands, as a search for those that stand there."""

LINE_LENGTH: Final = 160
SOON_DAYS: Final = 30
FIXED_WORDS: Final = {
    "new": "New",
    "learning": "Again today",
    "suspended": "Suspended",
    "buried": "Buried",
}


def parse_search(*, text: object = "", stage: object = "", tag: object = "") -> Node:
    """Return what is asked for by words, a stage and a tag; what is empty asks nothing.

    Raises:
        WrongSearchError: the text cannot be read.
        InvalidInputError: there is no such stage.
    """
    return conjunction([parse(clean(text)), _stage(stage), _tag(tag)])


def first_search(*, text: str, stage: str) -> tuple[str, str]:
    """Return the words and the stage that an address names; what cannot be, asks nothing."""
    try:
        parse_search(text=text, stage=stage)
    except InvalidInputError:
        return "", ""
    return clean(text), stage


def first_order(order: str) -> str:
    """Return the order that an address names; what cannot be, is as cards were added."""
    try:
        return str(parse_order(order)) if order else ""
    except InvalidInputError:
        return ""


def place_of(value: object) -> int:
    """Return a place in a table (0 is the first); what is none is the first."""
    return max(0, min(value, LAST_OFFSET)) if type(value) is int else 0


def _stage(stage: object) -> Node:
    if stage in ("", None):
        return parse("")
    if not isinstance(stage, str) or stage not in STAGES:
        *others, last = STAGES
        msg = f"A card is {', '.join(others)} or {last}."
        raise InvalidInputError(msg)
    return parse(STAGES[stage])


def _tag(tag: object) -> Node:
    name = clean(tag)[:LONGEST_SEARCH].lstrip("#").lower()
    return Named(Name.TAG, literally(name)) if name else parse("")


def in_short(text: str, *, ordinal: int = 0) -> str:
    """Return one line of at most 160 characters, with a gap as it is asked."""
    line = " ".join(gaps.question(text, ordinal).split())
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
