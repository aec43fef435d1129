"""Decks and cards as they leave the service, and what a student types into them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, cast
from uuid import UUID

from studymaster.errors import InvalidInputError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.rules import typed as rules
from studymaster.features.flashcards.rules.masks import parse_masks, write_masks
from studymaster.features.flashcards.rules.typed import NewKind, Sides
from studymaster.gaps import parse_gaps

NO_CARD: Final = "That card is not in your decks."
NO_DECK: Final = "That deck is not one of yours."
NO_PAGE: Final = "That page is not in one of your courses. Choose another picture."
HIGHEST_PAGE: Final = 100_000
MOST_CHOSEN: Final = 1_000
TOO_MANY_CHOSEN: Final = (
    f"Choose up to {MOST_CHOSEN:,} cards one by one, or all that a search finds."
)
FLAGS: Final = ("None", "Red", "Orange", "Green", "Blue", "Pink", "Turquoise", "Purple")
"""What a card's flag is called, by its number."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Which cards are meant: those of one course, of one deck with all in it, or all."""

    course_id: UUID | None = None
    deck_id: UUID | None = None


EVERYTHING: Final = Pile()


@dataclass(frozen=True, slots=True)
class DeckView:
    """A pile of cards, and how many it asks today (`waiting`: in all), its inner decks' too.

    `total` are the cards that lie in itself.

    A course is a deck even before its first card: then `id` is empty. A deck that the
    student made has no `course_id`. `key` names either in a list to choose from.
    """

    id: str
    key: str
    course_id: str
    shortname: str
    fullname: str
    line: int
    new: int = 0
    learning: int = 0
    due: int = 0
    waiting: int = 0
    total: int = 0


NoCourses = Literal["unconnected", "unsynced", "unlisted"]
"""Why there are no courses: no Moodle, none of its courses here yet, or it lists none."""


@dataclass(frozen=True, slots=True)
class DeckChoice:
    """A deck in a list to choose from."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class DeckSettings:
    """What a deck has chosen.

    Attributes:
        key: Its key in a list of decks.
        name: What it is called.
        scheduler: `sm2` or `fsrs`.
        retention: The share of cards to be known on their day, in percent.
        cards: How many lie in it.
        new_per_day: How many new cards a day shows, at most.
        reviews_per_day: How many due cards a day shows, at most.
        new_today: The same for today only; None: as every day.
        reviews_today: The same for today only; None: as every day.
        new_order: `lecture` or `random`.
        due_order: `oldest`, `random` or `retrievability`.
        steps: Minutes after which a new card comes again, such as `1 10`.
        relearning_steps: Minutes after which a forgotten card comes again.
        bury_siblings: Whether one card of a note is asked a day.
        leech_at: How often a card may be forgotten until it is a leech; 0: never.
        leech_suspends: Whether a leech is suspended.
        language: What its cards are read aloud in (BCP 47); empty: as the browser finds.
    """

    key: str
    name: str
    scheduler: str
    retention: int
    cards: int
    new_per_day: int = 20
    reviews_per_day: int = 200
    new_today: int | None = None
    reviews_today: int | None = None
    new_order: str = "lecture"
    due_order: str = "oldest"
    steps: str = ""
    relearning_steps: str = ""
    bury_siblings: bool = True
    leech_at: int = 8
    leech_suspends: bool = True
    language: str = ""


@dataclass(frozen=True, slots=True)
class Shelves:
    """Everything a student has cards in: courses, and decks of their own.

    `waiting` is what a review of everything asks. It may be less than all decks ask on their
    own: a deck bounds those that lie in it.
    """

    courses: list[DeckView]
    own: list[DeckView]
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as programs see it.

    Attributes:
        id: Opaque id.
        user_id: Whose card it is.
        course_id: The course's number in Moodle; None for a deck of the student's own.
        deck_id: The deck it lies in.
        kind: `basic`, `typed` (the answer is typed), `cloze` whose front has gaps
            `{{c1::words::hint}}`, or `occlusion` with covered places on a picture.
        front: The question; of a note with several gaps, the whole text.
        back: The answer.
        extra: What is shown under the answer.
        masks: The covered places of a picture, in the notation of Anki.
        ordinal: Which gap or place is asked; 0 for the only one.
        note_id: What cards of one note share; None when it stands alone.
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
        flag: The colour it is marked with, 1 to 7, or 0.
        buried_until: The day before which it is not asked; None: it is not buried.
        lapses: How often it was forgotten once it was known.
    """

    id: str
    user_id: str
    course_id: int | None
    deck_id: str
    kind: str
    front: str
    back: str
    extra: str
    masks: str
    ordinal: int
    note_id: str | None
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
    flag: int
    buried_until: str | None
    lapses: int


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card in the browser's table: its sides in one short line each.

    `stage` is `new`, `learning`, `due`, `resting`, `suspended` or `buried`;
    `when` is the same in words.
    `flag` is the name of its colour, empty without one. The rest are the figures of the card
    in words, each empty where there is none: what is asked of them is `Column`.
    """

    id: str
    front: str
    back: str
    deck: str
    line: int
    stage: str
    when: str
    tags: list[str]
    flag: str = ""
    interval: str = ""
    ease: str = ""
    stability: str = ""
    difficulty: str = ""
    answers: str = ""
    lapses: str = ""
    added: str = ""
    answered: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CardTable:
    """A stretch of the cards that were asked for, and how many there are in all."""

    rows: list[CardRow]
    total: int


@dataclass(frozen=True, slots=True)
class MediaView:
    """A picture or a sound that cards can name, and the address it comes from."""

    name: str
    mimetype: str
    size_bytes: int
    address: str


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card as it stands in the editor; `deck` is the key of its deck.

    `material` and `page` are the page of a lecture that the picture of a new one shows.
    """

    id: str = ""
    kind: str = NewKind.BASIC
    front: str = ""
    back: str = ""
    extra: str = ""
    masks: str = ""
    ordinal: int = 0
    tags: str = ""
    deck: str = ""
    material: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class NewCard:
    """What a student typed, checked: one or more cards for one pile.

    `material_id` and `page` are the page of a lecture that its picture was taken from.
    """

    kind: NewKind
    sides: tuple[Sides, ...]
    tags: tuple[str, ...] = field(default=())
    extra: str = ""
    masks: str = ""
    material_id: UUID | None = None
    page: int | None = None


