"""What the note types of Anki make of their fields, and which of our kinds that is. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple

from studymaster import gaps
from studymaster.anki import BETWEEN_FIELDS, NoteType
from studymaster.errors import InvalidInputError
from studymaster.features.exchange.rules.texts import NOTHING, to_markdown
from studymaster.features.flashcards.rules.masks import (
    numbers_of,
    parse_masks,
    read_masks,
    write_masks,
)

FIELD: Final = re.compile(r"\{\{([^{}]{1,300})\}\}")
ANSWER: Final = re.compile(r"<hr[^<>]*id\s*=\s*[\"']?answer\b[^<>]*>", re.IGNORECASE)
EXTRAS: Final = frozenset({"extra", "back extra"})
OCCLUSION_MARK: Final = "image-occlusion"
LEAST_OF_OCCLUSION: Final = 2

NO_TYPE: Final = "Its note type is missing from the file."
NO_FRONT: Final = "Its front is empty."
NO_CARDS: Final = "It has no cards."
NO_PICTURE: Final = "It has no picture."
FEW_FIELDS: Final = "It has fewer fields than its note type."


class Kind(StrEnum):
    """How a card asks, as our cards call it."""

    BASIC = "basic"
    TYPED = "typed"
    CLOZE = "cloze"
    OCCLUSION = "occlusion"


class Step(NamedTuple):
    """A part of a template: words, a field, or where a field decides what is shown."""

    deed: str
    words: str = ""
    field: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """What one template makes: both sides, what stands under the answer, and how it asks."""

    front: tuple[Step, ...]
    back: tuple[Step, ...]
    extra: tuple[Step, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """How the notes of a type are read."""

    kind: Kind
    fields: int
    sides: tuple[Side, ...]


class ReadCard(NamedTuple):
    """A card of a note: `place` is its number in Anki, `ordinal` the one with us."""

    place: int
    ordinal: int
    front: str
    back: str


class ReadNote(NamedTuple):
    """A note as we keep it; its cards are one note with us only where it is `shared`."""

    kind: Kind
    cards: list[ReadCard]
    extra: str
    masks: str | None
    shared: bool


def reading_of(one: NoteType) -> Reading:
    """Return how the notes of a type are read; once for each type of a file."""
    numbers = {name.casefold(): place for place, name in enumerate(one.fields)}
    if one.is_cloze:
        is_occlusion = len(one.fields) > LEAST_OF_OCCLUSION and any(
            OCCLUSION_MARK in template.front for template in one.templates
        )
        kind = Kind.OCCLUSION if is_occlusion else Kind.CLOZE
    else:
        kind = Kind.BASIC
    make = partial(_side, numbers=numbers, is_cloze=one.is_cloze)
    sides = tuple(make(template.front, template.back) for template in one.templates)
    return Reading(kind, len(one.fields), sides)


def _side(front: str, back: str, *, numbers: Mapping[str, int], is_cloze: bool) -> Side:
    asked = _steps(front, numbers)
    divided = ANSWER.split(back, maxsplit=1)
    answered = _steps(divided[-1], numbers)
    in_front = {step.field for step in asked if step.deed in {"show", "type"}}
    extras = {place for name, place in numbers.items() if name in EXTRAS} - in_front
    if is_cloze:
        shown = tuple(
            step for step in answered if step.field not in in_front or not step.field
        )
        extra = tuple(step for step in shown if step.deed != "cloze")
        return Side(tuple(asked), (), _without(extra, in_front), Kind.CLOZE)
    types = any(step.deed == "type" for step in asked)
    return Side(
        tuple(step for step in asked if step.deed != "type"),
        _without(answered, extras),
        tuple(step for step in answered if step.deed == "show" and step.field in extras),
        Kind.TYPED if types else Kind.BASIC,
    )


def _without(steps: Sequence[Step], fields: set[int]) -> tuple[Step, ...]:
    """Leave fields out, and what is only shown where one of them says something."""
    left: list[Step] = []
    inside = 0
    for step in steps:
        is_named = step.deed != "words" and step.field in fields
        inside += is_named and step.deed in {"if", "unless"}
        if not is_named and not inside:
            left.append(step)
        inside -= is_named and step.deed == "end" and inside > 0
    return tuple(left)


def _steps(template: str, numbers: Mapping[str, int]) -> list[Step]:
    steps: list[Step] = []
    end = 0
    for found in FIELD.finditer(template):
        if words := template[end : found.start()].strip():
            steps.append(Step("words", words, -1))
        end = found.end()
        sign, name = found[1][0], found[1].strip()
        if sign in "#^/":
            name = name[1:].strip()
        *filters, name = [part.strip().casefold() for part in name.split(":")]
        place = numbers.get(name)
        if place is None:
            continue
        deeds = {"#": "if", "^": "unless", "/": "end"}
        deed = deeds.get(sign) or ("type" if "type" in filters else "show")
        steps.append(Step(deed, "", place))
    if words := template[end:].strip():
        steps.append(Step("words", words, -1))
    return steps


def _made(steps: tuple[Step, ...], fields: Sequence[str]) -> str:
    if len(steps) == 1 and steps[0].deed in {"show", "type"}:
        return fields[steps[0].field]
    parts: list[str] = []
    hidden: list[int] = []
    for step in steps:
        if step.deed == "end":
            if hidden and hidden[-1] == step.field:
                hidden.pop()
        elif step.deed in {"if", "unless"}:
            if bool(fields[step.field].strip()) is (step.deed == "unless"):
                hidden.append(step.field)
        elif not hidden:
            parts.append(step.words or fields[step.field])
    return "\n".join(parts)


def read_note(
    reading: Reading,
    text: str,
    places: Sequence[int],
    names: Mapping[str, str] = NOTHING,
) -> ReadNote:
    """Return what a note is with us.

    Args:
        reading: How the notes of its type are read.
        text: Its fields with the separator between them.
        places: The numbers of its cards.
        names: How its pictures and sounds are called with us.

    Raises:
        InvalidInputError: there is no card in it that we could ask.
    """
    fields = text.split(BETWEEN_FIELDS)
    if len(fields) < reading.fields:
        raise InvalidInputError(FEW_FIELDS)
    if not reading.sides or not places:
        raise InvalidInputError(NO_CARDS)
    if reading.kind is Kind.OCCLUSION:
        return _read_occlusion(fields, names)
    if reading.kind is Kind.CLOZE:
        return _read_cloze(reading.sides[0], fields, names)
    return _read_sides(reading, fields, places, names)


def _read_sides(
    reading: Reading,
    fields: Sequence[str],
    places: Sequence[int],
    names: Mapping[str, str],
) -> ReadNote:
    cards: list[ReadCard] = []
    for place in places:
        if not 0 <= place < len(reading.sides):
            continue
        side = reading.sides[place]
        front = to_markdown(_made(side.front, fields), names)
        back = to_markdown(_made(side.back, fields), names)
        if front:
            cards.append(ReadCard(place, place, front, back))
    if not cards:
        raise InvalidInputError(NO_FRONT)
    first = reading.sides[cards[0].place]
    extra = to_markdown(_made(first.extra, fields), names) if first.extra else ""
    if len(cards) == 1:
        return ReadNote(first.kind, cards, extra, None, shared=False)
    one, other = cards[:2]
    mirrored = len(cards) == 2 and (one.front, one.back) == (other.back, other.front)  # noqa: PLR2004
    return ReadNote(first.kind, cards, extra, None, shared=mirrored)


def _read_cloze(side: Side, fields: Sequence[str], names: Mapping[str, str]) -> ReadNote:
    front = to_markdown(_made(side.front, fields), names)
    found = _gaps(front)
    extra = to_markdown(_made(side.extra, fields), names) if side.extra else ""
    cards = [
        ReadCard(number - 1, number, front, gaps.words_of(front, number))
        for number in gaps.numbers(found)
    ]
    return ReadNote(Kind.CLOZE, cards, extra, None, shared=True)


def _gaps(text: str) -> list[gaps.Gap]:
    try:
        return gaps.parse_gaps(text)
    except InvalidInputError as error:
        # Anki lets a gap stand alone, so we do with what comes from there.
        if error.message != gaps.ALL_GAP:
            raise
        return gaps.read_gaps(text)


def _read_occlusion(fields: Sequence[str], names: Mapping[str, str]) -> ReadNote:
    covered, image, *others = fields
    header, back, extra = ([to_markdown(one, names) for one in others] + [""] * 3)[:3]
    masks = write_masks(parse_masks("\n".join(_mask_texts(covered))))
    shown = to_markdown(image, names)
    if not shown:
        raise InvalidInputError(NO_PICTURE)
    front = f"{shown}\n\n{header}" if header else shown
    cards = [
        ReadCard(number - 1, number, front, back)
        for number in numbers_of(read_masks(masks))
    ]
    return ReadNote(Kind.OCCLUSION, cards, extra, masks, shared=True)


def _mask_texts(covered: str) -> list[str]:
    return re.findall(r"\{\{c[0-9]{1,3}::image-occlusion:[^{}]*\}\}", covered)
