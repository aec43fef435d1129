"""Notes: the cards that were made of one text, changed together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from studymaster import gaps
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.flashcards.queries import notes as queries
from studymaster.features.flashcards.rules import masks, sm2, typed
from studymaster.features.flashcards.rules.typed import NewKind, Sides
from studymaster.features.flashcards.schemas import NO_CARD
from studymaster.models import Card, CardKind

KEEPS_KIND = (
    "Only a basic and a typed card can become one another. Make a new card instead."
)
ALIKE = frozenset({CardKind.BASIC, CardKind.TYPED})
NUMBERED = frozenset({CardKind.CLOZE, CardKind.OCCLUSION})


Note = tuple[Card, list[Card]]
"""A card, and all cards of its note with itself."""


@dataclass(frozen=True, slots=True)
class NoteText:
    """What a note shall say, as it came from outside; None: as it says now."""

    kind: object = None
    front: object = None
    back: object = None
    extra: object = None
    masks: object = None


async def lock_note(work: UnitOfWork, *, account_id: UUID, card_id: UUID) -> Note:
    """Return a card and all cards of its note (itself too), locked until the end.

    Raises:
        NotFoundError: it is not the student's.
    """
    # Before its cards: who changed the note last may have given it another one.
    await queries.hold_note(work.session, account_id, card_id)
    cards = list(await queries.note_for_update(work.session, account_id, card_id))
    card = next((one for one in cards if one.id == card_id), None)
    if card is None:
        raise NotFoundError(NO_CARD)
    return card, cards


async def count_going(
    work: UnitOfWork, *, account_id: UUID, card_id: UUID, text: NoteText
) -> int:
    """Return how many cards of a note would go if it said something else."""
    card, cards = await lock_note(work, account_id=account_id, card_id=card_id)
    if card.kind not in NUMBERED:
        return 0
    return len(_shared(cards, _sides(card, text))[1])


async def rewrite(
    work: UnitOfWork,
    *,
    card: Card,
    cards: Sequence[Card],
    text: NoteText,
    today: date,
    now: datetime,
) -> list[Card]:
    """Let a locked note say something else; return its cards, those that are new due today.

    A card of a gap that is gone goes too; the schedule of the others stays.

    Raises:
        InvalidInputError: a side, a gap or a covered place does not do.
    """
    kind = _kind(card, text.kind)
    sides = _sides(card, text) if text != NoteText(extra=text.extra) else []
    extra = None if text.extra is None else typed.parse_optional(text.extra, side="extra")
    covered = _masks(card, text)
    if sides and card.kind in NUMBERED:
        cards = await _renumber(work, cards=cards, sides=sides, today=today, now=now)
    elif sides:
        _turn(card, cards, sides[0])
        card.kind = kind
    for one in cards:
        one.extra = one.extra if extra is None else extra
        one.masks = covered
    await work.session.flush()
    return list(cards)


def _kind(card: Card, wanted: object) -> CardKind:
    if wanted in {None, card.kind.value}:
        return card.kind
    kind = typed.parse_kind(wanted)
    if card.kind not in ALIKE or kind not in {NewKind.BASIC, NewKind.TYPED}:
        raise InvalidInputError(KEEPS_KIND)
    return CardKind(kind.value)


def _sides(card: Card, text: NoteText) -> list[Sides]:
    """Return the sides of every card that the note shall have."""
    front = card.front
    if text.front is not None:
        front = typed.parse_text(text.front, side="front")
    if card.kind is CardKind.CLOZE:
        return typed.make_sides(NewKind.CLOZE, front=front, back="")
    may_be_empty = card.kind is CardKind.OCCLUSION
    parse = typed.parse_optional if may_be_empty else typed.parse_text
    back = card.back if text.back is None else parse(text.back, side="back")
    if card.kind is CardKind.OCCLUSION:
        covered = _masks(card, text) or ""
        return typed.make_sides(NewKind.OCCLUSION, front=front, back=back, masks=covered)
    return [Sides(front, back)]


def _masks(card: Card, text: NoteText) -> str | None:
    if card.kind is not CardKind.OCCLUSION or text.masks is None:
        return card.masks
    return masks.write_masks(masks.parse_masks(text.masks))


def _number(card: Card) -> int:
    if card.kind is CardKind.CLOZE:
        return gaps.asked_number(card.front, card.ordinal)
    return card.ordinal


def _shared(
    cards: Sequence[Card], sides: Sequence[Sides]
) -> tuple[list[tuple[Card, Sides]], list[Card], list[Sides]]:
    """Return which card gets which sides, the cards that go, and the sides that are new.

    A note whose gaps all have other numbers keeps its first card for the first of them.
    """
    by_number = {side.ordinal: side for side in sides}
    stay = [
        (card, by_number[_number(card)]) for card in cards if _number(card) in by_number
    ]
    if not stay:
        first = min(cards, key=_number)
        stay = [(first, sides[0])]
    kept = {card.id for card, _ in stay}
    taken = {side.ordinal for _, side in stay}
    gone = [card for card in cards if card.id not in kept]
    return stay, gone, [side for side in sides if side.ordinal not in taken]


async def _renumber(
    work: UnitOfWork,
    *,
    cards: Sequence[Card],
    sides: Sequence[Sides],
    today: date,
    now: datetime,
) -> list[Card]:
    stay, gone, fresh = _shared(cards, sides)
    note_id = stay[0][0].note_id or stay[0][0].id
    for card, side in stay:
        card.front, card.back, card.ordinal = side.front, side.back, side.ordinal
        card.note_id = note_id
    for card in gone:
        await work.session.delete(card)
    made = [_sibling(stay[0][0], side, today=today, now=now) for side in fresh]
    work.session.add_all(made)
    return [*(card for card, _ in stay), *made]


def _sibling(card: Card, side: Sides, *, today: date, now: datetime) -> Card:
    fresh = sm2.new_schedule(today)
    return Card(
        account_id=card.account_id,
        deck_id=card.deck_id,
        kind=card.kind,
        front=side.front,
        back=side.back,
        ordinal=side.ordinal,
        note_id=card.note_id,
        guid=card.guid,
        tags=list(card.tags),
        material_id=card.material_id,
        blob_sha1=card.blob_sha1,
        page=card.page,
        quote=card.quote,
        easiness=fresh.easiness,
        due_on=fresh.due_on,
        created_at=now,
    )


def _turn(card: Card, cards: Sequence[Card], side: Sides) -> None:
    """Change both sides of a card, and of the one that asks it the other way round."""
    mirrors = [
        one
        for one in cards
        if one.id != card.id and (one.front, one.back) == (card.back, card.front)
    ]
    card.front, card.back = side.front, side.back
    for one in mirrors:
        one.front, one.back = side.back, side.front
