"""Cards on their way out: a package that Anki reads, written note by note."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from studymaster.adapters.anki.writing import Writer, writing
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import FileGoneError, Own, get_storage, own_key
from studymaster.anki import AnkiCard, AnkiDeck, AnkiNote, AnkiReview
from studymaster.features.accounts.rules import day_of
from studymaster.features.exchange.queries import notes as queries
from studymaster.features.exchange.queries.notes import LoggedLine
from studymaster.features.exchange.rules import places
from studymaster.features.exchange.rules import writing as rules
from studymaster.features.exchange.rules.notes import mark_of, own_mark
from studymaster.features.exchange.rules.places import Line, Place
from studymaster.features.exchange.rules.writing import OwnCard
from studymaster.features.exchange.service.merging import Report
from studymaster.features.flashcards.rules.media import names_in
from studymaster.models import Card, Deck, DeckScheduler

CARDS_AT_ONCE: Final = 4_000
FIRST_DECK: Final = 1_700_000_000_000
EARLY: Final = timedelta(days=1)

Told = Callable[[UnitOfWork, int, Report], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be in a package: which decks, their media, their schedule with the log."""

    account_id: UUID
    deck_ids: tuple[UUID, ...]
    with_media: bool = True
    with_schedule: bool = True


@dataclass(slots=True)
class _Ids:
    """Moments as ids: each once, so the later one of two moves on."""

    taken: set[int] = field(default_factory=set[int])

    def of(self, moment: datetime) -> int:
        found = places.milliseconds_of(moment)
        while found in self.taken:
            found += 1
        self.taken.add(found)
        return found


@dataclass(slots=True)
class _Stretch:
    """Some notes, ready to be written."""

    notes: list[AnkiNote] = field(default_factory=list[AnkiNote])
    cards: list[AnkiCard] = field(default_factory=list[AnkiCard])
    reviews: list[AnkiReview] = field(default_factory=list[AnkiReview])
    traced: dict[UUID, tuple[str, str]] = field(default_factory=dict[UUID, tuple[str, str]])
    named: set[str] = field(default_factory=set[str])


class _Giving:
    """One export on its way."""

    def __init__(
        self, wish: Wish, *, decks: Sequence[Deck], days: tuple[date, date], now: datetime
    ) -> None:
        self.wish = wish
        self.now = now
        self.first_day, self.today = days
        self.decks = {deck.id: FIRST_DECK + place for place, deck in enumerate(decks, 1)}
        self._notes, self._cards, self._log = _Ids(), _Ids(), _Ids()

    def stretch(
        self, rows: Iterable[tuple[UUID, Card]], logs: dict[UUID, list[LoggedLine]]
    ) -> _Stretch:
        """Return notes as Anki keeps them."""
        found = _Stretch()
        for _, group in groupby(rows, key=lambda row: row[0]):
            cards = [card for _, card in group]
            own = [_own(card) for card in cards]
            for part in rules.divide(own):
                self._add([cards[place] for place in part], logs, found)
        return found

    def _add(
        self, cards: list[Card], logs: dict[UUID, list[LoggedLine]], found: _Stretch
    ) -> None:
        first = cards[0]
        own = _own(first)
        written = rules.write_note([_own(card) for card in cards])
        note_id = self._notes.of(first.created_at)
        guid = _guid(first)
        mark = own_mark(own.kind, own.front, own.back, own.extra, first.masks)
        trace = f"{mark_of(str(written.type_id), written.fields)}:{mark}"
        found.notes.append(
            AnkiNote(
                note_id,
                guid,
                written.type_id,
                places.milliseconds_of(self.now) // 1000,
                " ".join(first.tags),
                written.fields,
            )
        )
        found.named |= names_in(first.front) | names_in(first.back) | names_in(first.extra)
        for card, number in zip(cards, written.places, strict=True):
            card_id = self._cards.of(card.created_at)
            found.traced[card.id] = (guid, trace)
            self._add_card(card, logs.get(card.id, []), found, (card_id, note_id, number))

    def _add_card(
        self,
        card: Card,
        log: Sequence[LoggedLine],
        found: _Stretch,
        ids: tuple[int, int, int],
    ) -> None:
        card_id, note_id, number = ids
        deck_id = self.decks[card.deck_id]
        place = places.new_place(self.today)
        if self.wish.with_schedule:
            place = _place(card)
            found.reviews += [
                places.write_line(
                    _line(line), review_id=self._log.of(line.created_at), card_id=card_id
                )
                for line in log
            ]
        written = places.write_place(
            place, card_id=card_id, first_day=self.first_day, today=self.today
        )
        due = len(self._cards.taken) if written.kind == 0 else written.due
        found.cards.append(
            written._replace(note_id=note_id, deck_id=deck_id, ordinal=number, due=due)
        )


