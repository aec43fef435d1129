"""What may be said in a chat, and whether it may be taken back. Pure."""

import re

from studymaster.errors import InvalidInputError
from studymaster.features.campus.rules.groups import MODERATORS
from studymaster.features.campus.rules.texts import require_lines

MESSAGE_MOST = 2000
SENT_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
BAD_MESSAGE = f"A message has 1 to {MESSAGE_MOST:,} characters."
BAD_KEY = "The key of a message has 8 to 64 letters, digits, - or _."


def require_message(text: object) -> str:
    """Return a message without blank lines around it."""
    return require_lines(text, most=MESSAGE_MOST, sentence=BAD_MESSAGE)


def require_sent_key(key: object) -> str:
    """Return the key by which a message that comes twice is known."""
    if not (isinstance(key, str) and SENT_KEY.fullmatch(key)):
        raise InvalidInputError(BAD_KEY)
    return key


def may_take_back(role: str, *, is_yours: bool) -> bool:
    """Tell whether a member may remove a message."""
    return is_yours or role in MODERATORS
