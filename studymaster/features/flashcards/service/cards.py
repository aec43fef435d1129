"""Single cards: typed by hand, changed, moved, suspended, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.rules import sm2, statistics, typed
from studymaster.features.flashcards.schemas import (
    NO_CARD,
    CardDraft,
    CardView,
    NewCard,
    Pile,
    pile_key,
)
from studymaster.features.flashcards.service import decks
from studymaster.models import Card, CardKind, Course, Deck


@dataclass(frozen=True, slots=True)
class CardChange:
    """What shall be different about a card, as it came from outside; None: as it is."""

    front: object = None
    back: object = None
    tags: object = None
    pile: Pile | None = None
    suspended: bool | None = None


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
    rows = [
        _row(card_id, sides, deck_id=deck_id, account_id=account_id, today=today, now=now)
        | {"tags": list(new.tags)}
        for card_id, sides in zip(ids, new.sides, strict=True)
    ]
    await work.session.exec(insert(Card).values(rows).on_conflict_do_nothing())
    decks.note_change(work, account_id=account_id, subject=str(first_id))
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
        tags=", ".join(card.tags),
        deck=pile_key(course_id=deck.course_id, deck_id=deck.id),
    )


async def edit(
    work: UnitOfWork, *, student: Student, card_id: UUID, change: CardChange, now: datetime
) -> CardView:
    """Change a card; its place in the schedule stays.

    Raises:
        NotFoundError: the card, or the deck it shall go to, is not the student's.
        InvalidInputError: a side or a tag does not do.
    """
    account_id = student.account_id
    target = None
    if change.pile is not None:
        # The deck before the card: everybody locks them in this order.
        target = await decks.keep_deck(
            work, account_id=account_id, pile=change.pile, now=now
        )
    card = await queries.card_for_update(work.session, account_id, card_id)
    if card is None:
        raise NotFoundError(NO_CARD)
    card.front, card.back = _sides(card, change)
    if change.tags is not None:
        card.tags = typed.parse_tags(change.tags)
    if change.suspended is not None:
        _suspend(card, on=change.suspended, now=now)
    card.deck_id = target or card.deck_id
    await work.session.flush()
    decks.note_change(work, account_id=account_id, subject=str(card_id))
    return await get_card(work, student=student, card_id=card_id)


async def move(
    work: UnitOfWork,
    *,
    account_id: UUID,
    card_ids: Sequence[UUID],
    pile: Pile,
    now: datetime,
) -> int:
    """Put cards into another deck; tell how many.

    Raises:
        NotFoundError: none of the cards, or not the deck, is the student's.
    """
    target = await decks.keep_deck(work, account_id=account_id, pile=pile, now=now)
    cards = await _chosen(work, account_id=account_id, card_ids=card_ids)
    for card in cards:
        card.deck_id = target
    return len(cards)


async def suspend(
    work: UnitOfWork,
    *,
    account_id: UUID,
    card_ids: Sequence[UUID],
    on: bool,
    now: datetime,
) -> int:
    """Leave cards out of reviews, or (`on` is False) bring them back; tell how many.

    Raises:
        NotFoundError: none of the cards is the student's.
    """
    cards = await _chosen(work, account_id=account_id, card_ids=card_ids)
    for card in cards:
        _suspend(card, on=on, now=now)
    return len(cards)


async def delete(work: UnitOfWork, *, account_id: UUID, card_ids: Sequence[UUID]) -> int:
    """Delete cards for good; tell how many. What was answered stays counted.

    Raises:
        NotFoundError: none of the cards is the student's.
    """
    cards = await _chosen(work, account_id=account_id, card_ids=card_ids)
    for card in cards:
        await work.session.delete(card)
    return len(cards)


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
    )


async def _placed(work: UnitOfWork, account_id: UUID, card_id: UUID) -> queries.PlacedCard:
    row = await queries.card_by_id(work.session, account_id, card_id)
    if row is None:
        raise NotFoundError(NO_CARD)
    return row


async def _chosen(
    work: UnitOfWork, *, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[Card]:
    cards = await queries.cards_for_update(work.session, account_id, card_ids)
    if not cards:
        raise NotFoundError(NO_CARD)
    decks.note_change(work, account_id=account_id, subject="")
    return cards


def _row(
    card_id: UUID,
    sides: typed.Sides,
    *,
    deck_id: UUID,
    account_id: UUID,
    today: date,
    now: datetime,
) -> dict[str, object]:
    fresh = sm2.new_schedule(today)
    card = Card(
        id=card_id,
        account_id=account_id,
        deck_id=deck_id,
        kind=CardKind.CLOZE if sides.is_cloze else CardKind.BASIC,
        front=sides.front,
        back=sides.back,
        easiness=fresh.easiness,
        due_on=fresh.due_on,
        created_at=now,
    )
    return card.model_dump()


def _sides(card: Card, change: CardChange) -> tuple[str, str]:
    """Return both sides as they shall be; the back of a cloze is the words of its gap."""
    if card.kind is CardKind.CLOZE:
        if change.front is None:
            return card.front, card.back
        sides = typed.one_gap(typed.parse_text(change.front, side="front"))
        return sides.front, sides.back
    front, back = change.front, change.back
    return (
        card.front if front is None else typed.parse_text(front, side="front"),
        card.back if back is None else typed.parse_text(back, side="back"),
    )


def _suspend(card: Card, *, on: bool, now: datetime) -> None:
    card.suspended_at = (card.suspended_at or now) if on else None
