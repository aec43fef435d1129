"""Single cards: typed by hand, changed, moved, suspended, flagged, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.rules import sm2, statistics, typed
from studymaster.features.flashcards.rules.typed import NewKind
from studymaster.features.flashcards.schemas import (
    NO_CARD,
    CardDraft,
    CardView,
    NewCard,
    Pile,
    pile_key,
)
from studymaster.features.flashcards.service import decks, notes, scheduling, undoing
from studymaster.features.flashcards.service.news import note_change
from studymaster.features.flashcards.service.notes import NoteText
from studymaster.models import Card, CardKind, Course, Deck

KINDS: Final = {
    NewKind.BASIC: CardKind.BASIC,
    NewKind.REVERSED: CardKind.BASIC,
    NewKind.TYPED: CardKind.TYPED,
    NewKind.CLOZE: CardKind.CLOZE,
    NewKind.OCCLUSION: CardKind.OCCLUSION,
}
"""As which kind the cards of a new note are kept."""


@dataclass(frozen=True, slots=True)
class CardChange:
    """What shall be different about a card, as it came from outside; None: as it is."""

    front: object = None
    back: object = None
    extra: object = None
    masks: object = None
    kind: object = None
    tags: object = None
    pile: Pile | None = None
    suspended: bool | None = None

    @property
    def text(self) -> NoteText:
        """What its note shall say."""
        return NoteText(self.kind, self.front, self.back, self.extra, self.masks)


async def add(
    work: UnitOfWork,
    *,
    student: Student,
    pile: Pile,
    new: NewCard,
    first_id: UUID,
    now: datetime,
) -> list[CardView]:
    """Put what a student typed into a deck, due today; return its cards.

    The same `first_id` sent twice adds nothing a second time.

    Raises:
        NotFoundError: the deck is not the student's.
    """
    account_id = student.account_id
    deck_id = await decks.keep_deck(work, account_id=account_id, pile=pile, now=now)
    ids = [first_id, *(uuid5(first_id, str(n)) for n in range(1, len(new.sides)))]
    today = student.day_of(now)
    place = await _origin(work, account_id=account_id, new=new)
    rows = [
        _row(card_id, sides, new=new, today=today, now=now)
        | {"account_id": account_id, "deck_id": deck_id, "note_id": _note_id(new, first_id)}
        | place
        for card_id, sides in zip(ids, new.sides, strict=True)
    ]
    await work.session.exec(insert(Card).values(rows).on_conflict_do_nothing())
    note_change(work, account_id=account_id, subject=str(first_id))
    return [await get_card(work, student=student, card_id=card_id) for card_id in ids]


async def get_card(work: UnitOfWork, *, student: Student, card_id: UUID) -> CardView:
    """Return one of the student's cards."""
    card, deck, course = await _placed(work, student.account_id, card_id)
    return view(card, deck, course, student=student)


async def get_draft(work: UnitOfWork, *, account_id: UUID, card_id: UUID) -> CardDraft:
    """Return one of the student's cards as the editor takes it."""
    card, deck, _ = await _placed(work, account_id, card_id)
    return CardDraft(
        id=str(card.id),
        kind=card.kind,
        front=card.front,
        back=card.back,
        extra=card.extra,
        masks=card.masks or "",
        ordinal=card.ordinal,
        tags=", ".join(card.tags),
        deck=pile_key(course_id=deck.course_id, deck_id=deck.id),
    )


async def edit(
    work: UnitOfWork, *, student: Student, card_id: UUID, change: CardChange, now: datetime
) -> CardView:
    """Change a card and all others of its note; their places in the schedule stay.

    Under another scheduler they are replanned. A new gap makes a card, one that is gone takes
    its card with it: when that is this one, another card of the note is returned.

    Raises:
        NotFoundError: the card, or the deck it shall go to, is not the student's.
        InvalidInputError: a side, a gap, a covered place or a tag does not do.
    """
    account_id = student.account_id
    target = None
    if change.pile is not None:
        # The deck before the card: everybody locks them in this order.
        target = await decks.keep_deck(
            work, account_id=account_id, pile=change.pile, now=now
        )
    card, note = await notes.lock_note(work, account_id=account_id, card_id=card_id)
    step = await _remember(work, student=student, card=card, cards=note, now=now)
    before = {one.id for one in note}
    note = await _apply(work, card, note, change=change, today=student.day_of(now), now=now)
    await work.session.flush()
    await undoing.note_made(
        work,
        account_id=account_id,
        step_id=step,
        card_ids={one.id for one in note} - before,
    )
    shown = card_id if card in note else note[0].id
    if target is not None:
        await scheduling.move_cards(work, account_id=account_id, cards=note, deck_id=target)
    note_change(work, account_id=account_id, subject=str(card_id))
    return await get_card(work, student=student, card_id=shown)


