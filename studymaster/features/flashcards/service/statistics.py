"""What a student's cards and answers add up to."""

from asyncio import gather
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from studymaster.adapters.cache import Kept, kept
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import figures as queries
from studymaster.features.flashcards.queries import piles
from studymaster.features.flashcards.queries.figures import Clock, Hour, Place, Told
from studymaster.features.flashcards.queries.figures import Pile as DeckPile
from studymaster.features.flashcards.rules import spreads
from studymaster.features.flashcards.rules import statistics as rules
from studymaster.features.flashcards.rules.spreads import REACHES, RESTED, Span, Stage
from studymaster.features.flashcards.rules.statistics import share
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    DeckStatistics,
    HeatDay,
    Pile,
    Retention,
    StatisticsView,
)
from studymaster.features.flashcards.service import charting
from studymaster.features.flashcards.service.charting import Facts

PERIODS = (("Today", 0, 0), ("Yesterday", 1, 1), ("7 days", 0, 6), ("30 days", 0, 29))
"""A time, and from how many days ago to how many days ago it is."""

YEAR = ("A year", 0, rules.WEEKS_OF_YEAR * rules.DAYS_PER_WEEK)
MOST_OF_DECKS = 50_000
"""What is remembered of each deck is told by so many answers at most."""


async def kept_statistics(
    *,
    student: Student,
    now: datetime,
    span: Span = Span.QUARTER,
    pile: Pile = EVERYTHING,
) -> StatisticsView:
    """Return the figures as they are kept, or make them; call it outside a unit of work."""

    async def make() -> StatisticsView:
        return await get_statistics(student=student, now=now, span=span, pile=pile)

    return await kept(
        Kept.STATISTICS,
        str(student.account_id),
        f"cards:{student.day_of(now)}:{span}:{pile.course_id}:{pile.deck_id}",
        shape=StatisticsView,
        make=make,
    )


async def get_statistics(
    *,
    student: Student,
    now: datetime,
    span: Span = Span.QUARTER,
    pile: Pile = EVERYTHING,
) -> StatisticsView:
    """Return the figures of the student's day, of all cards or of one pile.

    Call it outside a unit of work: the log and the cards are read beside each other.
    """
    wish = _Wish(student, now, span, pile)
    log, (places, found, due, decks) = await gather(_read_log(wish), _read_cards(wish))
    first, told, hours, added = log
    facts = Facts(wish.today, span, first, told, hours, places, found, due, added)
    today = wish.today
    by_day = _by_day(facts.told)
    year = {day: by_day[day] for day in by_day if day >= _year_start(today)}
    weeks = rules.WEEKS_OF_YEAR
    of_month = [one for one in facts.told if one.day > today - timedelta(days=30)]
    asked, recalled = _recall(of_month, RESTED)
    return StatisticsView(
        span=span.value,
        today_sentence=_today(facts),
        heat=[HeatDay(*one) for one in rules.heat_days(year, today=today, weeks=weeks)],
        heat_sentence=rules.heat_sentence(year),
        heat_months=rules.heat_months(today, weeks=weeks),
        retention=_retention(facts.told, today=today),
        retention_sentence=rules.retention_sentence(asked=asked, recalled=recalled),
        charts=charting.charts(facts),
        decks=decks,
        answers=sum(year.values()),
        cards=sum(one.cards for one in decks),
    )


def _year_start(today: date) -> date:
    return rules.heat_start(today, weeks=rules.WEEKS_OF_YEAR)


@dataclass(frozen=True, slots=True)
class _Wish:
    """Whose figures are wanted, of which cards, how far."""

    student: Student
    now: datetime
    span: Span
    pile: Pile

    @property
    def today(self) -> date:
        return self.student.day_of(self.now)

    @property
    def clock(self) -> Clock:
        return Clock(self.student.time_zone, self.student.day_start_hour)


