"""What a student may type into a card: two sides, gaps, tags, a deck's name. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from studymaster.errors import InvalidInputError
from studymaster.typed import Says, always, clean, typed, typed_line

TEXT_LIMIT: Final = 2_000
NAME_LIMIT: Final = 120
TAG_LIMIT: Final = 60
SHOWN_OF_TAG: Final = 24
MOST_TAGS: Final = 20
GAP: Final = re.compile(r"\{\{c([1-9])::(.+?)\}\}", re.DOTALL)
NO_GAP: Final = "Mark the words to hide, such as {{c1::words}}."


class NewKind(StrEnum):
    """How a new card asks; REVERSED makes two cards, one for each direction."""

    BASIC = "basic"
    REVERSED = "reversed"
    CLOZE = "cloze"


@dataclass(frozen=True, slots=True)
class Sides:
    """One card to be made. A cloze has one gap `{{c1::words}}` and its words as the back."""

    is_cloze: bool
    front: str
    back: str


def parse_text(value: object, *, side: str) -> str:
    """Return the text of a card's side that came from outside, cleaned.

    Raises:
        InvalidInputError: it is empty or longer than 2,000 characters.
    """
    empty = f"The {side} of a card cannot be empty."
    says = Says(
        too_long=f"The {side} of a card can have {{most:,}} characters; this has {{count:,}}. "
        "Shorten it, or make two cards of it.",
        too_short=empty,
        no_text=empty,
    )
    return typed(value, most=TEXT_LIMIT, least=1, says=says)


def parse_name(value: object) -> str:
    """Return the name of a deck, its white space put in order.

    Raises:
        InvalidInputError: it is empty or longer than 120 characters.
    """
    says = always(f"The name of a deck needs 1 to {NAME_LIMIT} characters.")
    return typed_line(value, most=NAME_LIMIT, least=1, says=says)


def parse_tags(value: object) -> list[str]:
    """Return tags, each once, in lower case; a text holds them between commas.

    Blanks inside a tag become a hyphen, so that a tag is one word.

    Raises:
        InvalidInputError: there are more than 20, or one has more than 60 characters.
    """
    tags = list(dict.fromkeys(tag for tag in map(_tag, _listed(value)) if tag))
    if len(tags) > MOST_TAGS:
        msg = f"A card can have {MOST_TAGS} tags; these are {len(tags)}. Leave some out."
        raise InvalidInputError(msg)
    long = next((tag for tag in tags if len(tag) > TAG_LIMIT), "")
    if long:
        msg = (
            f"A tag can have {TAG_LIMIT} characters; “{long[:SHOWN_OF_TAG]}…” has "
            f"{len(long):,}. Shorten it."
        )
        raise InvalidInputError(msg)
    return tags


def _listed(value: object) -> Iterable[object]:
    if isinstance(value, str):
        return value.split(",")
    return cast("list[object]", value) if isinstance(value, list | tuple) else []


def _tag(value: object) -> str:
    return "-".join(clean(value).replace(",", " ").split()).lstrip("#").lower()


def make_sides(kind: NewKind, *, front: str, back: str) -> list[Sides]:
    """Return the cards that come of what was typed.

    Raises:
        InvalidInputError: a cloze has no gap, or two gaps with the same number.
    """
    if kind is NewKind.CLOZE:
        return split_cloze(front)
    there = Sides(is_cloze=False, front=front, back=back)
    turned = Sides(is_cloze=False, front=back, back=front)
    return [there, turned] if kind is NewKind.REVERSED and front != back else [there]


def split_cloze(sentence: str) -> list[Sides]:
    """Return a card for each gap; on it, the other gaps stand filled.

    Raises:
        InvalidInputError: there is no gap, a gap is all there is, or a number comes twice.
    """
    gaps = list(GAP.finditer(sentence))
    if not gaps:
        raise InvalidInputError(NO_GAP)
    if len({gap[1] for gap in gaps}) < len(gaps):
        msg = "Give each gap a number of its own: {{c1::one}} and {{c2::other}}."
        raise InvalidInputError(msg)
    if not re.search(r"\w", GAP.sub("", sentence)) and len(gaps) == 1:
        msg = "The sentence is nothing but its gap. Add the words around it."
        raise InvalidInputError(msg)
    return [_with_one_gap(sentence, number=gap[1]) for gap in gaps]


def one_gap(sentence: str) -> Sides:
    """Return the one card of a sentence with one gap.

    Raises:
        InvalidInputError: it has no gap, or several.
    """
    sides = split_cloze(sentence)
    if len(sides) > 1:
        msg = "Keep one gap in the sentence, such as {{c1::words}}."
        raise InvalidInputError(msg)
    return sides[0]


def _with_one_gap(sentence: str, *, number: str) -> Sides:
    words = next(gap[2] for gap in GAP.finditer(sentence) if gap[1] == number)

    def fill(gap: re.Match[str]) -> str:
        return f"{{{{c1::{gap[2]}}}}}" if gap[1] == number else gap[2]

    return Sides(is_cloze=True, front=GAP.sub(fill, sentence), back=words)
