"""Finding words in many cards and putting others there; which cards are there twice."""

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import bulk as bulk_queries
from studymaster.features.flashcards.queries import replacing as queries
from studymaster.features.flashcards.queries.replacing import TwinRow
from studymaster.features.flashcards.rules import replacing as rules
from studymaster.features.flashcards.rules.browse import in_short
from studymaster.features.flashcards.rules.columns import day_words
from studymaster.features.flashcards.rules.replacing import CardText, ReplaceWish
from studymaster.features.flashcards.rules.search import EVERY_CARD, Node
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    MOST_CHOSEN,
    NO_CARD,
    Changed,
    Duplicates,
    Pile,
    ReplacePreview,
    Twin,
    Twins,
)
from studymaster.features.flashcards.service import browse, bulk, undoing
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.features.flashcards.service.news import note_change

SAMPLES: Final = 8


@dataclass(frozen=True, slots=True)
class _Change:
    """The cards that say something else, as they were before, and how many cannot."""

    after: Sequence[CardText]
    before: Sequence[CardText]
    refused: int


async def preview(
    work: UnitOfWork, *, student: Student, chosen: Chosen, wish: ReplaceWish, now: datetime
) -> ReplacePreview:
    """Return what replacing words would do; nothing is changed.

    Raises:
        NotFoundError: none of the cards is the student's.
    """
    change = await _change(work, student=student, chosen=chosen, wish=wish, now=now)
    pairs = zip(change.before[:SAMPLES], change.after[:SAMPLES], strict=True)
    return ReplacePreview(
        count=len(change.after),
        refused=change.refused,
        samples=tuple(_sample(before, after) for before, after in pairs),
    )


async def replace(
    work: UnitOfWork, *, student: Student, chosen: Chosen, wish: ReplaceWish, now: datetime
) -> str:
    """Put other words into cards as one step, and say how many that were.

    A card of a note changes with all of its note. What cannot be said stays as it is.

    Raises:
        NotFoundError: none of the cards is the student's.
    """
    account_id = student.account_id
    change = await _change(
        work, student=student, chosen=chosen, wish=wish, now=now, lock=True
    )
    if not change.after:
        return f"No card was changed.{_left(change.refused)}"
    count = len(change.after)
    said = "1 card changed" if count == 1 else f"{count:,} cards changed"
    await undoing.remember(
        work,
        account_id=account_id,
        day=student.day_of(now),
        sentence=said,
        card_ids=[one.id for one in change.after],
        now=now,
    )
    await queries.put_texts(work.session, account_id, change.after)
    note_change(work, account_id=account_id, subject="")
    return f"{said}.{_left(change.refused)}"


def _left(refused: int) -> str:
    if not refused:
        return ""
    stay = "1 stays as it is" if refused == 1 else f"{refused:,} stay as they are"
    return f" {stay}: a side would be empty or too long, or other gaps or another picture asked."


async def _change(
    work: UnitOfWork,
    *,
    student: Student,
    chosen: Chosen,
    wish: ReplaceWish,
    now: datetime,
    lock: bool = False,
) -> _Change:
    session, account_id = work.session, student.account_id
    ids = await bulk.ids_of(work, student=student, chosen=chosen, now=now)
    if not ids:
        raise NotFoundError(NO_CARD)
    every = await queries.with_siblings(session, account_id, ids)
    if lock:
        await bulk_queries.lock(session, account_id, card_ids=every)
    cards = await queries.texts(session, account_id, every)
    # Thousands of cards take their time, and meanwhile others want to be served.
    return await to_thread(_rewritten, cards, wish)


def _rewritten(cards: Sequence[CardText], wish: ReplaceWish) -> _Change:
    turn, refused = rules.turn_of(wish), 0
    after: list[CardText] = []
    before: list[CardText] = []
    for _, group in groupby(cards, key=lambda card: card.note_id or card.id):
        note = list(group)
        new = rules.replaced(note, turn=turn, where=wish.where)
        if new is None:
            refused += len(note)
            continue
        changed = {one.id for one in new}
        after += new
        before += [one for one in note if one.id in changed]
    return _Change(after, before, refused)


def _sample(before: CardText, after: CardText) -> Changed:
    for side in ("front", "back", "extra"):
        if getattr(before, side) != getattr(after, side):
            return Changed(in_short(getattr(before, side)), in_short(getattr(after, side)))
    return Changed(in_short(before.front), in_short(after.front))


async def find_duplicates(
    work: UnitOfWork,
    *,
    student: Student,
    search: Node = EVERY_CARD,
    pile: Pile = EVERYTHING,
    now: datetime,
) -> Duplicates:
    """Return the cards that a search finds of which another one asks the same."""
    rows = await queries.twins(
        work.session,
        student.account_id,
        pile=pile,
        search=browse.search_of(search, student=student, now=now),
    )
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.key)]
    newer = [
        str(row.card_id)
        for group in groups
        for row in group
        if row.note_id != group[0].note_id
    ]
    return Duplicates(
        groups=tuple(_twins(group, student=student) for group in groups),
        total=rows[0].groups if rows else 0,
        newer=tuple(newer[:MOST_CHOSEN]),
    )


def _twins(group: Sequence[TwinRow], *, student: Student) -> Twins:
    return Twins(
        front=in_short(group[0].front),
        cards=tuple(
            Twin(
                id=str(row.card_id),
                deck=row.deck,
                added=day_words(student.day_of(row.created_at)),
                back=in_short(row.back),
            )
            for row in group
        ),
    )
