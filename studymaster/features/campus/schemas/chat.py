"""What leaves the chat service: frozen, plain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One line of a chat; `sent_at` is ISO 8601 in UTC.

    `account_id` is empty when the author's account is gone. `fate` is empty, or says why
    there are no words: `removed_by_author`, `removed_by_moderator`, `hidden` (reader and
    author do not meet).
    """

    id: str
    account_id: str
    name: str
    text: str
    sent_at: str
    is_yours: bool
    fate: str


@dataclass(frozen=True, slots=True)
class ChatWindow:
    """The newest messages, oldest of them first.

    `removed` are the messages that lost their words last, wherever they stand, and
    `first_id` is the message with which the chat began.
    """

    messages: tuple[MessageView, ...]
    removed: tuple[MessageView, ...]
    first_id: str
