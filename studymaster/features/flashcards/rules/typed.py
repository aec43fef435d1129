"""What a student may type into a card: two sides, gaps, tags, a deck's name. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from studymaster.errors import InvalidInputError

TEXT_LIMIT: Final = 2_000
NAME_LIMIT: Final = 120
TAG_LIMIT: Final = 60
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


def clean(value: object) -> str:
    """Return text that PostgreSQL and a reader can do something with; no text is empty."""
    text = value if isinstance(value, str) else ""
    return "".join(
        letter for letter in text if letter in "\n\t" or _is_text(letter)
    ).strip()


def parse_text(value: object, *, side: str) -> str:
    """Return the text of a card's side that came from outside, cleaned.

    Raises:
        InvalidInputError: it is empty or longer than 2,000 characters.
    """
    text = clean(value)
    if not text:
        msg = f"The {side} of a card cannot be empty."
        raise InvalidInputError(msg)
    if len(text) > TEXT_LIMIT:
        msg = (
            f"The {side} of a card can have {TEXT_LIMIT:,} characters. Shorten it a little."
        )
        raise InvalidInputError(msg)
    return text


def parse_name(value: object) -> str:
    """Return the name of a deck, its white space put in order.

    Raises:
        InvalidInputError: it is empty or longer than 120 characters.
    """
    name = " ".join(clean(value).split())
    if not 1 <= len(name) <= NAME_LIMIT:
        msg = f"The name of a deck needs 1 to {NAME_LIMIT} characters."
        raise InvalidInputError(msg)
    return name


def parse_tags(value: object) -> list[str]:
    """Return tags, each once, in lower case; a text holds them between commas.

    Blanks inside a tag become a hyphen, so that a tag is one word.

    Raises:
        InvalidInputError: there are more than 20, or one has more than 60 characters.
    """
    tags = list(dict.fromkeys(tag for tag in map(_tag, _listed(value)) if tag))
    if len(tags) > MOST_TAGS or any(len(tag) > TAG_LIMIT for tag in tags):
        msg = f"A card can have {MOST_TAGS} tags of up to {TAG_LIMIT} characters each."
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


def _is_text(letter: str) -> bool:
    return letter >= " " and letter != "\x7f" and not "\ud800" <= letter <= "\udfff"
