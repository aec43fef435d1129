"""When a card that is forgotten again and again is called a leech. Pure."""

from typing import Final

from studymaster.features.flashcards.rules.search import LEECH_TAG
from studymaster.features.flashcards.rules.typed import MOST_TAGS

NEVER: Final = 0


def is_leech(lapses: int, *, leech_at: int) -> bool:
    """Say whether this lapse makes a card a leech: at `leech_at` and every half of it after.

    A card that stays is called one again, so that its student hears of it: at 8, 12, 16 lapses.
    """
    if leech_at == NEVER or lapses < leech_at:
        return False
    return (lapses - leech_at) % half_of(leech_at) == 0


def half_of(leech_at: int) -> int:
    """Return after how many more lapses a leech is called one again."""
    return max(1, -(-leech_at // 2))


def marked(tags: list[str]) -> list[str]:
    """Return the tags of a card with that of a leech; a full list loses its last one."""
    if LEECH_TAG in tags:
        return tags
    return [*tags[: MOST_TAGS - 1], LEECH_TAG]


def unmarked(tags: list[str]) -> list[str]:
    """Return the tags of a card without that of a leech."""
    return [tag for tag in tags if tag != LEECH_TAG]
