"""Notes that came in, put among those that are here: new ones by COPY, changed ones by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import StudyMasterError
from studymaster.features.exchange.queries import notes as queries
from studymaster.features.exchange.rules import places
from studymaster.features.exchange.rules.notes import marks_of, own_mark
from studymaster.features.exchange.rules.places import Line, Place
from studymaster.features.exchange.rules.types import ReadNote
from studymaster.features.flashcards.rules import fsrs
from studymaster.features.flashcards.rules.sm2 import Schedule
from studymaster.features.flashcards.service import notes
from studymaster.features.flashcards.service.notes import NoteText
from studymaster.models import Card

MOST_TOLD: Final = 500
"""So many of the notes that were left out are named; of more their number."""

CARD_COLUMNS: Final = (
    *("id", "created_at", "account_id", "deck_id", "kind", "front", "back", "tags"),
    *("note_id", "ordinal", "guid", "trace", "masks", "extra", "suspended_at"),
    *("easiness", "interval_days", "repetitions", "due_on", "stability", "difficulty"),
    *("reviewed_on", "turn", "last_reviewed_at", "buried_until", "flag", "lapses"),
    "drill_step",
)
LINE_COLUMNS: Final = (
    *("id", "created_at", "account_id", "card_id", "turn", "grade", "day", "drill"),
    *("elapsed_ms", "easiness_before", "easiness_after", "interval_before"),
    *("interval_after", "repetitions_before", "repetitions_after", "kind"),
    "due_on_after",
)


class DeckPlace(NamedTuple):
    """Where cards of a deck go, and whether FSRS brings them back there."""

    id: UUID
    remembers: bool


class Incoming(NamedTuple):
    """A note on its way in; `why` says why it cannot come, `note` is missing then.

    `raw` is the mark of what the file says, `places` where each of its cards stands there.
    """

    guid: str
    raw: str
    name: str
    why: str
    note: ReadNote | None = None
    tags: tuple[str, ...] = ()
    created_at: datetime = places.EPOCH
    decks: Mapping[int, str] = {}
    places: Mapping[int, tuple[Place, list[Line]]] = {}


@dataclass(slots=True)
class Report:
    """What came of a file."""

    new: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    broken: int = 0
    cards: int = 0
    reviews: int = 0
    media: int = 0
    media_left_out: int = 0
    left_out: list[list[str]] = field(default_factory=list[list[str]])
    decks: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def leave_out(self, name: str, why: str) -> None:
        """Name a note or a file that stays outside."""
        if len(self.left_out) < MOST_TOLD:
            self.left_out.append([name, why])


@dataclass(frozen=True, slots=True)
class Target:
    """Whose cards these become, and by which day."""

    account_id: UUID
    today: date
    now: datetime
    decks: Mapping[str, DeckPlace]


async def write(
    work: UnitOfWork, incoming: Sequence[Incoming], *, target: Target, report: Report
) -> None:
    """Put notes among those that are here, and count what came of each."""
    account_id = target.account_id
    guids = [one.guid for one in incoming]
    known = await queries.traces(work.session, account_id, guids)
    cards: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    differing: list[Incoming] = []
    for one in incoming:
        if _is_same(one, known):
            report.same += 1
        elif one.note is None:
            report.broken += 1
            report.leave_out(one.name, one.why)
        elif one.guid in known:
            differing.append(one)
        else:
            report.new += 1
            known[one.guid] = f"{one.raw}:"
            _add_rows(one, one.note, target=target, cards=cards, lines=lines)
    report.cards += len(cards)
    report.reviews += len(lines)
    await work.copy_in("card", CARD_COLUMNS, cards)
    await work.copy_in("reviewlog", LINE_COLUMNS, lines)
    await _rewrite(work, differing, target=target, report=report)


async def judge(
    work: UnitOfWork, incoming: Sequence[Incoming], *, account_id: UUID, report: Report
) -> None:
    """Count what would come of notes, and change nothing."""
    known = await queries.traces(work.session, account_id, [one.guid for one in incoming])
    differing: list[Incoming] = []
    for one in incoming:
        if _is_same(one, known):
            report.same += 1
        elif one.note is None:
            report.broken += 1
            report.leave_out(one.name, one.why)
        elif one.guid in known:
            differing.append(one)
        else:
            report.new += 1
            report.cards += len(one.note.cards)
            report.reviews += sum(len(lines) for _, lines in one.places.values())
            known[one.guid] = f"{one.raw}:"
    here = await queries.cards_of_notes(
        work.session, account_id, [one.guid for one in differing]
    )
    for one in differing:
        was_edited = _is_edited(here.get(one.guid, []))
        report.kept += was_edited
        report.changed += not was_edited


def _is_same(one: Incoming, known: Mapping[str, str]) -> bool:
    return one.guid in known and known[one.guid].partition(":")[0] == one.raw


def _is_edited(cards: Sequence[Card]) -> bool:
    """Say whether a note was changed here since it came; one without a trace may have been."""
    return any(
        _mark(card) != (card.trace or "").partition(":")[2] for card in _leading(cards)
    )


def _leading(cards: Sequence[Card]) -> Sequence[Card]:
    """Return the cards of a note that stand for its text."""
    return cards[:1] if cards and cards[0].note_id else cards


def _mark(card: Card) -> str:
    return own_mark(card.kind.value, card.front, card.back, card.extra, card.masks)


def _add_rows(
    one: Incoming,
    note: ReadNote,
    *,
    target: Target,
    cards: list[tuple[Any, ...]],
    lines: list[tuple[Any, ...]],
) -> None:
    note_id: UUID | None = None
    tags = list(one.tags)
    for card, mark in zip(note.cards, marks_of(note), strict=True):
        card_id = uuid4()
        if note.shared:
            note_id = note_id or card_id
        place, logged = one.places.get(card.place) or (places.new_place(target.today), [])
        deck = target.decks[one.decks.get(card.place) or next(iter(one.decks.values()))]
        cards.append(
            (
                *(card_id, one.created_at, target.account_id, deck.id, note.kind.value),
                *(card.front, card.back, tags, note_id, card.ordinal, one.guid),
                *(f"{one.raw}:{mark}", note.masks, note.extra),
                target.now if place.suspended else None,
                *_schedule(place, remembers=deck.remembers),
                0,
            )
        )
        lines.extend(
            (uuid4(), line.at, target.account_id, card_id, *line[1:]) for line in logged
        )


def _schedule(place: Place, *, remembers: bool) -> tuple[object, ...]:
    """Return the columns of a place; what FSRS knows belongs to decks that go by it."""
    memory: tuple[object, ...] = (None, None, None)
    if remembers and place.stability is not None:
        memory = (place.stability, place.difficulty, place.reviewed_on)
    elif remembers and place.interval_days:
        schedule = Schedule(
            place.easiness, place.interval_days, place.repetitions, place.due_on, None
        )
        if known := fsrs.memory_of(schedule):
            memory = (known.stability, known.difficulty, known.reviewed_on)
    return (
        *(place.easiness, place.interval_days, place.repetitions, place.due_on),
        *memory,
        *(place.turn, place.last_reviewed_at, place.buried_until, place.flag),
        place.lapses,
    )


async def _rewrite(
    work: UnitOfWork, differing: Sequence[Incoming], *, target: Target, report: Report
) -> None:
    """Let notes say what the file says now, unless they were changed here meanwhile."""
    if not differing:
        return
    guids = [one.guid for one in differing]
    here = await queries.cards_of_notes(work.session, target.account_id, guids)
    for one in differing:
        cards = here.get(one.guid, [])
        if _is_edited(cards):
            report.kept += 1
            continue
        try:
            async with work.session.begin_nested():
                await _rewrite_one(work, one, cards, target=target)
        except StudyMasterError as error:
            report.broken += 1
            report.leave_out(one.name, error.message)
        else:
            report.changed += 1


async def _rewrite_one(
    work: UnitOfWork, one: Incoming, cards: Sequence[Card], *, target: Target
) -> None:
    note = one.note
    assert note is not None
    by_number = {card.ordinal: card for card in note.cards}
    groups = [list(cards)] if cards[0].note_id else [[card] for card in cards]
    for group in groups:
        leader = group[0]
        said = by_number.get(leader.ordinal) or note.cards[0]
        text = NoteText(
            leader.kind.value if note.kind.value == leader.kind.value else note.kind.value,
            said.front,
            said.back,
            note.extra,
            note.masks,
        )
        written = await notes.rewrite(
            work, card=leader, cards=group, text=text, today=target.today, now=target.now
        )
        mark = _mark(min(written, key=lambda card: card.ordinal))
        for card in written:
            card.guid, card.trace = one.guid, f"{one.raw}:{mark}"
            card.tags = list(one.tags)
