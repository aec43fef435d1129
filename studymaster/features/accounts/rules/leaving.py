"""How a student says that they want to leave for good, and how long old rows are kept. Pure."""

from datetime import timedelta
from typing import Final

from studymaster.errors import InvalidInputError

WORD: Final = "delete"

SESSION_LIFE: Final = timedelta(days=30)
RUN_LIFE: Final = timedelta(days=90)
NOTIFICATION_LIFE: Final = timedelta(days=90)
FAILURE_LIFE: Final = timedelta(days=30)
"""How long each is kept once it is over, read or seen."""


def require_word(text: str, *, name: str) -> None:
    """Refuse unless the student typed `delete` or their own name.

    Raises:
        InvalidInputError: it is neither.
    """
    typed = " ".join(text.split()).casefold()
    if typed not in {WORD, " ".join(name.split()).casefold()}:
        msg = f"To delete your account, type {WORD} or your name as it stands here: {name}."
        raise InvalidInputError(msg)
