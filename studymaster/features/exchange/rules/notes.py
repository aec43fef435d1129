"""What tells one note from another, and what one said before from what it says now. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from studymaster.features.exchange.rules.types import Kind, ReadNote

MOST_TAGS: Final = 20
LONGEST_TAG: Final = 60
LONGEST_GUID: Final = 64
LONGEST_PART: Final = 120
LONGEST_NAME: Final = 400
DEEPEST: Final = 8
LEVELS: Final = "::"
UNNAMED: Final = "Imported"
BETWEEN: Final = "\x1f"


def mark_of(*parts: str) -> str:
    """Return a short mark of texts: the same texts, the same mark."""
    return blake2b(BETWEEN.join(parts).encode(errors="replace"), digest_size=8).hexdigest()


def own_mark(kind: str, front: str, back: str, extra: str, masks: str | None) -> str:
    """Return the mark of what a note says with us; of a cloze its back says nothing more."""
    answer = "" if kind == Kind.CLOZE else back
    return mark_of(kind, front, answer, extra, masks or "")


def marks_of(note: ReadNote) -> list[str]:
    """Return the mark of each card of a note: one for all where they are one note with us."""
    marks = [
        own_mark(note.kind, card.front, card.back, note.extra, note.masks)
        for card in (note.cards[:1] if note.shared else note.cards)
    ]
    return marks * len(note.cards) if note.shared else marks


def guid_of(guid: str) -> str:
    """Return the name of a note as we keep it: no longer than the column."""
    return guid if 0 < len(guid) <= LONGEST_GUID else mark_of("guid", guid)


@lru_cache(maxsize=4096)
def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags of a note, as our cards have them."""
    tags = dict.fromkeys(
        tag.replace(",", "-").lstrip("#").lower()[:LONGEST_TAG].replace("\x00", "")
        for tag in text.split()
    )
    return tuple(tag for tag in tags if tag)[:MOST_TAGS]


def deck_name(name: str) -> str:
    """Return the name of a deck as ours can be: no empty part, none too long or too deep."""
    plain = re.sub(r"[\x00-\x1f\x7f]", "", name)
    parts = [" ".join(part.split())[:LONGEST_PART].strip() for part in plain.split(LEVELS)]
    whole = LEVELS.join([part for part in parts if part][:DEEPEST])
    return whole[:LONGEST_NAME].strip(": ") or UNNAMED


def shown_name(texts: Iterable[str]) -> str:
    """Return by what a student knows a note that was left out: how it begins."""
    words = " ".join(re.sub(r"<[^<>]*>", " ", " ".join(texts))[:400].split())
    plain = "".join(letter for letter in words if letter.isprintable())
    return f"{plain[:80]}…" if len(plain) > 80 else plain or "A note without text"  # noqa: PLR2004
