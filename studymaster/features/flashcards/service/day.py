"""A student's day: which cards it asks in which order, how many are left, what limits hold back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from studymaster.adapters.cache import Kept, kept
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as cards_queries
from studymaster.features.flashcards.queries import day as queries
from studymaster.features.flashcards.queries.day import (
    Ahead,
    DeckRow,
    Drilled,
    Today,
    Wanted,
)
from studymaster.features.flashcards.rules import limits, statistics
from studymaster.features.flashcards.rules.limits import Asking, DeckDay, Share
from studymaster.features.flashcards.schemas import EVERYTHING, Counts, Pile
from studymaster.features.flashcards.service.news import note_change
from studymaster.models import Deck, DueOrder

AHEAD: Final = timedelta(minutes=20)
"""So long before its step a card is asked when nothing else is left."""

MORE: Final[Mapping[Asking, int]] = {Asking.NEW: 10, Asking.DUE: 50}
"""How many cards more than its limit a day asks when the student wants some more."""

FIELDS: Final[Mapping[Asking, str]] = {
    Asking.NEW: "new_today",
    Asking.DUE: "reviews_today",
}


@dataclass(frozen=True, slots=True)
class Day:
    """What a student's decks hold on one day; `drills` are the cards that come again on it.

    What exams want (`ahead`) is asked beyond the limits of decks, and counts for them.
    """

    account_id: UUID
    now: datetime
    today: Today
    decks: Mapping[UUID, Deck]
    found: Sequence[DeckDay]
    drills: Sequence[Drilled]
    ahead: Sequence[Ahead] = ()

    def within(self, pile: Pile) -> frozenset[UUID]:
        """Return the decks of a pile: a deck has those that lie in it."""
        return _within(self.found, pile)

    def shares(self, pile: Pile = EVERYTHING) -> Mapping[UUID, Share]:
        """Return how many cards each deck of a pile asks when the pile is reviewed."""
        return limits.allot(self.found, within=self.within(pile))

    def counts(self, pile: Pile = EVERYTHING) -> Counts:
        """Return how many cards a pile still asks today, by stage and in all."""
        shares = self.shares(pile)
        new, due = (
            (sum(one) for one in zip(*shares.values(), strict=True)) if shares else (0, 0)
        )
        learning = sum(one.deck_id in shares for one in self.drills)
        wanted = [one.is_new for one in self.ahead if one.deck_id in shares]
        new, due = new + sum(wanted), due + len(wanted) - sum(wanted)
        return Counts(new=new, learning=learning, due=due, left=new + learning + due)

    def by_course(self) -> dict[UUID, int]:
        """Return how many cards each course still asks today."""
        courses = {deck.course_id for deck in self.decks.values() if deck.course_id}
        return {one: self.counts(Pile(one)).left for one in courses}

    def held_back(self, asking: Asking, pile: Pile = EVERYTHING) -> int:
        """Return how many more cards a pile could ask; counted a little past its limits."""
        count = limits.held_back(self.found, self.shares(pile), asking)
        return min(count, MORE[asking])

    def next_step_at(self, pile: Pile) -> datetime | None:
        """Return when the next card that comes again will be asked, if it is not yet."""
        of_pile = self.within(pile)
        moments = [
            one.drill_at - AHEAD
            for one in self.drills
            if one.deck_id in of_pile and one.drill_at is not None
        ]
        return min(moments, default=None)


@dataclass(frozen=True, slots=True)
class LeftToday:
    """How many cards today still asks, in all and of each course."""

    cards: int
    courses: dict[UUID, int]


def _within(found: Sequence[DeckDay], pile: Pile) -> frozenset[UUID]:
    if pile == EVERYTHING:
        return frozenset(one.id for one in found)
    if pile.course_id is not None:
        of_course = [one for one in found if one.course_id == pile.course_id]
        return frozenset(one.id for one in of_course)
    holders = limits.above(found)
    return frozenset(one for one, above in holders.items() if pile.deck_id in above)


async def open_day(
    work: UnitOfWork, *, student: Student, pile: Pile = EVERYTHING, now: datetime
) -> Day:
    """Look at what a student's decks hold on the day of a moment; only in `pile` is counted."""
    session, account_id = work.session, student.account_id
    day = student.day_of(now)
    starts = statistics.day_starts(
        day, time_zone=student.time_zone, day_start_hour=student.day_start_hour
    )
    today = Today(day, starts)
    rows = await queries.decks_of_day(session, account_id, day=day)
    decks = {row.deck.id: row.deck for row in rows}
    unseen = [_deck_day(row, today, waiting=dict.fromkeys(Asking, 0)) for row in rows]
    within = _within(unseen, pile)
    room = {asking: limits.left(unseen, asking) for asking in Asking}
    waiting = await queries.count_waiting(
        session,
        account_id,
        [
            Wanted(
                deck.id,
                deck.bury_siblings,
                *[room[asking][deck.id] + MORE[asking] for asking in Asking],
            )
            for deck in decks.values()
            if deck.id in within
        ],
        today=today,
    )
    found = [
        _deck_day(
            row,
            today,
            waiting=dict(zip(Asking, waiting.get(row.deck.id, (0, 0)), strict=True)),
        )
        for row in rows
    ]
    drills, ahead = await queries.called_cards(session, account_id, day=day)
    return Day(account_id, now, today, decks, found, drills, ahead)


