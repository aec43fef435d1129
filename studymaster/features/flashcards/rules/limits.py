"""How many cards a day asks: the limits of decks, and of the decks they lie in. Pure.

A deck whose name goes on after `::` lies in the one that is called as before it. Which limits
count when is in docs/decisions/0014-the-day.md.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from studymaster.errors import InvalidInputError

BELOW: Final = "::"


class Asking(StrEnum):
    """What a limit is for."""

    NEW = "new"
    DUE = "due"


def parse_asking(value: object) -> Asking:
    """Return for which cards more are wanted.

    Raises:
        InvalidInputError: for none that there are.
    """
    if not isinstance(value, str) or value not in set(Asking):
        msg = "Ask for more new cards or for more that are due."
        raise InvalidInputError(msg)
    return Asking(value)


@dataclass(frozen=True, slots=True)
class DeckDay:
    """What a deck has on one day.

    Attributes:
        id: The deck.
        name: Its name; decks of courses lie in no other.
        course_id: Its course; None for a deck of the student's own.
        most: How many cards it may ask today.
        done: How many of its cards had their first answer of the day.
        waiting: How many more could be asked; counted a little past the limit, not to the end.
    """

    id: UUID
    name: str
    course_id: UUID | None
    most: Mapping[Asking, int]
    done: Mapping[Asking, int]
    waiting: Mapping[Asking, int]


class Share(NamedTuple):
    """How many cards a deck asks today."""

    new: int
    due: int


def above(decks: Sequence[DeckDay]) -> dict[UUID, list[UUID]]:
    """Return for each deck itself and those that it lies in."""
    own = {deck.name.lower(): deck.id for deck in decks if deck.course_id is None}
    return {deck.id: [deck.id, *_holders(deck, own)] for deck in decks}


def _holders(deck: DeckDay, own: Mapping[str, UUID]) -> list[UUID]:
    if deck.course_id is not None:
        return []
    parts = deck.name.lower().split(BELOW)
    names = (BELOW.join(parts[:count]) for count in range(1, len(parts)))
    return [own[name] for name in names if name in own]


def left(decks: Sequence[DeckDay], asking: Asking) -> dict[UUID, int]:
    """Return how many cards each deck's own limit still lets through."""
    done = _used(decks, {deck.id: deck.done[asking] for deck in decks})
    return {deck.id: max(deck.most[asking] - done[deck.id], 0) for deck in decks}


def _used(decks: Sequence[DeckDay], own: Mapping[UUID, int]) -> Counter[UUID]:
    """Return the figures of decks with those of all that lies in them."""
    found: Counter[UUID] = Counter()
    for deck_id, holders in above(decks).items():
        for holder in holders:
            found[holder] += own.get(deck_id, 0)
    return found


def allot(decks: Sequence[DeckDay], *, within: Collection[UUID]) -> dict[UUID, Share]:
    """Return how many cards each of some decks asks when these are reviewed.

    A deck bounds all that lies in it, if it is among them. What it lets through goes to the
    decks in their order.
    """
    new, due = (_allotted(decks, asking, within) for asking in (Asking.NEW, Asking.DUE))
    return {deck_id: Share(new[deck_id], due[deck_id]) for deck_id in new}


def _allotted(
    decks: Sequence[DeckDay], asking: Asking, within: Collection[UUID]
) -> dict[UUID, int]:
    room, holders = left(decks, asking), above(decks)
    found: dict[UUID, int] = {}
    for deck in decks:
        if deck.id not in within:
            continue
        bounds = [holder for holder in holders[deck.id] if holder in within]
        count = min(deck.waiting[asking], *[room[holder] for holder in bounds])
        for holder in bounds:
            room[holder] -= count
        found[deck.id] = count
    return found


def held_back(
    decks: Sequence[DeckDay], shares: Mapping[UUID, Share], asking: Asking
) -> int:
    """Return how many cards wait that the limits do not let through, as far as was counted."""
    asked = _of(shares, asking)
    return sum(deck.waiting[asking] - asked[deck.id] for deck in decks if deck.id in asked)


def _of(shares: Mapping[UUID, Share], asking: Asking) -> dict[UUID, int]:
    return {
        deck_id: share.new if asking is Asking.NEW else share.due
        for deck_id, share in shares.items()
    }


def raised(
    decks: Sequence[DeckDay], asking: Asking, *, within: Collection[UUID], by: int
) -> dict[UUID, int]:
    """Return the limits of today with which so many more cards are asked, of all decks in turn.

    Only decks whose limit has to grow are named; fewer cards come where fewer wait.
    """
    asked = Counter(_allotted(decks, asking, within))
    spare = {
        deck.id: deck.waiting[asking] - asked[deck.id]
        for deck in decks
        if deck.id in within
    }
    for deck_id in _in_turn(spare, most=by):
        asked[deck_id] += 1
    done = _used(decks, {deck.id: deck.done[asking] for deck in decks})
    needed = _used(decks, asked)
    return {
        deck.id: done[deck.id] + needed[deck.id]
        for deck in decks
        if deck.id in within and done[deck.id] + needed[deck.id] > deck.most[asking]
    }


def _in_turn(spare: Mapping[UUID, int], *, most: int) -> Iterable[UUID]:
    rounds = range(max(spare.values(), default=0))
    turns = [deck for place in rounds for deck, count in spare.items() if count > place]
    return turns[:most]
