"""What a collection of Anki holds, as far as we read and write it: rows with names."""

from dataclasses import dataclass
from typing import Final, NamedTuple

BETWEEN_FIELDS: Final = "\x1f"
LEVELS: Final = "::"
"""What stands between the names of a deck and of the one that it lies in."""


class Template(NamedTuple):
    """How a note type makes one card: both sides as HTML with `{{Field}}` in it."""

    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """What notes of a type have: fields, and a template for each card (one for clozes).

    `stock_kind` is Anki's number for types that it treats in a way of their own (6: covered
    pictures).
    """

    id: int
    name: str
    is_cloze: bool
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    stock_kind: int = 0


class AnkiDeck(NamedTuple):
    """A deck with its whole name; `retention` in percent, 0 where nothing is said of it."""

    id: int
    name: str
    retention: int = 0


class AnkiNote(NamedTuple):
    """A note; `fields` with the separator between them, `tags` with blanks."""

    id: int
    guid: str
    type_id: int
    modified: int
    tags: str
    fields: str


class AnkiCard(NamedTuple):
    """A card and its place: `kind` 0 new, 1 learning, 2 review, 3 relearning."""

    id: int
    note_id: int
    deck_id: int
    ordinal: int
    kind: int
    queue: int
    due: int
    interval: int
    factor: int
    reps: int
    lapses: int
    home_due: int
    home_deck_id: int
    flags: int
    data: str


class AnkiReview(NamedTuple):
    """One line of the log; `id` is its moment in milliseconds, `kind` 4 one set by hand."""

    id: int
    card_id: int
    ease: int
    interval: int
    interval_before: int
    factor: int
    elapsed_ms: int
    kind: int
