"""Files of cards as they leave the service."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A note or a file that stays outside, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class DeckCount:
    """A deck of a file, and how many cards it has there."""

    name: str
    cards: int


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a table: its field in the form, its name, and what it holds."""

    field: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class TableView:
    """How a table is written (a sentence), its columns, and its first rows."""

    columns: list[ColumnView] = field(default_factory=list[ColumnView])
    rows: list[list[str]] = field(default_factory=list[list[str]])
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class TableWish:
    """How a table shall be taken, as it came.

    `roles` say what each column holds (none: as it was found), `form` what a row becomes,
    `deck` the key of where it goes.
    """

    roles: Sequence[object] = ()
    form: object = "basic"
    deck: object = ""


@dataclass(frozen=True, slots=True)
class TransferView:
    """A file of cards on its way in or out.

    Attributes:
        id: Opaque id.
        step: `look` (counted, nothing is taken yet), `take` or `give`.
        state: `queued`, `running`, `done` or `failed`.
        name: What the file is called.
        asked_at: When it was asked for (UTC, ISO 8601).
        percent: How far it has come.
        new: Notes that are not here yet; of an export all notes.
        changed: Notes that say something else than here.
        same: Notes that are here as they are.
        kept: Notes that say something else, but were changed here meanwhile, so they stay.
        broken: Notes that cannot be read.
        cards: Cards of the new notes.
        reviews: Lines of the log of the new notes.
        media: Pictures and sounds.
        media_left_out: Those that a card cannot take.
        decks: The decks of a file that was looked at.
        left_out: The first 500 notes and files that stay outside.
        size: The size of a file to download, such as `3.4 MB`.
        address: Where the file of an export lies; empty before.
        failure: Why nothing came of it.
        form: `apkg` (a package of Anki) or `csv` (a table).
        table: Of a table that was looked at, how it is written.
    """

    id: str
    step: str
    state: str
    name: str
    asked_at: str
    percent: int
    new: int
    changed: int
    same: int
    kept: int
    broken: int
    cards: int
    reviews: int
    media: int
    media_left_out: int
    decks: list[DeckCount]
    left_out: list[LeftOut]
    size: str
    address: str
    failure: str
    form: str = "apkg"
    table: TableView = TableView()