async def kept_left(*, student: Student, now: datetime) -> LeftToday:
    """Return how many cards today still asks, as it is kept; call it outside a unit of work."""

    async def make() -> LeftToday:
        async with unit_of_work() as work:
            found = await open_day(work, student=student, now=now)
        return LeftToday(found.counts().left, found.by_course())

    key = f"left:{student.day_of(now)}"
    return await kept(
        Kept.STATISTICS, str(student.account_id), key, shape=LeftToday, make=make
    )


def _deck_day(row: DeckRow, today: Today, *, waiting: Mapping[Asking, int]) -> DeckDay:
    deck = row.deck
    is_today = deck.limits_on == today.day
    new, due = deck.new_today, deck.reviews_today
    return DeckDay(
        id=deck.id,
        name=deck.name,
        course_id=deck.course_id,
        most={
            Asking.NEW: new if is_today and new is not None else deck.new_per_day,
            Asking.DUE: due if is_today and due is not None else deck.reviews_per_day,
        },
        done={Asking.NEW: row.new_done, Asking.DUE: row.due_done},
        waiting=waiting,
    )


async def next_cards(work: UnitOfWork, day: Day, *, pile: Pile, count: int) -> list[UUID]:
    """Return the next cards of a pile in the order of a review, so many at most.

    First those whose step has come, then what is due, then new ones (of both, what exams
    want before the rest), then those that come
    again without a step, and last those whose step comes within twenty minutes.
    """
    shares = day.shares(pile)
    drills = [one for one in day.drills if one.deck_id in shares]
    ahead = [one for one in day.ahead if one.deck_id in shares]
    found = _timed(drills, until=day.now)
    for more, is_new in ((_due, False), (_new, True)):
        found += [one.card_id for one in ahead if one.is_new is is_new]
        if len(found) < count:
            found += await more(work, day, shares, count - len(found))
    found += _untimed(drills)
    found += _timed(drills, after=day.now, until=day.now + AHEAD)
    return found[:count]


def _timed(
    drills: Sequence[Drilled], *, until: datetime, after: datetime | None = None
) -> list[UUID]:
    due = [
        (one.drill_at, one.card_id)
        for one in drills
        if one.drill_at is not None
        and one.drill_at <= until
        and (after is None or one.drill_at > after)
    ]
    return [card_id for _, card_id in sorted(due)]


def _untimed(drills: Sequence[Drilled]) -> list[UUID]:
    rest = [one for one in drills if one.drill_at is None]
    rest.sort(key=lambda one: (one.answered_at is None, one.answered_at, one.card_id))
    return [one.card_id for one in rest]


async def _due(
    work: UnitOfWork, day: Day, shares: Mapping[UUID, Share], count: int
) -> list[UUID]:
    """Return due cards: over all decks that ask the oldest first, then deck by deck."""
    wanted = [
        _wanted(day.decks[deck_id], due=min(share.due, count))
        for deck_id, share in shares.items()
        if share.due
    ]
    by_age = [one for one in wanted if _due_order(day, one) is DueOrder.OLDEST]
    found = await queries.oldest_due(
        work.session, day.account_id, by_age, today=day.today, limit=count
    )
    for one in wanted:
        if one not in by_age and len(found) < count:
            found += await queries.due_of_deck(
                work.session,
                day.account_id,
                one,
                order=_due_order(day, one),
                today=day.today,
            )
    return found[:count]


def _due_order(day: Day, one: Wanted) -> DueOrder:
    return DueOrder(day.decks[one.deck_id].due_order)


async def _new(
    work: UnitOfWork, day: Day, shares: Mapping[UUID, Share], count: int
) -> list[UUID]:
    """Return new cards, deck by deck."""
    found: list[UUID] = []
    for deck_id, share in shares.items():
        missing = count - len(found)
        if share.new and missing > 0:
            deck = day.decks[deck_id]
            found += await queries.new_of_deck(
                work.session,
                day.account_id,
                _wanted(deck, new=min(share.new, missing)),
                deck=deck,
                today=day.today,
            )
    return found


def _wanted(deck: Deck, *, new: int = 0, due: int = 0) -> Wanted:
    return Wanted(deck.id, deck.bury_siblings, new, due)


async def allow_more(
    work: UnitOfWork, *, student: Student, pile: Pile, asking: Asking, now: datetime
) -> int:
    """Let today ask some cards of a pile more than its limits; tell how many.

    While it still asks cards of this kind nothing changes, so pressed twice it is done once.
    """
    await cards_queries.lock_account(work.session, student.account_id)
    day = await open_day(work, student=student, pile=pile, now=now)
    held, counts = day.held_back(asking, pile), day.counts(pile)
    if counts.new if asking is Asking.NEW else counts.due:
        return 0
    within = day.within(pile)
    for deck_id, most in limits.raised(day.found, asking, within=within, by=held).items():
        begin_today(day.decks[deck_id], day=day.today.day)
        setattr(day.decks[deck_id], FIELDS[asking], most)
    if held:
        note_change(work, account_id=student.account_id, subject="limits")
    return held


def begin_today(deck: Deck, *, day: date) -> None:
    """Let a deck have limits for one day; what was said for an earlier one is over."""
    if deck.limits_on != day:
        deck.new_today = deck.reviews_today = None
        deck.limits_on = day
