"""When one student may ask another, and what becomes of it. Pure.

A no is said quietly: the request is gone from both lists, nobody is told, and the one who
asked cannot ask again for 30 days. The one who said no may ask whenever they like.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from studymaster.errors import ConflictError
from studymaster.typed import always, for_others

NO_COUNTS_FOR: Final = timedelta(days=30)
NOTE_MAX: Final = 300
MOST_ASKED: Final = 20
"""Requests that may wait for an answer at once: asking everybody is asking nobody."""

LONG_NOTE = f"A note to a buddy has at most {NOTE_MAX} characters."
TOO_MANY = (
    f"{MOST_ASKED} of your requests wait for an answer. Withdraw one, or give them time."
)
ASK_REFUSALS: Final = {
    "asked": "You have asked them already. They will find it here.",
    "accepted": "You are buddies already.",
    "declined": "They cannot be asked at the moment. Try again in a few weeks.",
}
"""By the state of a tie in which one's own word came last."""


def pair_key(one: UUID, other: UUID) -> str:
    """Return the name of a pair, the same from both sides."""
    return ":".join(sorted((str(one), str(other))))


def require_note(text: object) -> str:
    """Return a note of at most 300 characters; it may be empty."""
    return for_others(text, most=NOTE_MAX, says=always(LONG_NOTE))


def require_few_asked(count: int) -> None:
    """Refuse one request more than a student may have waiting.

    Raises:
        ConflictError: there are enough.
    """
    if count >= MOST_ASKED:
        raise ConflictError(TOO_MANY)


def is_forgotten(*, answered_at: datetime | None, now: datetime) -> bool:
    """Say whether a no is old enough to ask again."""
    return answered_at is None or now - answered_at >= NO_COUNTS_FOR