async def _apply(
    work: UnitOfWork,
    card: Card,
    note: list[Card],
    *,
    change: CardChange,
    today: date,
    now: datetime,
) -> list[Card]:
    """Change a locked note; return its cards as they are then."""
    if change.suspended is not None:
        _suspend(card, on=change.suspended, now=now)
    note = await notes.rewrite(
        work, card=card, cards=note, text=change.text, today=today, now=now
    )
    if change.tags is not None:
        tags = typed.parse_tags(change.tags)
        for one in note:
            one.tags = list(tags)
    return note


async def _remember(
    work: UnitOfWork,
    *,
    student: Student,
    card: Card,
    cards: Sequence[Card],
    now: datetime,
) -> UUID:
    return await undoing.remember(
        work,
        account_id=student.account_id,
        day=student.day_of(now),
        sentence=f"{undoing.name_of(card)} changed",
        card_ids=[one.id for one in cards],
        now=now,
    )


def view(card: Card, deck: Deck, course: Course | None, *, student: Student) -> CardView:
    """Return a card as programs see it."""
    return CardView(
        id=str(card.id),
        user_id=str(card.account_id),
        course_id=course.moodle_id if course else None,
        deck_id=str(deck.id),
        kind=card.kind,
        front=card.front,
        back=card.back,
        extra=card.extra,
        masks=card.masks or "",
        ordinal=card.ordinal,
        note_id=str(card.note_id) if card.note_id else None,
        tags=card.tags,
        difficulty=card.easiness,
        next_review=statistics.day_starts(
            card.due_on,
            time_zone=student.time_zone,
            day_start_hour=student.day_start_hour,
        ),
        interval=card.interval_days,
        repetitions=card.repetitions,
        due_on=card.due_on.isoformat(),
        turn=card.turn,
        suspended=card.suspended_at is not None,
        material_id=str(card.material_id) if card.material_id else None,
        page=card.page,
        quote=card.quote,
        flag=card.flag,
        buried_until=card.buried_until.isoformat() if card.buried_until else None,
        lapses=card.lapses,
    )


async def _placed(work: UnitOfWork, account_id: UUID, card_id: UUID) -> queries.PlacedCard:
    row = await queries.card_by_id(work.session, account_id, card_id)
    if row is None:
        raise NotFoundError(NO_CARD)
    return row


def _note_id(new: NewCard, first_id: UUID) -> UUID | None:
    is_numbered = any(sides.ordinal for sides in new.sides)
    return first_id if is_numbered else None


async def _origin(work: UnitOfWork, *, account_id: UUID, new: NewCard) -> dict[str, object]:
    """Return the page of a lecture that a picture was taken from, as its cards cite it."""
    if new.material_id is None:
        return {}
    blob_sha1 = await queries.blob_of_material(work.session, account_id, new.material_id)
    if blob_sha1 is None:
        return {}
    return {"material_id": new.material_id, "blob_sha1": blob_sha1, "page": new.page}


def _row(
    card_id: UUID, sides: typed.Sides, *, new: NewCard, today: date, now: datetime
) -> dict[str, object]:
    """Return the row of a new card, without its place."""
    fresh = sm2.new_schedule(today)
    return {
        "id": card_id,
        "kind": KINDS[new.kind],
        "front": sides.front,
        "back": sides.back,
        "ordinal": sides.ordinal,
        "masks": new.masks or None,
        "extra": new.extra,
        "tags": list(new.tags),
        "easiness": fresh.easiness,
        "due_on": fresh.due_on,
        "created_at": now,
    }


def _suspend(card: Card, *, on: bool, now: datetime) -> None:
    card.suspended_at = (card.suspended_at or now) if on else None
