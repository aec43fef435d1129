"""How full a student's coming days are, as counted once on the morning of each day.

What a button says and what it then gives are weighed by the same counts, whatever was
answered in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.flashcards.queries import loads as queries
from studymaster.features.flashcards.rules.balance import (
    AHEAD,
    EVEN,
    Balance,
)
from studymaster.features.flashcards.rules.scheduling import Plan, Scheduler
from studymaster.models import Card


async def balances(
    work: UnitOfWork,
    *,
    account_id: UUID,
    cards: Sequence[Card],
    plans: Mapping[UUID, Plan],
    today: date,
) -> Mapping[UUID, Balance]:
    """Return for each card by what its days are weighed; SM-2 knows one day alone.

    `plans` has for each of their decks by what it goes.
    """
    by_fsrs = [one for one in cards if plans[one.deck_id].scheduler is Scheduler.FSRS]
    found = {card.id: EVEN for card in cards}
    if not by_fsrs:
        return found
    common = await _common(work, account_id=account_id, today=today)
    siblings = await _siblings(work, account_id=account_id, cards=by_fsrs, today=today)
    return found | {
        card.id: replace(common, siblings=siblings.get(card.id, frozenset()))
        for card in by_fsrs
    }


async def _common(work: UnitOfWork, *, account_id: UUID, today: date) -> Balance:
    session = work.session
    counts = await queries.day_load(session, account_id, day=today)
    if not counts:
        due = await queries.due_by_day(session, account_id, after=today, days=AHEAD)
        days = [today + timedelta(days=away) for away in range(AHEAD + 1)]
        counts = await queries.keep_day_load(
            session, account_id, day=today, counts=[due.get(day, 0) for day in days]
        )
    easy = await queries.easy_days(session, account_id)
    balance = Balance(today, tuple(counts))
    return replace(balance, easy_days=tuple(easy)) if easy else balance


async def _siblings(
    work: UnitOfWork, *, account_id: UUID, cards: Sequence[Card], today: date
) -> dict[UUID, frozenset[date]]:
    notes = {card.note_id for card in cards if card.note_id is not None}
    if not notes:
        return {}
    rows = await queries.sibling_days(work.session, account_id, notes, after=today)
    return {
        card.id: frozenset(
            day for note, one, day in rows if note == card.note_id and one != card.id
        )
        for card in cards
        if card.note_id is not None
    }
