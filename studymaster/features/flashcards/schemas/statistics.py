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

    `short` stands below the bar and may be empty, `name` is whole. `more` are further
    figures of the same, as the table of the chart has them.
    """

    name: str
    short: str
    count: int
    percent: int
    more: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with what they say: `heads` name the columns of their table."""

    key: str
    title: str
    sentence: str
    heads: list[str]
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Retention:
    """What was remembered in one time, of cards of each age and of all.

    `young`, `mature` and `every` are percent, -1 where nothing was asked.
    """

    name: str
    young: int
    young_asked: int
    mature: int
    mature_asked: int
    every: int
    every_asked: int


@dataclass(frozen=True, slots=True)
class DeckStatistics:
    """One deck: its cards, the mature ones, percent remembered (or -1), reviews a day."""

    name: str
    line: int
    cards: int
    mature: int
    asked: int
    recalled: int
    load: float


@dataclass(frozen=True, slots=True)
class StatisticsView:
    """All figures of the student's cards, with a sentence for each chart.

    `span` is `month`, `quarter`, `year` or `all`: so far do charts look back, and forecasts
    ahead. `heat_months` has a word for each week of the heat map: the month that begins in
    it, or nothing.
    """

    span: str = "quarter"
    today_sentence: str = ""
    heat: list[HeatDay] = field(default_factory=list[HeatDay])
    heat_sentence: str = ""
    heat_months: list[str] = field(default_factory=list[str])
    retention: list[Retention] = field(default_factory=list[Retention])
    retention_sentence: str = ""
    charts: list[Chart] = field(default_factory=list[Chart])
    decks: list[DeckStatistics] = field(default_factory=list[DeckStatistics])
    answers: int = 0
    cards: int = 0
