"""What a student's cards and answers add up to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from studymaster.adapters.cache import Kept, kept
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import answers as queries
from studymaster.features.flashcards.rules import statistics as rules
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import (
    Bar,
    DeckStatistics,
    HeatDay,
    Retention,
    StatisticsView,
)
from studymaster.features.flashcards.service.day import open_day

AGES = {"Young": False, "Mature": True}


async def kept_statistics(*, student: Student, now: datetime) -> StatisticsView:
    """Return the figures as they are kept, or make them; call it outside a unit of work."""

    async def make() -> StatisticsView:
        async with unit_of_work() as work:
            return await get_statistics(work, student=student, now=now)

    return await kept(
        Kept.STATISTICS,
        str(student.account_id),
        f"cards:{student.day_of(now)}",
        shape=StatisticsView,
        make=make,
    )


async def get_statistics(
    work: UnitOfWork, *, student: Student, now: datetime
) -> StatisticsView:
    """Return the figures of the student's day."""
    session, account_id, today = work.session, student.account_id, student.day_of(now)
    recently = today - timedelta(days=rules.RECENT_DAYS - 1)
    heat_start = rules.heat_start(today)
    by_day = {
        row.day: row.answers
        for row in await queries.answers_by_day(session, account_id, since=heat_start)
    }
    due = await _due(work, student=student, now=now)
    recall = await queries.recall(
        session, account_id, since=heat_start, recent_since=recently
    )
    grades = _grades(
        dict(await queries.answers_by_grade(session, account_id, since=recently))
    )
    decks = await _decks(work, student=student, since=recently)
    asked, recalled = _sums(recall, recent=True)
    return StatisticsView(
        heat=[HeatDay(*day) for day in rules.heat_days(by_day, today=today)],
        heat_sentence=rules.heat_sentence(by_day),
        heat_months=rules.heat_months(today),
        forecast=_forecast(due),
        forecast_sentence=rules.forecast_sentence(due),
        retention=_retention(recall),
        retention_sentence=rules.retention_sentence(asked=asked, recalled=recalled),
        grades=_bars(grades),
        grades_sentence=rules.grades_sentence(grades),
        decks=decks,
        answers=sum(by_day.values()),
        cards=sum(one.cards for one in decks),
    )


async def _due(
    work: UnitOfWork, *, student: Student, now: datetime
) -> list[tuple[date, int]]:
    """Return how many cards come on each of the next days; the first keeps to its limits."""
    today = student.day_of(now)
    coming = await queries.due_by_day(
        work.session, student.account_id, today=today, days=rules.FORECAST_DAYS
    )
    counts = (await open_day(work, student=student, now=now)).counts()
    asked = rules.within_limits(
        dict(coming), today=today, asked=counts.left, new=counts.new
    )
    return rules.forecast(asked, today=today)


def _grades(given: dict[int, int]) -> list[tuple[str, int]]:
    return [(grade.name.capitalize(), given.get(grade, 0)) for grade in Grade]


def _bars(counts: Sequence[tuple[str, int]]) -> list[Bar]:
    most = max((count for _, count in counts), default=0)
    return [Bar(name, name, count, rules.height(count, most)) for name, count in counts]


def _forecast(days: Sequence[tuple[date, int]]) -> list[Bar]:
    most = max((count for _, count in days), default=0)
    return [
        Bar(
            name=f"{day:%a %-d %b}",
            short=f"{day:%-d}" if place % rules.DAYS_PER_WEEK == 0 else "",
            count=count,
            percent=rules.height(count, most),
        )
        for place, (day, count) in enumerate(days)
    ]


def _retention(rows: Sequence[queries.Recall]) -> list[Retention]:
    ages = [
        (name, [row for row in rows if row.mature is age]) for name, age in AGES.items()
    ]
    return [_age(name, kept_rows) for name, kept_rows in [*ages, ("All", list(rows))]]


def _age(name: str, rows: Sequence[queries.Recall]) -> Retention:
    asked, recalled = _sums(rows, recent=True)
    asked_before, recalled_before = _sums(rows, recent=False)
    return Retention(
        name=name,
        recent=rules.share(recalled, asked),
        recent_asked=asked,
        half_year=rules.share(recalled + recalled_before, asked + asked_before),
        half_year_asked=asked + asked_before,
    )


def _sums(rows: Sequence[queries.Recall], *, recent: bool) -> tuple[int, int]:
    wanted = [row for row in rows if row.recent is recent]
    return sum(row.asked for row in wanted), sum(row.recalled for row in wanted)


async def _decks(
    work: UnitOfWork, *, student: Student, since: date
) -> list[DeckStatistics]:
    session, account_id = work.session, student.account_id
    asked = {
        deck_id: (count, recalled)
        for deck_id, count, recalled in await queries.recall_by_deck(
            session, account_id, since=since
        )
    }
    return [
        DeckStatistics(
            name=course.shortname if course else deck.name,
            line=course.line if course else 0,
            cards=cards,
            mature=mature,
            asked=asked.get(deck.id, (0, 0))[0],
            recalled=rules.share(*reversed(asked.get(deck.id, (0, 0)))),
        )
        for deck, course, cards, mature in await queries.cards_by_deck(session, account_id)
    ]
