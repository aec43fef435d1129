"""What a student asks to go through, and the table they do it on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.cram import Cram, Order, What
from studymaster.features.flashcards.schemas.cards import EVERYTHING, Pile, parse_pile_key
from studymaster.features.flashcards.schemas.study import CardFace
from studymaster.typed import clean

Choice = TypeVar("Choice", What, Order)

MOST_CARDS: Final = 500
MOST_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Wish:
    """Which cards shall be gone through, how many at most, in which order."""

    what: What
    order: Order
    pile: Pile
    days: int
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class CramTable:
    """The next cards of a session, and the session without those that are gone."""

    cards: list[CardFace]
    cram: Cram


def parse_wish(form: Mapping[str, object]) -> Wish:
    """Return what a form asks for.

    Raises:
        InvalidInputError: a choice is none, or a number is out of its bounds.
        NotFoundError: there is no such deck.
    """
    pile = clean(form.get("pile"))
    return Wish(
        what=_one_of(What, form.get("what")),
        order=_one_of(Order, form.get("order")),
        pile=parse_pile_key(pile) if pile else EVERYTHING,
        days=_number(form.get("days", "1"), most=MOST_DAYS, what="The days are"),
        count=_number(form.get("count"), most=MOST_CARDS, what="The number of cards is"),
        text=clean(form.get("search")),
    )


def _one_of(kind: type[Choice], value: object) -> Choice:
    try:
        return kind(clean(value))
    except ValueError:
        msg = "Choose which cards, and in which order."
        raise InvalidInputError(msg) from None


def _number(value: object, *, most: int, what: str) -> int:
    text = clean(value)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= most):
        msg = f"{what} a whole number from 1 to {most}."
        raise InvalidInputError(msg)
    return int(text)
