"""How a long text begins in a list. Pure."""

from typing import Final

EXCERPT: Final = 300
ELLIPSIS: Final = "…"


def excerpt(text: str, *, most: int = EXCERPT) -> str:
    """Return a text of at most `most` characters: a longer one ends after a word, with `…`."""
    if len(text) <= most:
        return text
    beginning = text[:most]
    end = max(beginning.rfind(" "), beginning.rfind("\n"))
    # A word longer than half of the excerpt is cut: the excerpt shall say something.
    whole = beginning[:end] if end > most // 2 else beginning[: most - 1]
    return whole.rstrip() + ELLIPSIS
