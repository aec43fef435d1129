"""Buddies as their students see them: frozen, plain."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How two students stand to each other, seen by one of them."""

    BUDDY = "buddy"
    INCOMING = "incoming"
    OUTGOING = "outgoing"


@dataclass(frozen=True, slots=True)
class BuddyView:
    """Another student, and how one stands to them.

    Attributes:
        account_id: Whose account it is.
        name: The name they show.
        id: The tie between the two, by which it is accepted or ended.
        standing: A `Standing` value.
        note: What the one who asked wrote.
        since: When it was asked or accepted, ISO 8601 in UTC.
        shared: Short names of the courses that both have, and of no other.
    """

    account_id: str
    name: str
    id: str
    standing: str
    note: str
    since: str
    shared: list[str]


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A student who is open to buddies too, with the courses that both have."""

    account_id: str
    name: str
    shared: list[str]


@dataclass(frozen=True, slots=True)
class BlockedView:
    """Somebody the student does not want to meet."""

    account_id: str
    name: str
