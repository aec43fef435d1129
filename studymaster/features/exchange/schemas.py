"""Files of cards as they leave the service."""

from dataclasses import dataclass


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
