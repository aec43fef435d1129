"""What leaves the quizzes service, and what may come in: frozen and plain."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from studymaster.errors import InvalidInputError
from studymaster.features.accounts.rules import parse_id
from studymaster.typed import clean

NO_QUIZ: Final = "That quiz is not one of yours."
NO_ITEM: Final = "There is no such question in this quiz."
NOT_PAIRED: Final = "Choose an answer for each."
NO_PILE: Final = "That deck is not one of yours."
FEWEST, MOST = 5, 30
COUNTS: Final = frozenset(str(count) for count in range(FEWEST, MOST + 1))
LONGEST_ANSWER: Final = 2_000


@dataclass(frozen=True, slots=True)
class Pile:
    """From which cards a quiz is made: those of a course, of a deck, or all (both None)."""

    course_id: UUID | None = None
    deck_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PileChoice:
    """Something to make a quiz from: its key, its name, and how many cards it has."""

    key: str
    name: str
    cards: int


@dataclass(frozen=True, slots=True)
class QuizView:
    """A quiz and how far it has come; `percent` is the share that was right so far."""

    id: str = ""
    name: str = ""
    created_at: datetime | None = None
    finished_at: datetime | None = None
    total: int = 0
    answered: int = 0
    right: int = 0
    percent: int = 0


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz in the history; `when` is its start on the student's clock."""

    id: str
    name: str
    when: str
    total: int
    answered: int
    right: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a card stands in a lecture; empty where it was typed by hand or is gone.

    `file` is the address of the file at the page, `picture` that of the page drawn.
    """

    name: str = ""
    page: int = 0
    quote: str = ""
    file: str = ""
    picture: str = ""
    lecture: str = ""


@dataclass(frozen=True, slots=True)
class PairView:
    """What is matched; `given`, `answer` and `cited` are empty until it is answered."""

    place: int = 0
    asked: str = ""
    given: str = ""
    answer: str = ""
    right: bool = False
    cited: Cited = Cited()


@dataclass(frozen=True, slots=True)
class ItemView:
    """One question. `answer`, `explanation` and `cited` are empty until it is answered.

    `number` counts from 1; `state` is `open`, `right` or `wrong`. Where things are matched,
    they are the `pairs`, and `given` and `answer` are JSON lists in their order.
    """

    position: int = 0
    number: int = 1
    kind: str = ""
    prompt: str = ""
    options: tuple[str, ...] = ()
    given: str = ""
    state: str = "open"
    answer: str = ""
    explanation: str = ""
    cited: Cited = Cited()
    pairs: tuple[PairView, ...] = ()


@dataclass(frozen=True, slots=True)
class WholeQuiz:
    """A quiz with all its questions."""

    quiz: QuizView
    items: list[ItemView]


def parse_count(value: object) -> int:
    """Return how many questions are wanted.

    Raises:
        InvalidInputError: it is no whole number from 5 to 30.
    """
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    if text not in COUNTS:
        msg = f"A quiz has {FEWEST} to {MOST} questions."
        raise InvalidInputError(msg)
    return int(text)


def parse_pile_key(value: object) -> Pile:
    """Return the pile that a key names: `all`, `course:<id>` or `deck:<id>`.

    Raises:
        NotFoundError: it names none.
    """
    kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind == "all":
        return Pile()
    if kind == "course":
        return Pile(course_id=parse_id(name, missing=NO_PILE))
    return Pile(deck_id=parse_id(name if kind == "deck" else "", missing=NO_PILE))


def parse_answer(value: object) -> str:
    """Return an answer as it was chosen or typed.

    Raises:
        InvalidInputError: it is empty or longer than 2,000 characters.
    """
    kept = clean(value) if isinstance(value, str) else ""
    if not kept:
        msg = "Choose or type an answer first."
        raise InvalidInputError(msg)
    if len(kept) > LONGEST_ANSWER:
        msg = f"An answer can have {LONGEST_ANSWER:,} characters."
        raise InvalidInputError(msg)
    return kept


def parse_pairs(form: Mapping[str, object], *, count: int) -> str:
    """Return the options that were chosen for the things on the left, as a JSON list.

    Raises:
        InvalidInputError: one has none.
    """
    chosen = [clean(form.get(f"pair-{place}")) for place in range(count)]
    if not all(chosen):
        raise InvalidInputError(NOT_PAIRED)
    return json.dumps(chosen, ensure_ascii=False)


def read_list(text: str) -> list[str]:
    """Return a JSON list of texts; what is none is empty."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    items = cast("list[object]", found)
    return [one for one in items if isinstance(one, str)]


def parse_position(value: object) -> int:
    """Return the place of a question, from 0.

    Raises:
        InvalidInputError: it is no whole number.
    """
    if type(value) is not int:
        msg = "The position of a question is a whole number."
        raise InvalidInputError(msg)
    return value
