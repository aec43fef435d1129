"""The charts of a student's statistics, each with its sentence and what its table shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from studymaster.features.flashcards.queries.figures import Hour, Place, Told
from studymaster.features.flashcards.queries.figures import Pile as DeckPile
from studymaster.features.flashcards.rules import spreads
from studymaster.features.flashcards.rules import statistics as rules
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.rules.spreads import (
    REACHES,
    STAGE_NAMES,
    Part,
    Span,
    Spread,
    Stage,
)
from studymaster.features.flashcards.rules.statistics import MATURE_FROM
from studymaster.features.flashcards.schemas import Bar, Chart
from studymaster.features.points.rules import counted

AGAIN: Final = Grade.AGAIN.value
HOURS: Final = 24
HOURS_NAMED: Final = 6
BARS_NAMED: Final = 8
LOW_EASE: Final = 170
EASY_TO_FORGET: Final = 8


@dataclass(frozen=True, slots=True)
class Facts:
    """What the figures are made from: answers since a year ago or longer, cards as they are.

    `first` is the first day of the span; `due` and `added` are cards by day.
    """

    today: date
    span: Span
    first: date
    told: Sequence[Told]
    hours: Sequence[Hour]
    places: Sequence[Place]
    decks: Sequence[DeckPile]
    due: Mapping[date, int]
    added: Mapping[date, int]

    @property
    def words(self) -> str:
        """Return how far the charts look back, in words."""
        if self.span is Span.ALL:
            return "since you began"
        return f"in the last {REACHES[self.span].words}"


def charts(facts: Facts) -> list[Chart]:
    """Return all charts; of a figure that no card has there is none."""
    within = [one for one in facts.told if one.day >= facts.first]
    return [
        _forecast(facts),
        _buttons(facts, within),
        _hours(facts),
        *(_spread(facts, spread) for spread in Spread if _cards(facts, spread)),
        _added(facts),
    ]


def _forecast(facts: Facts) -> Chart:
    reach = REACHES[facts.span]
    late = sum(count for day, count in facts.due.items() if day < facts.today)
    due = {day: count for day, count in facts.due.items() if day >= facts.today}
    with_late = {**due, facts.today: due.get(facts.today, 0) + late}
    days, step = reach.days, reach.step
    parts = spreads.parts(with_late, first=facts.today, days=days, step=step)
    in_time = spreads.parts(due, first=facts.today, days=days, step=step)
    bars = _dated(parts, [[f"{one.cards:,}"] for one in in_time])
    said = [(_when(one, facts.today), one.cards) for one in parts]
    load = sum(one.load for one in facts.decks)
    return Chart(
        "forecast",
        "Cards that come back",
        rules.forecast_sentence(said, words=reach.words, late=late, load=load),
        ["When", "Cards", "Without what is late"],
        bars,
    )


def _when(part: Part, today: date) -> str:
    if part.first == part.last == today:
        return "today"
    return f"on {part.name}" if part.first == part.last else f"from {part.name}"


def _buttons(facts: Facts, told: Sequence[Told]) -> Chart:
    given = Counter[tuple[int, int]]()
    for one in told:
        given[one.stage, one.grade] += one.answers
    most = max(given.values(), default=0)
    of_stage = {stage: sum(given[stage, grade] for grade in Grade) for stage in STAGE_NAMES}
    bars = [
        Bar(
            name=f"{STAGE_NAMES[stage]}, {grade.name.lower()}",
            short=STAGE_NAMES[stage] if grade is Grade.HARD else "",
            count=given[stage, grade],
            percent=rules.height(given[stage, grade], most),
            more=[_percent(given[stage, grade], of_stage[stage])],
        )
        for stage in STAGE_NAMES
        for grade in Grade
    ]
    counts = [
        (grade.name.lower(), sum(given[stage, grade] for stage in Stage)) for grade in Grade
    ]
    return Chart(
        "buttons",
        "Answers by grade",
        rules.grades_sentence(counts, words=facts.words),
        ["Cards and grade", "Answers", "Of these cards"],
        bars,
    )


def _hours(facts: Facts) -> Chart:
    told = {one.hour: (one.answers, one.asked, one.known) for one in facts.hours}
    hours = [told.get(hour, (0, 0, 0)) for hour in range(HOURS)]
    most = max(answers for answers, _, _ in hours)
    bars = [
        Bar(
            name=f"{hour}:00",
            short="" if hour % HOURS_NAMED else f"{hour}",
            count=count,
            percent=rules.height(count, most),
            more=[_percent(right, rested)],
        )
        for hour, (count, rested, right) in enumerate(hours)
    ]
    sentence = rules.hours_sentence(hours, words=facts.words)
    heads = ["From", "Answers", "Known, of rested cards"]
    return Chart("hours", "Hour of the day", sentence, heads, bars)


def _percent(part: int, whole: int) -> str:
    return f"{rules.share(part, whole)}%" if whole else "none"


def _cards(facts: Facts, spread: Spread) -> dict[int, int]:
    return {one.part: one.cards for one in facts.places if one.spread == spread}


TITLES: Final[Mapping[Spread, str]] = {
    Spread.INTERVAL: "Intervals",
    Spread.STABILITY: "Stability",
    Spread.DIFFICULTY: "Difficulty",
    Spread.EASE: "Ease",
}


def _spread(facts: Facts, spread: Spread) -> Chart:
    cards = _cards(facts, spread)
    most, total = max(cards.values()), sum(cards.values())
    bars = [
        Bar(
            name=name,
            short=short,
            count=cards.get(part, 0),
            percent=rules.height(cards.get(part, 0), most),
            more=[_percent(cards.get(part, 0), total)],
        )
        for part, (name, short) in enumerate(spreads.part_names(spread))
    ]
    heads = [TITLES[spread], "Cards", "Share"]
    return Chart(
        spread.value, TITLES[spread], _spread_sentence(spread, cards, total), heads, bars
    )


def _spread_sentence(spread: Spread, cards: Mapping[int, int], total: int) -> str:
    long = spreads.DAYS.index(MATURE_FROM) + 1
    lasting = sum(count for part, count in cards.items() if part >= long)
    if spread is Spread.INTERVAL:
        rests = "rests" if total == 1 else "rest"
        return (
            f"{counted(total, 'card')} {rests} a day or longer between two answers, "
            f"{lasting:,} of them {MATURE_FROM} days or longer."
        )
    if spread is Spread.STABILITY:
        return (
            f"Of {counted(total, 'card')} by FSRS {lasting:,} would be known nine times in "
            f"ten after {MATURE_FROM} days. Stability is the time until then, in days."
        )
    if spread is Spread.DIFFICULTY:
        hard = sum(count for part, count in cards.items() if part >= EASY_TO_FORGET - 1)
        return (
            f"FSRS calls {hard:,} of {counted(total, 'card')} difficult: {EASY_TO_FORGET} "
            "or more, from 1 to 10."
        )
    edges = list(spreads.EDGES[spread])
    low = sum(count for part, count in cards.items() if part <= edges.index(LOW_EASE))
    return (
        f"Of {counted(total, 'card')} by SM-2 {low:,} have an ease below "
        f"{LOW_EASE / 100}: their intervals grow slowly."
    )


def _added(facts: Facts) -> Chart:
    days = (facts.today - facts.first).days + 1
    step = spreads.step_for(days)
    whole = -(-days // step) * step
    first = facts.today - timedelta(days=whole - 1)
    parts = spreads.parts(facts.added, first=first, days=whole, step=step)
    total = sum(one.cards for one in parts)
    sums = list(accumulate(one.cards for one in parts))
    return Chart(
        "added",
        "Cards added",
        rules.added_sentence(total, words=facts.words),
        ["When", "Cards", "So far"],
        _dated(parts, [[f"{one:,}"] for one in sums]),
    )


def _dated(parts: Sequence[Part], more: Sequence[list[str]]) -> list[Bar]:
    most = max((one.cards for one in parts), default=0)
    every = max(-(-len(parts) // BARS_NAMED), 1)
    return [
        Bar(
            name=part.name,
            short="" if place % every else f"{part.first:%-d.%-m.}",
            count=part.cards,
            percent=rules.height(part.cards, most),
            more=said,
        )
        for place, (part, said) in enumerate(zip(parts, more, strict=True))
    ]
