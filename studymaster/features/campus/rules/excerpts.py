"""How a long text begins in a list. Pure."""

import re
from typing import Final

from studymaster.typed import unmarked

EXCERPT: Final = 300
ELLIPSIS: Final = "…"
FENCE: Final = re.compile(r"\s{0,3}(```|~~~)")


def excerpt(text: str, *, most: int = EXCERPT) -> str:
    """Return a text of at most `most` characters: a longer one ends after a word, with `…`."""
    if len(text) <= most:
        return text
    beginning = text[:most]
    end = max(beginning.rfind(" "), beginning.rfind("\n"))
    # A word longer than half of the excerpt is cut: the excerpt shall say something.
    whole = beginning[:end] if end > most // 2 else beginning[: most - 1]
    return whole.rstrip() + ELLIPSIS


def gist(text: str, *, most: int = EXCERPT) -> str:
    """Return how a text in Markdown begins, in plain words on one line."""
    lines = (unmarked(line) for line in text.splitlines() if not FENCE.match(line))
    return excerpt(" ".join(line for line in lines if line), most=most)
