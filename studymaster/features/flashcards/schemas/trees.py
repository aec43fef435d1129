"""Own decks that lie in each other, as they stand under one another on a page."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from studymaster.features.flashcards.rules.typed import LEVELS, lies_in, lineage
from studymaster.features.flashcards.schemas.cards import DeckChoice, DeckView

INDENT = "\u2003"
OWN = "deck:"


@dataclass(frozen=True, slots=True)
class DeckBranch:
    """A deck in the tree.

    Attributes:
        deck: The deck.
        name: What it is called inside the one above it.
        depth: In how many decks it lies.
        inner: How many decks lie in it.
        cards: How many cards lie in it and in these.
        folded: Whether those that lie in it are left out.
    """

    deck: DeckView
    name: str
    depth: int
    inner: int
    cards: int
    folded: bool


def grow(own: Sequence[DeckView], *, folded: AbstractSet[str]) -> list[DeckBranch]:
    """Return own decks in the order of their tree, without what lies in `folded` ids."""
    ordered = sorted(own, key=lambda deck: _parts(deck.fullname))
    names = {deck.fullname.casefold() for deck in ordered}
    shut = {deck.fullname.casefold() for deck in ordered if deck.id in folded}
    branches: list[DeckBranch] = []
    for deck in ordered:
        above = _above(deck.fullname, names)
        if any(name.casefold() in shut for name in above):
            continue
        within = [one for one in ordered if lies_in(one.fullname, deck.fullname)]
        branches.append(
            DeckBranch(
                deck=deck,
                name=_short(deck.fullname, above),
                depth=len(above),
                inner=len(within) - 1,
                cards=sum(one.total for one in within),
                folded=deck.id in folded and len(within) > 1,
            )
        )
    return branches


def as_tree(choices: Iterable[DeckChoice]) -> list[DeckChoice]:
    """Return decks to choose from: courses as they are, own decks as a tree after them."""
    every = list(choices)
    own = [choice for choice in every if choice.key.startswith(OWN)]
    names = {choice.name.casefold() for choice in own}
    own.sort(key=lambda choice: _parts(choice.name))
    courses = [choice for choice in every if not choice.key.startswith(OWN)]
    return [*courses, *(_indented(choice, names) for choice in own)]


def last_part(name: str) -> tuple[str, str]:
    """Return the name of the deck that a deck lies in (empty: none), and its own."""
    above, _, own = name.rpartition(LEVELS)
    return above, own


def whole_name(name: object, *, above: str) -> object:
    """Return the name that a deck has in all, from what was typed."""
    return f"{above}{LEVELS}{name}" if above and isinstance(name, str) else name


def _indented(choice: DeckChoice, names: AbstractSet[str]) -> DeckChoice:
    above = _above(choice.name, names)
    return DeckChoice(choice.key, INDENT * len(above) + _short(choice.name, above))


def _parts(name: str) -> list[str]:
    return name.casefold().split(LEVELS)


def _above(name: str, names: AbstractSet[str]) -> list[str]:
    """Return the decks that there are of those a name lies in."""
    return [outer for outer in lineage(name) if outer.casefold() in names]


def _short(name: str, above: Sequence[str]) -> str:
    return name[len(above[-1]) + len(LEVELS) :] if above else name
