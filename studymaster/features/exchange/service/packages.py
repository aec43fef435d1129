"""A package of Anki on its way in: looked at first, then taken, a stretch of notes at a time."""

import asyncio
from asyncio import to_thread
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from uuid import UUID

from studymaster.adapters.anki.package import Medium, Package, opened
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.anki import BETWEEN_FIELDS, AnkiCard, AnkiNote, AnkiReview
from studymaster.config import get_settings
from studymaster.errors import ConflictError, InvalidInputError
from studymaster.features.accounts.rules import day_of
from studymaster.features.exchange.queries import notes as queries
from studymaster.features.exchange.rules import places
from studymaster.features.exchange.rules.notes import (
    deck_name,
    guid_of,
    mark_of,
    shown_name,
    tags_of,
)
from studymaster.features.exchange.rules.places import Line, Place
from studymaster.features.exchange.rules.texts import NOTHING
from studymaster.features.exchange.rules.types import (
    NO_TYPE,
    Reading,
    read_note,
    reading_of,
)
from studymaster.features.exchange.service import merging
from studymaster.features.exchange.service.merging import (
    DeckPlace,
    Incoming,
    Report,
    Target,
)
from studymaster.features.flashcards.queries import cards as card_queries
from studymaster.features.flashcards.service import decks, media
from studymaster.models import DeckScheduler

NOTES_AT_ONCE: Final = 5_000
MEGABYTE: Final = 1_000_000
HALF_A_DAY_MS: Final = 43_200_000
"""From the beginning of a day of Anki's to its middle, which is that day in every zone."""

DAYS_ARE_ONE_FOR_MS: Final = 900_000
"""No day begins within a quarter of an hour that another begins in, in any zone."""

UNREADABLE: Final = "It cannot be read."
NO_ROOM: Final = "There is no more room for pictures and sounds."
LEAST_RETENTION, MOST_RETENTION = 70, 97

Beat = Callable[[UnitOfWork, int, Report], Awaitable[None]]
"""Notes in the same transaction how far an import has come: behind which note."""


