r"""Finding words in many cards and putting others there: `(\w+) cat` -> `\1 dog`. Pure.

Patterns are those of RE2 (https://github.com/google/re2/wiki/Syntax): whatever is asked, they
take time in proportion to the text, so no pattern of a student can hold anybody up.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol, cast
from uuid import UUID

import re2

from studymaster import gaps
from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules import typed
from studymaster.features.flashcards.rules.media import pictures_in
from studymaster.features.flashcards.rules.typed import NewKind
from studymaster.typed import always, kept

LONGEST: Final = 500
PART: Final = re.compile(r"\\([0-9]|\\)")
"""What means something in the words that take the place: a group by its number, or `\\\\`."""

WRONG: Final = cast("type[Exception]", re2.error)
NOTHING: Final = "Say what shall be found, and what takes its place."
TOO_LONG: Final = (
    f"What is found and what takes its place can have {LONGEST} characters each."
)
NOWHERE: Final = "Replace on the front, the back, the extra, or on all of them."
FITS_NOTHING: Final = (
    "The pattern also fits where nothing stands. Say what has to be there."
)


class Where(StrEnum):
    """On which sides of a card is looked."""

    ALL = "all"
    FRONT = "front"
    BACK = "back"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class ReplaceWish:
    """What shall be found and what takes its place, checked; `where` names the sides.

    A `is_pattern` is one of RE2, whose groups the words may name. Capitals count if
    `case_matters`.
    """

    find: str
    into: str
    where: Where
    is_pattern: bool
    case_matters: bool


@dataclass(frozen=True, slots=True)
class CardText:
    """The words of a card, and what else tells it from the others of its note."""

    id: UUID
    note_id: UUID | None
    ordinal: int
    kind: str
    front: str
    back: str
    extra: str


class _Found(Protocol):
    def group(self, number: int) -> str | None: ...


class _Pattern(Protocol):
    groups: int

    def search(self, text: str) -> object | None: ...
    def sub(self, _new: Callable[[_Found], str], text: str, /) -> str: ...


Turn = Callable[[str], str]
"""Puts the new words into a text."""


def parse_wish(
    *, find: object, into: object, where: object, is_pattern: bool, case_matters: bool
) -> ReplaceWish:
    """Return what shall be replaced.

    Raises:
        InvalidInputError: nothing is looked for, a text is too long, the pattern or a group
            in the new words is none, or there is no such side.
    """
    # White space is kept: two blanks may become one.
    wanted, new = kept(find, says=always(NOTHING)), kept(into, says=always(NOTHING))
    if not wanted:
        raise InvalidInputError(NOTHING)
    if max(len(wanted), len(new)) > LONGEST:
        raise InvalidInputError(TOO_LONG)
    if not isinstance(where, str) or where not in set(Where):
        raise InvalidInputError(NOWHERE)
    wish = ReplaceWish(
        wanted, new, Where(where), is_pattern=is_pattern, case_matters=case_matters
    )
    turn_of(wish)
    return wish


def turn_of(wish: ReplaceWish) -> Turn:
    """Return what puts the new words into a text.

    Raises:
        InvalidInputError: the pattern or a group in the new words is none.
    """
    pattern = _compiled(wish)
    if not wish.is_pattern:
        return lambda text: pattern.sub(lambda _: wish.into, text)
    parts = PART.split(wish.into)
    numbers = [int(part) for part in parts[1::2] if part.isdigit()]
    if max(numbers, default=0) > pattern.groups:
        count = pattern.groups
        has = "one group" if count == 1 else f"{count or 'no'} groups"
        msg = f"The new words name group {max(numbers)}, but the pattern has {has}."
        raise InvalidInputError(msg)
    return lambda text: pattern.sub(lambda found: _filled(parts, found), text)


def _filled(parts: Sequence[str], found: _Found) -> str:
    """Return the new words with what the groups of the pattern found."""
    return "".join(
        part if not at % 2 else (found.group(int(part)) or "") if part.isdigit() else part
        for at, part in enumerate(parts)
    )


def _compiled(wish: ReplaceWish) -> _Pattern:
    options = re2.Options()
    options.case_sensitive = wish.case_matters
    options.log_errors = False
    options.literal = not wish.is_pattern
    try:
        found = re2.compile(wish.find, options)
    except WRONG as error:
        why = str(error).removeprefix("b").strip("'\"")
        msg = f"The pattern cannot be read: {why}."
        raise InvalidInputError(msg) from None
    pattern = cast("_Pattern", found)
    if pattern.search(""):
        raise InvalidInputError(FITS_NOTHING)
    return pattern


def replaced(
    note: Sequence[CardText], *, turn: Turn, where: Where
) -> Sequence[CardText] | None:
    """Return the cards of a note that say something else afterwards; None: that cannot be.

    It cannot be where a side would be empty or too long, where other gaps would be asked, or
    where a picture would be another one. The card that asks the other way round follows.
    """
    wanted = _wanted(note, turn=turn, where=where)
    changed = [one for one in note if wanted[one.id] != one]
    try:
        return [_checked(one, wanted[one.id]) for one in changed]
    except InvalidInputError:
        return None


def _wanted(
    note: Sequence[CardText], *, turn: Turn, where: Where
) -> Mapping[UUID, CardText]:
    """Return what the cards of a note would say, unchecked."""
    wanted: dict[UUID, CardText] = {}
    for card in note:
        if card.id in wanted:
            continue
        new = _turned(card, turn=turn, where=where)
        wanted[card.id] = new
        for other in note:
            if other.id not in wanted and _is_mirror(other, card):
                wanted[other.id] = replace(
                    other, front=new.back, back=new.front, extra=new.extra
                )
    return wanted


def _turned(card: CardText, *, turn: Turn, where: Where) -> CardText:
    def on(side: Where, text: str) -> str:
        return turn(text) if where in {Where.ALL, side} else text

    front, extra = on(Where.FRONT, card.front), on(Where.EXTRA, card.extra)
    if card.kind != NewKind.CLOZE:
        return replace(card, front=front, back=on(Where.BACK, card.back), extra=extra)
    number = gaps.asked_number(card.front, card.ordinal)
    # What is behind a cloze are the words of its gap.
    back = gaps.words_of(front, number) if front != card.front else card.back
    return replace(card, front=front, back=back, extra=extra)


def _is_mirror(one: CardText, other: CardText) -> bool:
    is_turned = (one.front, one.back) == (other.back, other.front)
    return is_turned and one.kind != NewKind.CLOZE


def _checked(before: CardText, after: CardText) -> CardText:
    """Return what a card shall say, put in order.

    Raises:
        InvalidInputError: it cannot say that.
    """
    front = typed.parse_text(after.front, side="front")
    extra = typed.parse_optional(after.extra, side="extra")
    if before.kind == NewKind.CLOZE:
        _require_same(_numbers(before.front), _numbers(front))
        return replace(after, front=front, extra=extra)
    if before.kind == NewKind.OCCLUSION:
        _require_same(pictures_in(before.front), pictures_in(front))
        back = typed.parse_optional(after.back, side="back")
        return replace(after, front=front, back=back, extra=extra)
    return replace(
        after, front=front, back=typed.parse_text(after.back, side="back"), extra=extra
    )


def _numbers(text: str) -> Sequence[int]:
    return gaps.numbers(gaps.parse_gaps(text))


def _require_same(before: object, after: object) -> None:
    if before != after:
        msg = "The gaps or the picture would be others."
        raise InvalidInputError(msg)
