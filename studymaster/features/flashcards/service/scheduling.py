"""Where cards stand by the scheduler of their deck, and where another one would have them."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.flashcards.queries import scheduling as queries
from studymaster.features.flashcards.queries.scheduling import Line, Standing
from studymaster.features.flashcards.rules import scheduling as rules
from studymaster.features.flashcards.rules.fsrs import Memory
from studymaster.features.flashcards.rules.scheduling import (
    Answered,
    Place,
    Plan,
    Scheduler,
)
from studymaster.features.flashcards.rules.sm2 import Grade, Schedule
from studymaster.features.flashcards.rules.steps import Steps, read_steps
from studymaster.models import Card, Deck, ReviewLog

AT_ONCE = 2_000
"""Cards whose answers are held in memory together."""


def place_of(card: Card) -> Place:
    """Return where a card stands."""
    schedule = Schedule(
        easiness=card.easiness,
        interval_days=card.interval_days,
        repetitions=card.repetitions,
        due_on=card.due_on,
        drill_on=card.drill_on,
    )
    memory = None
    if not (card.stability is None or card.difficulty is None or card.reviewed_on is None):
        memory = Memory(card.stability, card.difficulty, card.reviewed_on)
    return Place(schedule, memory, step=card.drill_step, drill_at=card.drill_at)


def put(card: Card, place: Place) -> None:
    """Set a card to a place."""
    schedule, memory = place.schedule, place.memory
    card.easiness, card.interval_days = schedule.easiness, schedule.interval_days
    card.repetitions, card.due_on = schedule.repetitions, schedule.due_on
    card.drill_on, card.drill_step = schedule.drill_on, place.step
    card.drill_at = place.drill_at
    card.stability = memory.stability if memory else None
    card.difficulty = memory.difficulty if memory else None
    card.reviewed_on = memory.reviewed_on if memory else None


def plan_of(deck: Deck) -> Plan:
    """Return by what a deck goes."""
    return Plan(
        Scheduler(deck.scheduler),
        deck.retention,
        tuple(deck.parameters),
        Steps(read_steps(deck.steps), read_steps(deck.relearning_steps)),
    )


async def get_plan(work: UnitOfWork, *, card: Card) -> Plan:
    """Return by what the deck of a card goes; of a locked card, as long as it is locked."""
    found = await queries.plans(work.session, card.account_id, [card.deck_id])
    return found[card.deck_id]


async def replan_deck(
    work: UnitOfWork, *, account_id: UUID, deck_id: UUID, plan: Plan
) -> int:
    """Put all cards of a locked deck to where a plan would have brought them."""
    ids = await queries.lock_cards_of_deck(work.session, account_id, deck_id)
    return await replan(work, account_id=account_id, card_ids=ids, plan=plan)


async def move_cards(
    work: UnitOfWork, *, account_id: UUID, cards: Sequence[Card], deck_id: UUID
) -> None:
    """Put locked cards into a deck, and to where its plan would have brought them."""
    decks = {card.deck_id for card in cards} | {deck_id}
    plans = await queries.plans(work.session, account_id, decks)
    plan = plans[deck_id]
    elsewhere = [card.id for card in cards if plan.differs(plans[card.deck_id])]
    for card in cards:
        card.deck_id = deck_id
    await work.session.flush()
    await replan(work, account_id=account_id, card_ids=elsewhere, plan=plan)
    for card in cards:
        work.session.expire(card)


async def move_all(
    work: UnitOfWork, *, account_id: UUID, card_ids: Sequence[UUID], deck_id: UUID
) -> None:
    """Put locked cards, however many, into a deck, and to where its plan would have them."""
    session = work.session
    before = await queries.decks_of(session, account_id, card_ids)
    plans = await queries.plans(session, account_id, {*before, deck_id})
    plan = plans[deck_id]
    strangers = [one for one in before if plan.differs(plans[one])]
    moved = await queries.put_into(
        session, account_id, card_ids=card_ids, deck_id=deck_id, strangers=strangers
    )
    await replan(work, account_id=account_id, card_ids=moved, plan=plan)


async def replan(
    work: UnitOfWork, *, account_id: UUID, card_ids: Sequence[UUID], plan: Plan
) -> int:
    """Put locked cards to where a plan would have brought them; tell how many that are.

    Their answers are replayed. A card without any stays, and a day that was set by hand
    stays the day on which its card is due.
    """
    session, count = work.session, 0
    for start in range(0, len(card_ids), AT_ONCE):
        some = card_ids[start : start + AT_ONCE]
        lines = await queries.lines(session, account_id, some)
        standings = await queries.standings(session, account_id, some)
        # Thousands of answers take their time, and meanwhile others want to be served.
        places = await to_thread(_replay_all, lines, standings, plan)
        if places:
            await queries.put_places(session, account_id, places)
        count += len(places)
    return count


def _replay_all(
    lines: Sequence[Line], standings: Sequence[Standing], plan: Plan
) -> Mapping[UUID, Place]:
    standing = {one.card_id: one for one in standings}
    return {
        card_id: _replayed(list(given), standing[card_id], plan)
        for card_id, given in groupby(lines, key=attrgetter("card_id"))
    }


def _replayed(given: Sequence[Line], standing: Standing, plan: Plan) -> Place:
    place = rules.replay(
        _beginning(given[0]),
        [_answered(one) for one in given],
        card_id=standing.card_id,
        plan=plan,
    )
    planned = given[-1].day + timedelta(days=standing.interval_days)
    if standing.due_on == planned:
        return place
    return replace(place, schedule=replace(place.schedule, due_on=standing.due_on))


def _answered(line: Line | ReviewLog) -> Answered:
    return Answered(
        line.turn,
        Grade(line.grade),
        line.day,
        line.interval_after,
        drill=line.drill,
        at=line.created_at,
    )


def _beginning(first: Line | ReviewLog) -> Place:
    """Return where a card stood before its first answer: new, or as it came from elsewhere."""
    return Place(
        Schedule(
            easiness=first.easiness_before,
            interval_days=first.interval_before,
            repetitions=first.repetitions_before,
            due_on=first.day,
            drill_on=first.day if first.drill else None,
        )
    )
