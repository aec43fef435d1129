"""A review and a lecture's proposals as they leave the service, and answers that come in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID, uuid4, uuid5

from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas.cards import NO_CARD

NO_ANSWER = "That answer is not one of yours."
ELAPSED_LIMIT_MS = 60_000
MOST_WAITING = 500


@dataclass(frozen=True, slots=True)
class Source:
    """Where a card comes from, and how its page can be shown.

    Attributes:
        name: The file or page it was made from; empty when it is gone.
        page: Its page, from 1.
        page_count: Pages of the whole material.
        picture: Address of the page as a picture; empty when it has none.
        file: Address of the whole file; empty when it is gone.
        marks: Address of the places of the quote on that picture.
        before: Text before the quote, where there is no picture.
        quote: The quote.
        after: Text after the quote, where there is no picture.
    """

    name: str
    page: int
    page_count: int
    picture: str
    file: str
    marks: str
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class CardFace:
    """A card as it lies on the table.

    Attributes:
        id: Opaque id; with `turn` it names one answer.
        turn: How often it has been answered.
        kind: `basic`, `typed`, `cloze` whose front has gaps `{{c1::words::hint}}`, or
            `occlusion` with covered places on the first picture of its front.
        stage: `new`, `learning` (comes again today) or `due`.
        front: The question.
        back: The answer.
        course: Short name of the course.
        line: The course's colour, 0 to 9.
        intervals: When it comes back after Again, Hard, Good and Easy, in this order.
        source: Where it stands in the lecture.
        ordinal: Which gap or covered place is asked; 0 for the only one.
        masks: The covered places, in the notation of Anki.
        extra: What is shown under the answer.
        note_id: What cards of one note share; empty when it stands alone.
        flag: The colour it is marked with, 1 to 7, or 0.
        language: What it is read aloud in, as BCP 47 has it; empty: as the browser finds.
    """

    id: str
    turn: int
    kind: str
    stage: str
    front: str
    back: str
    course: str
    line: int
    intervals: list[str]
    source: Source
    ordinal: int = 0
    masks: str = ""
    extra: str = ""
    note_id: str = ""
    flag: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cards are left today within the limits of their decks, by stage and in all."""

    new: int = 0
    learning: int = 0
    due: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class DayReport:
    """What the student did today: answers by grade, their time, the points for them."""

    answers: int = 0
    again: int = 0
    hard: int = 0
    good: int = 0
    easy: int = 0
    minutes: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class ReviewTable:
    """A review session as it stands: the next cards, what is left, what is done.

    Attributes:
        cards: The next cards.
        more: Whether others come after the ones here.
        counts: What is left.
        report: What was answered today.
        minutes_left: What the rest takes.
        total: How many cards there are at all; counted up to a hundred.
        next_step_at: When the next card comes (ISO 8601) if none does now; else empty.
        held_new: New cards that the limits of today hold back, counted up to 10.
        held_due: Due cards that they hold back, counted up to 50.
    """

    cards: list[CardFace]
    more: bool
    counts: Counts
    report: DayReport
    minutes_left: int
    total: int
    next_step_at: str = ""
    held_new: int = 0
    held_due: int = 0


@dataclass(frozen=True, slots=True)
class GradeResult:
    """Where a card stands after an answer; `counted` is False for a repeated message.

    `leech` says that it was forgotten so often that it was called a leech now.
    """

    card_id: str
    turn: int
    due_on: str
    again_today: bool
    counted: bool
    points: int
    leech: bool = False