@dataclass(slots=True)
class Reader:
    """One package on its way in.

    Attributes:
        account_id: Whose cards these become.
        package: The opened file.
        zone: The student's time zone and the hour at which their day begins.
        now: The moment of the import.
        with_schedule: Whether cards come where they stand, with their log.
    """

    account_id: UUID
    package: Package
    zone: tuple[str, int]
    now: datetime
    with_schedule: bool = True
    _days: dict[int, date] = field(default_factory=dict[int, date], init=False)
    _readings: dict[int, Reading] = field(default_factory=dict[int, Reading], init=False)
    _homes: dict[int, str] = field(default_factory=dict[int, str], init=False)

    @property
    def today(self) -> date:
        """The student's day."""
        return self.day(self.now)

    def day(self, moment: datetime) -> date:
        """Return the student's day of a moment."""
        zone, hour = self.zone
        return day_of(moment, time_zone=zone, day_start_hour=hour)

    def day_at(self, milliseconds: int) -> date:
        """Return the student's day of a moment in milliseconds."""
        stretch = milliseconds // DAYS_ARE_ONE_FOR_MS
        if stretch not in self._days:
            self._days[stretch] = self.day(places.moment_of(milliseconds))
        return self._days[stretch]

    def read(
        self,
        notes: Sequence[AnkiNote],
        known: Mapping[str, str],
        names: Mapping[str, str],
    ) -> list[Incoming]:
        """Return notes as they come in; those that are here as they are stay unread."""
        first, last = notes[0].id, notes[-1].id
        collection = self.package.collection
        cards = collection.cards(first, last)
        reviews = collection.reviews(first, last) if self.with_schedule else {}
        return [
            self._incoming(note, known, names, (cards.get(note.id, []), reviews))
            if self._is_whole(note)
            else Incoming("", "", shown_name([str(note.fields)]), UNREADABLE)
            for note in notes
        ]

    @staticmethod
    def _is_whole(note: AnkiNote) -> bool:
        found: tuple[object, ...] = note  # whatever the file has in these columns
        return all(isinstance(found[place], str) for place in (1, 4, 5))

    def _incoming(
        self,
        note: AnkiNote,
        known: Mapping[str, str],
        names: Mapping[str, str],
        own: tuple[list[AnkiCard], dict[int, list[AnkiReview]]],
    ) -> Incoming:
        guid, raw = guid_of(str(note.guid)), mark_of(str(note.type_id), note.fields)
        if guid in known and known[guid].partition(":")[0] == raw:
            return Incoming(guid, raw, "", "")
        cards, reviews = own
        try:
            reading = self._reading(note.type_id)
            found = read_note(reading, note.fields, [card.ordinal for card in cards], names)
            return Incoming(
                guid,
                raw,
                note.fields[:200],
                "",
                found,
                tags_of(note.tags),
                min(places.moment_of(max(note.id, 0)), self.now),
                {card.ordinal: self._deck_of(card) for card in cards},
                self._places(cards, reviews) if self.with_schedule else {},
            )
        except InvalidInputError as error:
            why = error.message
        except (ValueError, TypeError, OverflowError, KeyError, AttributeError):
            why = UNREADABLE
        return Incoming(guid, raw, shown_name(note.fields.split(BETWEEN_FIELDS)[:2]), why)

    def _reading(self, type_id: int) -> Reading:
        if type_id not in self._readings:
            one = self.package.collection.types.get(type_id)
            if one is None:
                raise InvalidInputError(NO_TYPE)
            self._readings[type_id] = reading_of(one)
        return self._readings[type_id]

    def _deck_of(self, card: AnkiCard) -> str:
        deck_id = card.home_deck_id or card.deck_id
        if deck_id not in self._homes:
            deck = self.package.collection.decks.get(deck_id)
            self._homes[deck_id] = deck_name(deck.name if deck else "").casefold()
        return self._homes[deck_id]

    def _places(
        self, cards: Sequence[AnkiCard], reviews: Mapping[int, list[AnkiReview]]
    ) -> dict[int, tuple[Place, list[Line]]]:
        found: dict[int, tuple[Place, list[Line]]] = {}
        now_ms = places.milliseconds_of(self.now)
        created_ms = 1000 * self.package.collection.created_at + HALF_A_DAY_MS
        first_day, today = self.day_at(created_ms), self.day_at(now_ms)
        for card in cards:
            lines: list[Line] = []
            if card.id in reviews:
                lines = places.read_log(reviews[card.id], day_of=self.day_at, now_ms=now_ms)
            elif card.kind == 0 and not card.queue and not card.flags and not card.data:
                continue
            place = places.read_place(card, lines, first_day=first_day, today=today)
            found[card.ordinal] = (place, lines)
        return found


@asynccontextmanager
async def open_package(path: Path) -> AsyncGenerator[Package]:
    """Open a package off the event loop.

    Raises:
        InvalidInputError: it is none, broken, or larger than this host takes.
    """
    most = get_settings().import_limit_mb * MEGABYTE
    with ExitStack() as stack:
        yield await to_thread(stack.enter_context, opened(path, most_bytes=most))


async def look(reader: Reader) -> Report:
    """Return what would come of a package, and its decks with their cards."""
    report = Report(media=len(reader.package.media))
    after = -(2**62)
    while notes := await _next_notes(reader, after):
        async with unit_of_work() as work:
            known = await _known(work, reader.account_id, notes)
            incoming = await to_thread(reader.read, notes, known, NOTHING)
            await merging.judge(work, incoming, account_id=reader.account_id, report=report)
        after = notes[-1].id
    counts: dict[str, int] = {}
    for deck_id, cards, *_ in await to_thread(reader.package.collection.uses):
        counts[_name(reader, deck_id)] = counts.get(_name(reader, deck_id), 0) + cards
    report.decks = sorted(counts.items())
    return report


async def take(reader: Reader, *, report: Report, position: int | None, beat: Beat) -> None:
    """Take a package in, behind the note at which an earlier try ended.

    Args:
        reader: The package.
        report: What came of it so far; it is counted on.
        position: The last note that is in; None at the beginning.
        beat: Told in the transaction of each stretch of notes.
    """
    names = await keep_media(reader, report=report, beat=beat)
    found = await _keep_decks(reader)
    target = Target(reader.account_id, reader.today, reader.now, found)
    after = -(2**62) if position is None else position
    coming = asyncio.create_task(_read_next(reader, after, names))
    try:
        while incoming := await coming:
            after = incoming.last
            # What is written waits for PostgreSQL, so the next ones are read meanwhile.
            coming = asyncio.create_task(_read_next(reader, after, names))
            async with unit_of_work() as work:
                await card_queries.lock_account(work.session, reader.account_id)
                await merging.write(work, incoming.notes, target=target, report=report)
                decks.note_change(work, account_id=reader.account_id, subject="")
                await beat(work, after, report)
    finally:
        # The file may not be closed under a reader's hands.
        await asyncio.gather(coming, return_exceptions=True)


