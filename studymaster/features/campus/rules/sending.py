"""How something that a browser sends twice is known to be one thing. Pure."""

import re
from typing import Final
from uuid import UUID, uuid4, uuid5

from studymaster.errors import InvalidInputError

SENT_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
BAD_KEY: Final = "The key of what is sent has 8 to 64 letters, digits, - or _."


def require_sent_key(key: object) -> str:
    """Return the key by which what comes twice is known."""
    if not (isinstance(key, str) and SENT_KEY.fullmatch(key)):
        raise InvalidInputError(BAD_KEY)
    return key


def id_of(key: object, *, account_id: UUID) -> UUID:
    """Return the id of what an account sends under a key: one key, one thing.

    Without a key it is a new thing every time. Two accounts never share an id.
    """
    if key is None:
        return uuid4()
    return uuid5(account_id, require_sent_key(key))
