"""Decks and cards as they leave the service, and what a student types into them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, cast
from uuid import UUID

from studymaster.errors import InvalidInputError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.rules import typed as rules
from studymaster.features.flashcards.rules.typed import NewKind, Sides

NO_CARD: Final = "That card is not in your decks."
NO_DECK: Final = "That deck is not one of yours."
MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Pile:
    """Which cards are meant: those of one course, of one deck, or all (both None)."""

    course_id: UUID | None = None
    deck_id: UUID | None = None

    def holds(self, *, course_id: UUID | None, deck_id: UUID | None) -> bool:
        """Say whether a card of this course and deck lies in the pile."""
        return self.course_id in {None, course_id} and self.deck_id in {None, deck_id}


EVERYTHING: Final = Pile()


@dataclass(frozen=True, slots=True)
class DeckView:
    """A pile of cards, and how many of them `waiting` (in all) today.

    A course is a deck even before its first card: then `id` is empty. A deck that the
    student made has no `course_id`. `key` names either in a list to choose from.
    """

    id: str
    key: str
    course_id: str
    shortname: str
    fullname: str
    line: int
    new: int
    learning: int
    due: int
    waiting: int
    total: int


NoCourses = Literal["unconnected", "unsynced", "unlisted"]
"""Why there are no courses: no Moodle, none of its courses here yet, or it lists none."""


@dataclass(frozen=True, slots=True)
class DeckChoice:
    """A deck in a list to choose from."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Shelves:
    """Everything a student has cards in: courses, and decks of their own."""

    courses: list[DeckView]
    own: list[DeckView]


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as programs see it.

    Attributes:
        id: Opaque id.
        user_id: Whose card it is.
        course_id: The course's number in Moodle; None for a deck of the student's own.
        deck_id: The deck it lies in.
        kind: `basic`, or `cloze` whose front has a gap `{{c1::words}}`.
        front: The question.
        back: The answer.
        tags: In lower case.
        difficulty: SM-2 easiness in hundredths; lower is harder.
        next_review: When the day on which it is due starts for the student (UTC).
        interval: Days between the last review and the next.
        repetitions: Reviews remembered in a row.
        due_on: The student's day on which it is due, ISO 8601.
        turn: How often it has been answered.
        suspended: Whether it is left out of reviews.
        material_id: What it was made from; None when typed by hand or gone.
        page: The cited page, from 1.
        quote: The cited words.
    """

    id: str
    user_id: str
    course_id: int | None
    deck_id: str
    kind: str
    front: str
    back: str
    tags: list[str]
    difficulty: int
    next_review: datetime
    interval: int
    repetitions: int
    due_on: str
    turn: int
    suspended: bool
    material_id: str | None
    page: int | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card in the browser's table: its sides in one short line each.

    `stage` is `new`, `learning`, `due`, `resting` or `suspended`; `when` the same in words.
    """

    id: str
    front: str
    back: str
    deck: str
    line: int
    stage: str
    when: str
    tags: list[str]


@dataclass(frozen=True, slots=True)
class CardTable:
    """A stretch of the cards that were asked for, and how many there are in all."""

    rows: list[CardRow]
    total: int


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card as it stands in the editor; `deck` is the key of its deck."""

    id: str = ""
    kind: str = NewKind.BASIC
    front: str = ""
    back: str = ""
    tags: str = ""
    deck: str = ""


@dataclass(frozen=True, slots=True)
class NewCard:
    """What a student typed, checked: one or more cards for one pile."""

    sides: tuple[Sides, ...]
    tags: tuple[str, ...] = field(default=())


def parse_new_card(*, kind: object, front: object, back: object, tags: object) -> NewCard:
    """Return the cards that a student typed.

    Raises:
        InvalidInputError: the kind is none of the three, or a side or a tag does not do.
    """
    if not isinstance(kind, str) or kind not in set(NewKind):
        msg = "A card is basic, reversed or cloze."
        raise InvalidInputError(msg)
    chosen = NewKind(kind)
    question = rules.parse_text(front, side="front")
    answer = "" if chosen is NewKind.CLOZE else rules.parse_text(back, side="back")
    sides = rules.make_sides(chosen, front=question, back=answer)
    return NewCard(tuple(sides), tuple(rules.parse_tags(tags)))


@dataclass(frozen=True, slots=True)
class CardProblems:
    """What is wrong with a card that is being typed, by field; empty where nothing is."""

    front: str = ""
    back: str = ""
    tags: str = ""


def find_problems(
    *, kind: object, front: object, back: object, tags: object, is_new: bool
) -> CardProblems:
    """Return what has to be mended before a card can be kept; a new cloze may have gaps."""
    is_cloze = kind == NewKind.CLOZE
    return CardProblems(
        front=_problem(lambda: _front(front, is_cloze=is_cloze, is_new=is_new)),
        back="" if is_cloze else _problem(lambda: rules.parse_text(back, side="back")),
        tags=_problem(lambda: rules.parse_tags(tags)),
    )


def _front(front: object, *, is_cloze: bool, is_new: bool) -> None:
    text = rules.parse_text(front, side="front")
    if is_cloze and is_new:
        rules.split_cloze(text)
    elif is_cloze:
        rules.one_gap(text)


def _problem(parse: Callable[[], object]) -> str:
    try:
        parse()
    except InvalidInputError as error:
        return error.message
    return ""


def parse_pile_key(value: object) -> Pile:
    """Return the pile that a key from a list of decks names: `deck:<id>` or `course:<id>`.

    Raises:
        NotFoundError: it names none.
    """
    kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind == "course":
        return Pile(course_id=parse_id(name, missing=NO_DECK))
    return Pile(deck_id=parse_id(name if kind == "deck" else "", missing=NO_DECK))


def pile_key(*, course_id: UUID | str | None, deck_id: UUID | str | None) -> str:
    """Return the key of a deck; that of a course stays the same once it has a deck."""
    return f"course:{course_id}" if course_id else f"deck:{deck_id}"


def parse_card_ids(values: object) -> list[UUID]:
    """Return the ids of cards that were chosen, each once.

    Raises:
        InvalidInputError: none, more than 500, or no list at all.
        NotFoundError: one of them is no id.
    """
    chosen = cast("list[object]", values) if isinstance(values, list) else []
    if not chosen:
        msg = "Choose at least one card."
        raise InvalidInputError(msg)
    if len(chosen) > MOST_AT_ONCE:
        msg = f"Choose at most {MOST_AT_ONCE} cards at once."
        raise InvalidInputError(msg)
    return sorted({parse_id(value, missing=NO_CARD) for value in chosen})
