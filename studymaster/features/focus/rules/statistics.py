"""What finished sessions add up to, by day, by week and by course."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

DAYS: Final = 14
WEEKS: Final = 8
A_WEEK: Final = timedelta(days=7)
A_DAY: Final = timedelta(days=1)
SECONDS_PER_MINUTE: Final = 60
MINUTES_PER_HOUR: Final = 60


def first_day(today: date) -> date:
    """Return the first day that the figures look at: the Monday of the eighth week back."""
    return monday(today) - A_WEEK * (WEEKS - 1)


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def by_day(
    seconds: Mapping[date, int], *, first: date, last: date
) -> list[tuple[date, int]]:
    """Return whole minutes of every day from `first` to `last`, empty days as 0."""
    count = (last - first).days + 1
    days = [first + A_DAY * place for place in range(count)]
    return [(day, minutes(seconds.get(day, 0))) for day in days]


def by_week(seconds: Mapping[date, int], *, today: date) -> list[tuple[date, int]]:
    """Return whole minutes of the last eight weeks by their Monday, this week last."""
    sums: dict[date, int] = {}
    for day, spent in seconds.items():
        sums[monday(day)] = sums.get(monday(day), 0) + spent
    weeks = [first_day(today) + A_WEEK * place for place in range(WEEKS)]
    return [(week, minutes(sums.get(week, 0))) for week in weeks]


def minutes(seconds: int) -> int:
    """Return full minutes."""
    return seconds // SECONDS_PER_MINUTE


def duration(whole: int) -> str:
    """Return minutes as people say them: `45 min`, `2 h`, `1 h 5 min`."""
    hours, rest = divmod(whole, MINUTES_PER_HOUR)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(parts)


def heights(values: Sequence[int]) -> list[int]:
    """Return bars as percent of the highest; what is not nothing is at least 2 percent."""
    highest = max(values, default=0)
    return [max(2, round(100 * value / highest)) if value else 0 for value in values]


def sentence(named: Iterable[tuple[str, int]], *, span: str) -> str:
    """Say what a chart shows: the sum, and the best of the named figures (in minutes)."""
    figures = list(named)
    total = sum(value for _, value in figures)
    if not total:
        return f"No focus in {span}."
    name, most = max(figures, key=lambda figure: figure[1])
    return f"{duration(total)} of focus in {span}; most on {name} ({duration(most)})."