def _own(card: Card) -> OwnCard:
    return OwnCard(
        card.kind.value, card.front, card.back, card.extra, card.masks or "", card.ordinal
    )


def _guid(card: Card) -> str:
    """Return what a note is called outside: as it came, or by its own id."""
    return card.guid or (card.note_id or card.id).hex


def _place(card: Card) -> Place:
    return Place(
        card.easiness,
        card.interval_days,
        card.repetitions,
        card.due_on,
        card.stability,
        card.difficulty,
        card.reviewed_on,
        card.turn,
        card.last_reviewed_at,
        card.suspended_at is not None,
        card.buried_until,
        card.flag,
        card.lapses,
    )


def _line(line: LoggedLine) -> Line:
    return Line(line.created_at, *line[2:])


async def give(
    path: Path, wish: Wish, *, zone: tuple[str, int], now: datetime, tell: Told
) -> Report:
    """Write a package; return what is in it.

    Args:
        path: The file to make.
        wish: What shall be in it.
        zone: The student's time zone and the hour at which their day begins.
        now: The moment of writing.
        tell: Told in a transaction of its own how far it has come.
    """
    async with unit_of_work() as work:
        every = await queries.decks(work.session, wish.account_id)
        decks = [deck for deck in every if deck.id in set(wish.deck_ids)]
        _, earliest = await queries.count_cards(
            work.session, wish.account_id, [deck.id for deck in decks]
        )
    today = day_of(now, time_zone=zone[0], day_start_hour=zone[1])
    first_day = min(earliest or today, today) - EARLY
    giving = _Giving(wish, decks=decks, days=(first_day, today), now=now)
    begins = datetime.combine(first_day, time(zone[1]), tzinfo=ZoneInfo(zone[0]))
    report = Report()
    with ExitStack() as stack:
        manager = writing(
            path,
            created_at=places.milliseconds_of(begins) // 1000,
            modified=places.milliseconds_of(now) // 1000,
            types=rules.TYPES,
            decks=[_deck(deck, giving) for deck in decks],
        )
        writer = await to_thread(stack.enter_context, manager)
        named = await _write_notes(writer, giving, report, tell)
        if wish.with_media:
            await _write_media(writer, wish.account_id, named, report, tell)
        # Off the event loop: closing packs the collection.
        await to_thread(stack.close)
    return report


def _deck(deck: Deck, giving: _Giving) -> AnkiDeck:
    by_fsrs = deck.scheduler is DeckScheduler.FSRS
    return AnkiDeck(giving.decks[deck.id], deck.name, deck.retention if by_fsrs else 0)


async def _write_notes(
    writer: Writer, giving: _Giving, report: Report, tell: Told
) -> set[str]:
    account_id, named = giving.wish.account_id, set[str]()
    after: UUID | None = None
    modified = places.milliseconds_of(giving.now) // 1000
    while True:
        async with unit_of_work() as work:
            rows = await queries.cards_after(
                work.session,
                account_id,
                deck_ids=list(giving.decks),
                after=after,
                limit=CARDS_AT_ONCE,
            )
            whole = list(_whole(rows))
            if not whole:
                return named
            ids = [card.id for _, card in whole]
            logs: dict[UUID, list[LoggedLine]] = {}
            if giving.wish.with_schedule:
                logs = await queries.log_of(work.session, account_id, ids)
            found = await to_thread(giving.stretch, whole, logs)
            await queries.keep_traces(work.session, account_id, found.traced)
            report.new += len(found.notes)
            report.cards += len(found.cards)
            report.reviews += len(found.reviews)
            await tell(work, report.cards, report)
        await to_thread(writer.add_notes, found.notes)
        await to_thread(partial(writer.add_cards, found.cards, modified=modified))
        await to_thread(writer.add_reviews, found.reviews)
        named |= found.named
        after = whole[-1][0]


def _whole(rows: Sequence[tuple[UUID, Card]]) -> Iterator[tuple[UUID, Card]]:
    """Leave out the last note of a full stretch: more of its cards may follow."""
    is_full = len(rows) == CARDS_AT_ONCE and rows[0][0] != rows[-1][0]
    last = rows[-1][0] if is_full else None
    return (row for row in rows if row[0] != last)


async def _write_media(
    writer: Writer, account_id: UUID, named: set[str], report: Report, tell: Told
) -> None:
    async with unit_of_work() as work:
        rows = await queries.media(work.session, account_id)
    for row in rows:
        if row.name not in named:
            continue
        key = own_key(account_id, Own.MEDIA, row.sha1)
        try:
            async with get_storage().lend(key) as path:
                await to_thread(writer.add_medium, path, row.name)
            report.media += 1
        except FileGoneError as error:
            report.media_left_out += 1
            report.leave_out(row.name, error.message)
        if (report.media + report.media_left_out) % 100 == 0:
            async with unit_of_work() as work:
                await tell(work, report.cards, report)