async def _read_log(
    wish: _Wish,
) -> tuple[date, Sequence[Told], Sequence[Hour], Mapping[date, int]]:
    """Return the first day of the span, its answers and hours, and the cards that were added."""
    account_id, today = wish.student.account_id, wish.today
    since = min(_year_start(today), spreads.first_day(wish.span, today=today))
    async with unit_of_work() as work:
        session = work.session
        of_decks = await piles.deck_ids(session, account_id, wish.pile)
        told = await queries.told(session, account_id, since=since, deck_ids=of_decks)
        first = _first_day(wish.span, told, today=today)
        hours = await queries.hours(
            session, account_id, since=first, clock=wish.clock, deck_ids=of_decks
        )
        begins = rules.day_starts(
            first,
            time_zone=wish.clock.time_zone,
            day_start_hour=wish.clock.day_start_hour,
        )
        added = await queries.added(
            session, account_id, since=begins, clock=wish.clock, deck_ids=of_decks
        )
    return first, told, hours, added


async def _read_cards(
    wish: _Wish,
) -> tuple[Sequence[Place], Sequence[DeckPile], Mapping[date, int], list[DeckStatistics]]:
    """Return how the cards are spread, what decks have, what comes back, and decks in words."""
    account_id, today = wish.student.account_id, wish.today
    until = today + timedelta(days=REACHES[wish.span].days)
    async with unit_of_work() as work:
        session = work.session
        of_decks = await piles.deck_ids(session, account_id, wish.pile)
        places, found = await queries.standings(session, account_id, deck_ids=of_decks)
        due = await queries.due_from(
            session, account_id, today=today, until=until, deck_ids=of_decks
        )
        decks = await _decks(work, wish, found)
    return places, found, due, decks


def _first_day(span: Span, told: Iterable[Told], *, today: date) -> date:
    """Return the first day of a span; of `all` that of the first answer, a month ago at most."""
    if span is not Span.ALL:
        return spreads.first_day(span, today=today)
    month = spreads.first_day(Span.MONTH, today=today)
    return min((one.day for one in told), default=month)


def _by_day(told: Iterable[Told]) -> Mapping[date, int]:
    found: Counter[date] = Counter()
    for one in told:
        found[one.day] += one.answers
    return found


def _recall(told: Iterable[Told], stages: Sequence[Stage]) -> tuple[int, int]:
    """Return how many answers to cards of these stages were given, and how many known."""
    rested = [one for one in told if one.stage in stages]
    known = sum(one.answers for one in rested if one.grade > charting.AGAIN)
    return sum(one.answers for one in rested), known


def _today(facts: Facts) -> str:
    told = [one for one in facts.told if one.day == facts.today]
    asked, recalled = _recall(told, RESTED)
    count = {stage: _recall(told, [stage])[0] for stage in Stage}
    return rules.today_sentence(
        begun=count[Stage.NEW],
        asked=asked,
        recalled=recalled,
        again=count[Stage.AGAIN],
        ms=sum(one.ms for one in told),
    )


def _retention(told: Sequence[Told], *, today: date) -> list[Retention]:
    return [_period(told, today, *one) for one in (*PERIODS, YEAR)]


def _period(
    told: Sequence[Told], today: date, name: str, newest: int, oldest: int
) -> Retention:
    first, last = today - timedelta(days=oldest), today - timedelta(days=newest)
    within = [one for one in told if first <= one.day <= last]
    young, mature = (_recall(within, [stage]) for stage in RESTED)
    every = young[0] + mature[0], young[1] + mature[1]
    return Retention(
        name,
        share(young[1], young[0]),
        young[0],
        share(mature[1], mature[0]),
        mature[0],
        share(every[1], every[0]),
        every[0],
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """How a deck is called, and its colour."""

    name: str
    line: int


async def _decks(
    work: UnitOfWork, wish: _Wish, piles_of: Sequence[DeckPile]
) -> list[DeckStatistics]:
    session, account_id = work.session, wish.student.account_id
    since = wish.today - timedelta(days=rules.RECENT_DAYS - 1)
    asked = await queries.recalled_by_deck(
        session, account_id, since=since, most=MOST_OF_DECKS
    )
    named = {
        deck.id: _Named(course.shortname, course.line) if course else _Named(deck.name, 0)
        for deck, course in await queries.named_decks(session, account_id)
    }
    found = {one.deck_id: one for one in piles_of}
    return [
        DeckStatistics(
            name=one.name,
            line=one.line,
            cards=found[deck_id].cards,
            mature=found[deck_id].mature,
            asked=asked.get(deck_id, (0, 0))[0],
            recalled=share(*reversed(asked.get(deck_id, (0, 0)))),
            load=round(found[deck_id].load, 1),
        )
        for deck_id, one in named.items()
        if deck_id in found
    ]
