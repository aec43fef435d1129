"""Going through cards by choice: the order of a session that no schedule hears of. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from studymaster.features.flashcards.rules.language import parse
from studymaster.features.flashcards.rules.search import Node, conjunction

GAP: Final = 4
"""How many others come before a card that was not known comes again."""


class What(StrEnum):
    """Which cards are gone through."""

    FORGOTTEN = "forgotten"
    AHEAD = "ahead"
    NEW = "new"
    FLAGGED = "flagged"
    ALL = "all"
    SEARCH = "search"


class Order(StrEnum):
    """In which order they come."""

    RANDOM = "random"
    WEAKEST = "weakest"
    OLDEST = "oldest"


SEARCHES: Final[Mapping[What, str]] = {
    What.FORGOTTEN: "rated:{days}:1",
    What.AHEAD: "prop:due<={days} -is:new",
    What.NEW: "is:new",
    What.FLAGGED: "-flag:0",
    What.ALL: "",
}


@dataclass(frozen=True, slots=True)
class Pass:
    """A card that waits, and how often it was asked before."""

    card_id: UUID
    lap: int = 0


@dataclass(frozen=True, slots=True)
class Cram:
    """A session: what waits, in order, and how many answers were which."""

    waiting: tuple[Pass, ...] = ()
    known: int = 0
    again: int = 0


def wanted(what: What, *, days: int, text: str) -> Node:
    """Return the search for the cards that are meant; suspended ones stay away.

    Raises:
        WrongSearchError: the student's own search cannot be read.
    """
    search = text if what is What.SEARCH else SEARCHES[what].format(days=days)
    return conjunction([parse("-is:suspended"), parse(search)])


def begin(card_ids: Sequence[UUID]) -> Cram:
    """Return the session in which each of these cards is asked."""
    return Cram(tuple(Pass(card_id) for card_id in card_ids))


def answer(cram: Cram, asked: Pass, *, knows: bool) -> Cram:
    """Return the session after an answer; one that does not wait, as a repeated one, is none.

    A card that is known is done; another comes again after four others, or as the last.
    """
    if asked not in cram.waiting:
        return cram
    rest = [one for one in cram.waiting if one != asked]
    if knows:
        return replace(cram, waiting=tuple(rest), known=cram.known + 1)
    rest.insert(GAP, Pass(asked.card_id, asked.lap + 1))
    return replace(cram, waiting=tuple(rest), again=cram.again + 1)


def keep(cram: Cram, card_ids: Collection[UUID]) -> Cram:
    """Return the session without the first cards that are not here any more."""
    first, rest = cram.waiting[: GAP + 1], cram.waiting[GAP + 1 :]
    here = tuple(one for one in first if one.card_id in card_ids)
    return replace(cram, waiting=(*here, *rest))
