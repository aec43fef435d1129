"""What the statistics page shows: plain figures, each with its words."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HeatDay:
    """A day of the heat map: its strength (0 to 4, -1 for the future) and its words."""

    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a bar chart; `percent` is its height, 100 for the highest.

    `short` stands below the bar and may be empty, `name` is whole.
    """

    name: str
    short: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Retention:
    """What was remembered of one age of cards, in percent; -1 where nothing was asked."""

    name: str
    recent: int
    recent_asked: int
    half_year: int
    half_year_asked: int


@dataclass(frozen=True, slots=True)
class DeckStatistics:
    """One deck: its cards, the mature ones, percent remembered (or -1)."""

    name: str
    line: int
    cards: int
    mature: int
    asked: int
    recalled: int


@dataclass(frozen=True, slots=True)
class StatisticsView:
    """All figures of the student's cards, with a sentence for each chart.

    `heat_months` has a word for each week of the heat map: the month that begins in it, or
    nothing.
    """

    heat: list[HeatDay] = field(default_factory=list[HeatDay])
    heat_sentence: str = ""
    heat_months: list[str] = field(default_factory=list[str])
    forecast: list[Bar] = field(default_factory=list[Bar])
    forecast_sentence: str = ""
    retention: list[Retention] = field(default_factory=list[Retention])
    retention_sentence: str = ""
    grades: list[Bar] = field(default_factory=list[Bar])
    grades_sentence: str = ""
    decks: list[DeckStatistics] = field(default_factory=list[DeckStatistics])
    answers: int = 0
    cards: int = 0
