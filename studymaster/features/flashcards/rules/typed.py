"""What a student may type into a card: two sides, gaps, tags, a deck's name. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from studymaster import gaps
from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.masks import numbers_of, parse_masks
from studymaster.features.flashcards.rules.media import pictures_in
from studymaster.typed import Says, always, clean, typed, typed_line

TEXT_LIMIT: Final = 2_000
NAME_LIMIT: Final = 120
WHOLE_NAME_LIMIT: Final = 400
DEEPEST: Final = 8
LEVELS: Final = "::"
"""What stands between the names of a deck and of the one that it lies in, as in Anki."""

TAG_LIMIT: Final = 60
SHOWN_OF_TAG: Final = 24
MOST_TAGS: Final = 20
NO_PICTURE: Final = (
    "Choose a picture, so that something can be covered on it. It stands first in the text: "
    "![words](name.png)."
)


class NewKind(StrEnum):
    """How a new card asks; REVERSED makes two cards, one for each direction."""

    BASIC = "basic"
    REVERSED = "reversed"
    TYPED = "typed"
    CLOZE = "cloze"
    OCCLUSION = "occlusion"


@dataclass(frozen=True, slots=True)
class Sides:
    """One card of a note, and the number by which it differs from the others of it.

    Each card of a cloze has the whole sentence in front, and the words it asks for behind.
    """

    front: str
    back: str
    ordinal: int = 0


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
    """Return the whole name of a deck, such as `Languages::Spanish`, put in order.

    Raises:
        InvalidInputError: a part is empty or longer than 120 characters, there are more than
            8, or the whole is longer than 400.
    """
    says = always(f"The name of a deck needs 1 to {NAME_LIMIT} characters.")
    longest = always(f"A deck with all it lies in can have {WHOLE_NAME_LIMIT} characters.")
    whole = typed_line(value, most=10 * WHOLE_NAME_LIMIT, least=1, says=says)
    parts = [
        typed_line(part, most=NAME_LIMIT, least=1, says=says)
        for part in whole.split(LEVELS)
    ]
    if len(parts) > DEEPEST:
        msg = f"Decks can lie in each other {DEEPEST} deep; this would be {len(parts)}."
        raise InvalidInputError(msg)
    return typed_line(LEVELS.join(parts), most=WHOLE_NAME_LIMIT, least=1, says=longest)


def lineage(name: str) -> list[str]:
    """Return the whole names of the decks that a deck lies in, the outermost first."""
    parts = name.split(LEVELS)
    return [LEVELS.join(parts[:count]) for count in range(1, len(parts))]


def lies_in(name: str, other: str) -> bool:
    """Say whether a deck of a name lies in one of another, or is that one."""
    folded, outer = name.casefold(), other.casefold()
    return folded == outer or folded.startswith(outer + LEVELS)


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


def parse_optional(value: object, *, side: str) -> str:
    """Return the text of a side that may be empty.

    Raises:
        InvalidInputError: it is no text, or longer than 2,000 characters.
    """
    if value is None or (isinstance(value, str) and not clean(value).strip()):
        return ""
    return parse_text(value, side=side)


def parse_kind(value: object) -> NewKind:
    """Return the kind of a card that came from outside.

    Raises:
        InvalidInputError: there is no such kind.
    """
    if not isinstance(value, str) or value not in set(NewKind):
        msg = "A card is basic, reversed, typed, cloze or occlusion."
        raise InvalidInputError(msg)
    return NewKind(value)


def make_sides(kind: NewKind, *, front: str, back: str, masks: str = "") -> list[Sides]:
    """Return the cards that come of what was typed.

    Raises:
        InvalidInputError: the gaps or the covered places do not do, or there is no picture.
    """
    if kind is NewKind.CLOZE:
        asked = gaps.numbers(gaps.parse_gaps(front))
        return [Sides(front, gaps.words_of(front, number), number) for number in asked]
    if kind is NewKind.OCCLUSION:
        require_picture(front)
        asked = numbers_of(parse_masks(masks))
        return [Sides(front, back, number) for number in asked]
    there, turned = Sides(front, back), Sides(back, front, 1)
    return [there, turned] if kind is NewKind.REVERSED and front != back else [there]


def require_picture(front: str) -> None:
    """Refuse a covered picture that is not there.

    Raises:
        InvalidInputError: the text names none.
    """
    if not pictures_in(front):
        raise InvalidInputError(NO_PICTURE)