def parse_new_card(  # noqa: PLR0913  (a field of the form each)
    *,
    kind: object,
    front: object,
    back: object,
    tags: object,
    extra: object = "",
    masks: object = "",
    material_id: object = "",
    page: object = 0,
) -> NewCard:
    """Return the cards that a student typed.

    Raises:
        InvalidInputError: there is no such kind, or a side, a gap, a covered place or a tag
            does not do.
    """
    chosen = rules.parse_kind(kind)
    question = rules.parse_text(front, side="front")
    covered = write_masks(parse_masks(masks)) if chosen is NewKind.OCCLUSION else ""
    sides = rules.make_sides(
        chosen, front=question, back=_back(chosen, back), masks=covered
    )
    number = str(page)
    is_paged = bool(material_id) and number.isascii() and number.isdecimal()
    return NewCard(
        chosen,
        tuple(sides),
        tuple(rules.parse_tags(tags)),
        extra=rules.parse_optional(extra, side="extra"),
        masks=covered,
        material_id=parse_id(material_id, missing=NO_PAGE) if is_paged else None,
        page=min(int(number[:6]), HIGHEST_PAGE) if is_paged else None,
    )


def _back(kind: NewKind, back: object) -> str:
    if kind is NewKind.CLOZE:
        return ""
    if kind is NewKind.OCCLUSION:
        return rules.parse_optional(back, side="back")
    return rules.parse_text(back, side="back")


@dataclass(frozen=True, slots=True)
class CardProblems:
    """What is wrong with a card that is being typed, by field; empty where nothing is."""

    front: str = ""
    back: str = ""
    extra: str = ""
    masks: str = ""
    tags: str = ""


def find_problems(
    *,
    kind: object,
    front: object,
    back: object,
    tags: object,
    extra: object = "",
    masks: object = "",
) -> CardProblems:
    """Return what has to be mended before a card can be kept.

    Raises:
        InvalidInputError: there is no such kind.
    """
    chosen = rules.parse_kind(kind)
    return CardProblems(
        front=_problem(lambda: _front(chosen, front)),
        back=_problem(lambda: _back(chosen, back)),
        extra=_problem(lambda: rules.parse_optional(extra, side="extra")),
        masks=_problem(lambda: parse_masks(masks)) if chosen is NewKind.OCCLUSION else "",
        tags=_problem(lambda: rules.parse_tags(tags)),
    )


def _front(kind: NewKind, front: object) -> None:
    text = rules.parse_text(front, side="front")
    if kind is NewKind.CLOZE:
        parse_gaps(text)
    if kind is NewKind.OCCLUSION:
        rules.require_picture(text)


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


def parse_flag(value: object) -> int:
    """Return the number of a flag, 1 to 7, or 0 for none.

    Raises:
        InvalidInputError: there is no such flag.
    """
    known = [str(number) for number in range(len(FLAGS))]
    if str(value) not in known:
        msg = f"A flag is a number from 0 (none) to {known[-1]}."
        raise InvalidInputError(msg)
    return known.index(str(value))


def parse_card_ids(values: object) -> list[UUID]:
    """Return the ids of cards that were chosen, each once.

    Raises:
        InvalidInputError: none, more than 1,000, or no list at all.
        NotFoundError: one of them is no id.
    """
    chosen = cast("list[object]", values) if isinstance(values, list) else []
    if not chosen:
        msg = "Choose at least one card."
        raise InvalidInputError(msg)
    if len(chosen) > MOST_CHOSEN:
        raise InvalidInputError(TOO_MANY_CHOSEN)
    return sorted({parse_id(value, missing=NO_CARD) for value in chosen})
