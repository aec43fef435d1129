"""What may be said in a chat, and whether it may be taken back. Pure."""

from studymaster.features.campus.rules.groups import MODERATORS
from studymaster.typed import always, for_others

MESSAGE_MOST = 2000
BAD_MESSAGE = f"A message has 1 to {MESSAGE_MOST:,} characters."


def require_message(text: object) -> str:
    """Return a message without blank lines around it."""
    return for_others(text, most=MESSAGE_MOST, least=1, says=always(BAD_MESSAGE))


def may_take_back(role: str, *, is_yours: bool) -> bool:
    """Tell whether a member may remove a message."""
    return is_yours or role in MODERATORS
