"""Words that somebody typed: what PostgreSQL and a page can hold, in one spelling."""

import re

from studymaster.errors import InvalidInputError

UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters but tab and line ends, and halves of characters."""


def typed(value: object, *, name: str, most: int, least: int = 0) -> str:
    """Return text without unkeepable characters and outer white space.

    Args:
        value: What came from outside, of whatever type.
        name: How a sentence calls it, such as "A note".
        most: The largest number of characters.
        least: The smallest number of characters.

    Raises:
        InvalidInputError: it is no text, too short or too long.
    """
    text = kept(value, name=name).strip()
    if len(text) < least:
        msg = f"{name} cannot be empty."
        raise InvalidInputError(msg)
    if len(text) > most:
        msg = f"{name} can have at most {most:,} characters; this has {len(text):,}."
        raise InvalidInputError(msg)
    return text


def typed_line(value: object, *, name: str, most: int, least: int = 0) -> str:
    """Return one line of text; runs of white space count as one blank."""
    line = " ".join(kept(value, name=name).split())
    return typed(line, name=name, most=most, least=least)


def kept(value: object, *, name: str) -> str:
    """Return a text with one kind of line end and without what cannot be kept."""
    if not isinstance(value, str):
        msg = f"{name} has to be text."
        raise InvalidInputError(msg)
    return UNKEEPABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