class _Stretch(NamedTuple):
    """Some notes of a package, and the id of the last one."""

    notes: list[Incoming]
    last: int


async def _read_next(
    reader: Reader, after: int, names: Mapping[str, str]
) -> _Stretch | None:
    notes = await _next_notes(reader, after)
    if not notes:
        return None
    async with unit_of_work() as work:
        known = await _known(work, reader.account_id, notes)
    return _Stretch(await to_thread(reader.read, notes, known, names), notes[-1].id)


async def _next_notes(reader: Reader, after: int) -> list[AnkiNote]:
    collection = reader.package.collection
    return await to_thread(collection.notes, after=after, limit=NOTES_AT_ONCE)


async def _known(
    work: UnitOfWork, account_id: UUID, notes: Sequence[AnkiNote]
) -> dict[str, str]:
    guids = [guid_of(str(note.guid)) for note in notes]
    return await queries.traces(work.session, account_id, guids)


async def keep_media(reader: Reader, *, report: Report, beat: Beat) -> dict[str, str]:
    """Keep the pictures and sounds of a package; return their names here where they differ."""
    names: dict[str, str] = {}
    report.media = report.media_left_out = 0
    is_full = ""
    with TemporaryDirectory(prefix="media-") as folder:
        for medium in reader.package.media:
            why = is_full or await _keep_one(reader, medium, Path(folder) / "one", names)
            report.media += not why
            if why and not medium.name.startswith("_"):
                report.media_left_out += 1
                report.leave_out(medium.name, why)
            is_full = why if why == NO_ROOM else is_full
            if (report.media + report.media_left_out) % 100 == 0:
                async with unit_of_work() as work:
                    await beat(work, -1, report)
    return names


async def _keep_one(
    reader: Reader, medium: Medium, path: Path, names: dict[str, str]
) -> str:
    """Keep one file; return why it cannot be kept, or nothing."""
    extract = partial(reader.package.extract, most_bytes=media.most_bytes())
    try:
        if not await to_thread(extract, medium, path):
            return media.too_large()
        kept = await media.keep_media(
            account_id=reader.account_id, name=medium.name, path=path, now=reader.now
        )
    except ConflictError:
        return NO_ROOM
    except InvalidInputError as error:
        return error.message
    if kept.name != medium.name:
        names[medium.name] = kept.name
    return ""


def _name(reader: Reader, deck_id: int) -> str:
    deck = reader.package.collection.decks.get(deck_id)
    return deck_name(deck.name if deck else "")


async def _keep_decks(reader: Reader) -> dict[str, DeckPlace]:
    """Return every deck that the package fills by its folded name, made where it is new."""
    uses = await to_thread(reader.package.collection.uses)
    async with unit_of_work() as work:
        here = await queries.decks(work.session, reader.account_id)
        found = {
            deck.name.casefold(): DeckPlace(deck.id, deck.scheduler is DeckScheduler.FSRS)
            for deck in reversed(here)
        }
        for deck_id, _, remembered, in_review in uses:
            name = _name(reader, deck_id)
            if name.casefold() in found:
                continue
            made = await decks.create_deck(
                work, account_id=reader.account_id, name=name, now=reader.now
            )
            found[name.casefold()] = DeckPlace(UUID(made.id), remembers=False)
            if reader.with_schedule and in_review and 2 * remembered >= in_review:
                await _go_by_fsrs(work, reader, UUID(made.id), deck_id=deck_id)
                found[name.casefold()] = DeckPlace(UUID(made.id), remembers=True)
    return found


async def _go_by_fsrs(
    work: UnitOfWork, reader: Reader, made: UUID, *, deck_id: int
) -> None:
    """Let a new deck go by what its cards were scheduled by in Anki."""
    row = await card_queries.deck_for_update(work.session, reader.account_id, made)
    assert row is not None
    row.scheduler = DeckScheduler.FSRS
    deck = reader.package.collection.decks.get(deck_id)
    if deck and LEAST_RETENTION <= deck.retention <= MOST_RETENTION:
        row.retention = deck.retention
