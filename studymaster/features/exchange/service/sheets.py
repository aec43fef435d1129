"""A table of cards on its way in and out, some thousand rows at a time."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter

from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.exchange.queries import notes as queries
from studymaster.features.exchange.rules import sheets as rules
from studymaster.features.exchange.rules.notes import shown_name
from studymaster.features.exchange.rules.sheets import Form, Row, Sheet
from studymaster.features.exchange.service import merging
from studymaster.features.exchange.service.merging import (
    DeckPlace,
    Incoming,
    Report,
    Target,
)
from studymaster.features.flashcards.queries import cards as card_queries
from studymaster.features.flashcards.schemas import parse_pile_key
from studymaster.features.flashcards.service import decks
from studymaster.models import Card, CardKind, DeckScheduler

ROWS_AT_ONCE: Final = 2_000
CARDS_AT_ONCE: Final = 4_000
PACKAGES: Final = (".apkg", ".colpkg")
SHAPE: Final = TypeAdapter(Sheet)

Beat = Callable[[UnitOfWork, int, Report], Awaitable[None]]
"""Notes in the same transaction how far an import has come: after how many rows."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a table shall be taken: into which deck, where no row says one, and as what."""

    sheet: Sheet
    form: Form
    deck: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose cards these become, on which day."""

    account_id: UUID
    today: date
    now: datetime


def is_table(path: Path, name: str) -> bool:
    """Say whether a file is no package: these are zip files, or are called so."""
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    return not is_zip and not name.lower().endswith(PACKAGES)


def look_at(path: Path) -> Sheet:
    """Return how a table is written.

    Raises:
        InvalidInputError: it is none.
    """
    with path.open("rb") as file:
        return rules.look_at(file.read(rules.HEAD_BYTES))


def kept(sheet: Sheet) -> dict[str, object]:
    """Return a table as its row keeps it."""
    return SHAPE.dump_python(sheet, mode="json")


def restored(value: object) -> Sheet:
    """Return a table as its row kept it."""
    return SHAPE.validate_python(value)


async def count(path: Path, sheet: Sheet) -> Report:
    """Return how many rows a table has, and those that are no cards, were all basic."""
    return await to_thread(_count, path, sheet)


def _count(path: Path, sheet: Sheet) -> Report:
    report = Report()
    with _rows(path, sheet) as rows:
        for row in rows:
            try:
                told = rules.read_row(row, sheet, form=Form.BASIC)
            except InvalidInputError as error:
                report.broken += 1
                report.leave_out(_name(row), error.message)
            else:
                report.new += 1
                report.cards += len(told.note.cards)
    return report


@contextmanager
def _rows(path: Path, sheet: Sheet) -> Generator[Iterator[Row]]:
    with path.open(encoding=sheet.encoding, errors="replace", newline="") as file:
        yield rules.read_rows(file, sheet)


def _name(row: Row) -> str:
    return f"Line {row.line}: {shown_name(row.cells[:2])}"


async def take(
    path: Path, wish: Wish, whose: Whose, *, report: Report, position: int, beat: Beat
) -> None:
    """Take a table in, behind the row at which an earlier try ended.

    Args:
        path: The table.
        wish: How it shall be taken.
        whose: Whose cards these become.
        report: What came of it so far; it is counted on.
        position: How many rows are in.
        beat: Told in the transaction of each stretch of rows.
    """
    with _rows(path, wish.sheet) as rows:
        await to_thread(_skip, rows, position)
        while some := await to_thread(lambda: list(islice(rows, ROWS_AT_ONCE))):
            position += len(some)
            async with unit_of_work() as work:
                await card_queries.lock_account(work.session, whose.account_id)
                usual, found = await _decks(work, wish, whose)
                names: dict[str, str] = {}
                incoming = [
                    _incoming(row, wish, whose, usual=usual, names=names) for row in some
                ]
                await _keep_decks(work, names, whose, found)
                target = Target(whose.account_id, whose.today, whose.now, found)
                await merging.write(work, incoming, target=target, report=report)
                decks.note_change(work, account_id=whose.account_id, subject="")
                await beat(work, position, report)


def _skip(rows: Iterator[Row], count: int) -> None:
    for _ in islice(rows, count):
        pass


async def _decks(
    work: UnitOfWork, wish: Wish, whose: Whose
) -> tuple[str, dict[str, DeckPlace]]:
    """Return the folded name of the deck that was chosen, and all decks by theirs."""
    chosen = await decks.keep_deck(
        work,
        account_id=whose.account_id,
        pile=parse_pile_key(wish.deck),
        now=whose.now,
    )
    here = await queries.decks(work.session, whose.account_id)
    found = {
        deck.name.casefold(): DeckPlace(deck.id, deck.scheduler is DeckScheduler.FSRS)
        for deck in reversed(here)
    }
    usual = next(deck for deck in here if deck.id == chosen)
    # Two courses may share a name: the chosen one is meant.
    found[usual.name.casefold()] = DeckPlace(
        usual.id, usual.scheduler is DeckScheduler.FSRS
    )
    return usual.name.casefold(), found


async def _keep_decks(
    work: UnitOfWork, names: Mapping[str, str], whose: Whose, found: dict[str, DeckPlace]
) -> None:
    """Make the decks that rows name (by their folded names) and that are not here."""
    for folded, name in names.items():
        if folded not in found:
            made = await decks.create_deck(
                work, account_id=whose.account_id, name=name, now=whose.now
            )
            found[folded] = DeckPlace(UUID(made.id), remembers=False)
    # What is copied in names them.
    await work.session.flush()


def _incoming(
    row: Row, wish: Wish, whose: Whose, *, usual: str, names: dict[str, str]
) -> Incoming:
    """Return a row as it comes in; the deck that it names is added to `names`."""
    try:
        told = rules.read_row(row, wish.sheet, form=wish.form)
    except InvalidInputError as error:
        return Incoming("", "", _name(row), error.message)
    deck = told.deck.casefold() or usual
    if told.deck:
        names.setdefault(deck, told.deck)
    return Incoming(
        rules.guid_of_row(told, deck),
        rules.mark_of_row(told),
        _name(row),
        "",
        told.note,
        told.tags,
        # One after the other, as they stand in the table.
        whose.now + timedelta(microseconds=row.line),
        {card.place: deck for card in told.note.cards},
    )


async def give(
    path: Path, account_id: UUID, deck_ids: Sequence[UUID], *, delimiter: str, tell: Beat
) -> Report:
    """Write a table of decks, a row for each note; return what is in it."""
    async with unit_of_work() as work:
        every = await queries.decks(work.session, account_id)
        sources = await queries.source_names(work.session, account_id)
    names = {deck.id: deck.name for deck in every if deck.id in set(deck_ids)}
    report, after = Report(), None
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(rules.write_rows([rules.COLUMNS], delimiter=delimiter))
        while True:
            async with unit_of_work() as work:
                rows = await queries.cards_after(
                    work.session,
                    account_id,
                    deck_ids=list(names),
                    after=after,
                    limit=CARDS_AT_ONCE,
                )
                if not rows:
                    return report
                notes = _notes(rows, after)
                report.new += len(notes)
                report.cards += len(rows)
                await tell(work, report.cards, report)
            written = [_written(cards, names, sources) for cards in notes]
            await to_thread(file.write, rules.write_rows(written, delimiter=delimiter))
            after = rows[-1][0]


def _notes(rows: Sequence[tuple[UUID, Card]], after: UUID | None) -> list[list[Card]]:
    found: dict[UUID, list[Card]] = {}
    for key, card in rows:
        if key != after:
            found.setdefault(key, []).append(card)
    return list(found.values())


def _written(
    cards: Sequence[Card], names: Mapping[UUID, str], sources: Mapping[UUID, str]
) -> tuple[str, ...]:
    card = cards[0]
    kind = card.kind.value
    if card.kind is CardKind.BASIC and len(cards) > 1:
        kind = Form.REVERSED.value
    material = sources.get(card.material_id, "") if card.material_id else ""
    page = f", p. {card.page}" if material and card.page else ""
    is_cloze = card.kind is CardKind.CLOZE
    return (
        card.front,
        "" if is_cloze else card.back,
        card.extra,
        " ".join(card.tags),
        names[card.deck_id],
        kind,
        card.due_on.isoformat(),
        str(card.interval_days),
        f"{material}{page}",
    )


def options_of(wish: Wish) -> dict[str, object]:
    """Return how a table shall be taken, as its row keeps it."""
    return {"sheet": kept(wish.sheet), "form": wish.form.value, "deck": wish.deck}


def wish_of(options: Mapping[str, object]) -> Wish:
    """Return how a table shall be taken, as its row kept it."""
    sheet = restored(options["sheet"])
    return Wish(sheet, Form(str(options["form"])), str(options["deck"]))
