"""What exams need of cards: where they stand, how the student studies, and when to ask them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.flashcards.queries import ahead as queries
from studymaster.features.flashcards.queries import answers, loads
from studymaster.features.flashcards.queries import cards as cards_queries
from studymaster.features.flashcards.queries.ahead import Counted
from studymaster.features.flashcards.rules import fsrs, typed
from studymaster.features.flashcards.rules.balance import EVEN
from studymaster.features.flashcards.rules.fsrs import Memory
from studymaster.features.flashcards.rules.scheduling import Plan
from studymaster.features.flashcards.rules.sm2 import Schedule
from studymaster.features.flashcards.service import review, scheduling
from studymaster.features.flashcards.service.news import note_change
from studymaster.models import Deck

PACE_DAYS: Final = 30
FEWEST_ANSWERS: Final = 50
USUAL_REPEATS: Final = 1.25
"""Answers that a card takes on a day, until the student's own log tells."""

MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class ScopeCard:
    """A card that an exam can be about; `turn` says which of its answers comes next."""

    card_id: UUID
    deck_id: UUID
    note_id: UUID | None
    tags: tuple[str, ...]
    turn: int
    plan: Plan
    schedule: Schedule
    memory: Memory | None


@dataclass(frozen=True, slots=True)
class Habit:
    """How a student studies: seconds that a card takes on a day, and how easy days shall be."""

    seconds: float
    easy_days: tuple[int, ...]


async def list_decks(work: UnitOfWork, *, account_id: UUID) -> Sequence[Deck]:
    """Return all decks of a student."""
    return await queries.decks(work.session, account_id)


def widen(decks: Sequence[Deck], chosen: Collection[UUID]) -> set[UUID]:
    """Return chosen decks that are still there, with those that lie in them."""
    here = [one for one in decks if one.id in chosen]
    above = [one.name for one in here if one.course_id is None]
    inner = {
        one.id
        for one in decks
        if one.course_id is None and any(typed.lies_in(one.name, name) for name in above)
    }
    return {one.id for one in here} | inner


async def scope_cards(
    work: UnitOfWork, *, account_id: UUID, decks: Sequence[Deck]
) -> list[ScopeCard]:
    """Return the cards of decks that may be asked: by lecture and page, as they were made."""
    plans = {deck.id: scheduling.plan_of(deck) for deck in decks}
    rows = await queries.cards_of_decks(work.session, account_id, list(plans))
    return [_scope_card(row, plans[row.deck_id]) for row in rows]


def _scope_card(row: Counted, plan: Plan) -> ScopeCard:
    schedule = Schedule(
        row.easiness, row.interval_days, row.repetitions, row.due_on, drill_on=None
    )
    memory = fsrs.memory_of(schedule, parameters=plan.parameters)
    if row.stability is not None and row.difficulty is not None and row.reviewed_on:
        memory = Memory(row.stability, row.difficulty, row.reviewed_on)
    return ScopeCard(
        row.card_id,
        row.deck_id,
        row.note_id,
        tuple(row.tags),
        row.turn,
        plan,
        schedule,
        memory,
    )


async def get_habit(work: UnitOfWork, *, account_id: UUID, today: date) -> Habit:
    """Return how a student studied in the last 30 days; what is usual before there is a log."""
    session, since = work.session, today - timedelta(days=PACE_DAYS)
    middle = await answers.median_answer_ms(session, account_id, since=since)
    each = review.ANSWER_MS if middle is None else max(middle, review.LEAST_ANSWER_MS)
    given, cards = await queries.answers_and_cards(session, account_id, since=since)
    repeats = given / cards if cards and given >= FEWEST_ANSWERS else USUAL_REPEATS
    shares = await loads.easy_days(session, account_id)
    return Habit(each * repeats / MS, tuple(shares) or EVEN.easy_days)


async def put_ahead(
    work: UnitOfWork, *, account_id: UUID, asks: Mapping[UUID, tuple[int, date]]
) -> int:
    """Want cards on days, by their turn, and no others; tell how many cards that changed."""
    await cards_queries.lock_account(work.session, account_id)
    changed = await queries.put(work.session, account_id, asks=asks)
    if changed:
        note_change(work, account_id=account_id, subject="exams")
    return changed