@dataclass(frozen=True, slots=True)
class GenerationView:
    """How far the making of proposals has come.

    Attributes:
        id: Opaque id; empty when nothing was ever asked for.
        state: `queued`, `running`, `done` or `failed`; empty when nothing was asked for.
        sentence: The same in words.
        unfinished: Whether a worker still has to finish it.
        found: Proposals written.
        refused: Proposals thrown away because their quote is not on the page.
    """

    id: str = ""
    state: str = ""
    sentence: str = ""
    unfinished: bool = False
    found: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A card that waits for the student's word.

    Attributes:
        id: Opaque id.
        material_id: The material that it was made from.
        state: `open`, or what the student decided: `accepted` or `rejected`.
        kind: The kind of card that it becomes.
        question: Its front as it will be asked, with a blank for every gap.
        front: Its front as it is written.
        back: The answer; of a sentence with gaps, what stands in them.
        page: The page of the material that it cites, from 1.
        quote: The words on that page.
    """

    id: str = ""
    material_id: str = ""
    state: str = ""
    kind: str = ""
    question: str = ""
    front: str = ""
    back: str = ""
    page: int = 1
    quote: str = ""


@dataclass(frozen=True, slots=True)
class ProposalPile:
    """The first open proposals of a material; `more` says how many follow."""

    items: list[ProposalView]
    more: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one card, checked.

    Attributes:
        card_id: The card.
        turn: How often the card had been answered before.
        grade: How well it was known.
        elapsed_ms: How long it took, at most a minute.
        answer_id: What whoever gave it calls it, so that this one can be taken back.
    """

    card_id: UUID
    turn: int
    grade: Grade
    elapsed_ms: int
    answer_id: UUID = field(default_factory=uuid4)

    @property
    def key(self) -> str:
        """What names the answer in the browser as well."""
        return f"{self.card_id}:{self.turn}"

    @property
    def log_id(self) -> UUID:
        """What names the answer in the log."""
        return log_id_of(card_id=self.card_id, turn=self.turn, answer_id=self.answer_id)


def log_id_of(*, card_id: UUID, turn: int, answer_id: UUID) -> UUID:
    """Return what an answer is called in the log.

    Two answers never share it, not even when somebody calls them the same.
    """
    return uuid5(card_id, f"{turn}:{answer_id}")


def parse_answer(
    *,
    card_id: object,
    turn: object,
    grade: object,
    elapsed_ms: object,
    answer_id: object = None,
) -> Answer:
    """Return an answer that came from outside; one without an id is a new one every time.

    Raises:
        NotFoundError: an id is no id.
        InvalidInputError: a number is missing, of another kind, or out of range.
    """
    if _whole(grade) not in set(Grade):
        msg = "A grade is 2 (Again), 3 (Hard), 4 (Good) or 5 (Easy)."
        raise InvalidInputError(msg)
    counted, waited = _whole(turn), _whole(elapsed_ms)
    if counted is None or waited is None or min(counted, waited) < 0:
        msg = "The turn and the time of an answer are whole numbers from 0."
        raise InvalidInputError(msg)
    return Answer(
        card_id=parse_id(card_id, missing=NO_CARD),
        turn=counted,
        grade=Grade(_whole(grade) or 0),
        elapsed_ms=min(waited, ELAPSED_LIMIT_MS),
        answer_id=uuid4() if answer_id is None else parse_id(answer_id, missing=NO_ANSWER),
    )


def parse_turn(turn: object) -> int:
    """Return at which turn a card was answered.

    Raises:
        InvalidInputError: it is no whole number from 0.
    """
    counted = _whole(turn)
    if counted is None or counted < 0:
        msg = "The turn of an answer is a whole number from 0."
        raise InvalidInputError(msg)
    return counted


def parse_waiting(value: object) -> list[Answer]:
    """Return the answers that a browser kept while it could not send them, at most 500.

    A browser's store can hold anything: what is no answer is left out.
    """
    kept = cast("list[object]", value) if isinstance(value, list) else []
    read = [_find_answer(one) for one in kept[:MOST_WAITING]]
    return [answer for answer in read if answer is not None]


def _find_answer(value: object) -> Answer | None:
    if not isinstance(value, Mapping):
        return None
    given = cast("Mapping[str, object]", value)
    try:
        return parse_answer(
            card_id=given.get("card_id"),
            turn=given.get("turn"),
            grade=given.get("grade"),
            elapsed_ms=given.get("elapsed_ms"),
            answer_id=given.get("answer_id"),
        )
    except (InvalidInputError, NotFoundError):
        return None


def _whole(value: object) -> int | None:
    """Return a whole number; JSON has True and 3.0 as well, which are not meant here."""
    return value if type(value) is int else None
