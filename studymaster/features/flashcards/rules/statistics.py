"""How answers become figures: strengths, shares, forecasts, and the sentences for them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from studymaster.features.points.rules import counted

MATURE_FROM: Final = 21
"""Days of rest from which a card counts as mature; below it is young."""

FORECAST_DAYS: Final = 30
RECENT_DAYS: Final = 30
WEEKS_OF_HEAT: Final = 26
DAYS_PER_WEEK: Final = 7
STRONGEST: Final = 4
NOT_YET: Final = -1
NO_SHARE: Final = -1
LOWEST_BAR: Final = 3


def share(part: int, whole: int) -> int:
    """Return a part of a whole in percent, halves rounded up, or -1 without a whole."""
    return (200 * part + whole) // (2 * whole) if whole else NO_SHARE


def height(count: int, most: int) -> int:
    """Return the height of a bar in percent of the highest; what is there is always seen."""
    return max(LOWEST_BAR, share(count, most)) if count else 0


def heat_start(today: date) -> date:
    """Return the Monday on which the 26 weeks that end in the week of `today` start."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS_OF_HEAT - 1)


def heat_days(answers: Mapping[date, int], *, today: date) -> list[tuple[int, str]]:
    """Return strength (0 to 4, -1 for the future) and words of each day of 26 weeks."""
    busiest = max(answers.values(), default=0)
    start = heat_start(today)
    days = [start + timedelta(days=n) for n in range(WEEKS_OF_HEAT * DAYS_PER_WEEK)]
    return [_heat_day(day, answers.get(day, 0), busiest, today=today) for day in days]


def heat_months(today: date) -> list[str]:
    """Return for each of the 26 weeks the month whose first Monday starts it, or nothing."""
    start = heat_start(today)
    mondays = [start + timedelta(weeks=n) for n in range(WEEKS_OF_HEAT)]
    return [f"{day:%b}" if day.day <= DAYS_PER_WEEK else "" for day in mondays]


def _heat_day(day: date, count: int, busiest: int, *, today: date) -> tuple[int, str]:
    name = f"{day:%a %-d %b %Y}"
    if day > today:
        return NOT_YET, name
    level = 1 + (count - 1) * STRONGEST // busiest if count else 0
    return level, f"{name}: {counted(count, 'review')}"


def heat_sentence(answers: Mapping[date, int]) -> str:
    """Return the heat map in words."""
    total, days = sum(answers.values()), sum(1 for count in answers.values() if count)
    if not total:
        return "No reviews in the last 26 weeks yet."
    return f"{counted(total, 'review')} on {counted(days, 'day')} of the last 26 weeks."


def forecast(due: Mapping[date, int], *, today: date) -> list[tuple[date, int]]:
    """Return each of the next 30 days, today first, with the cards that come back on it."""
    days = (today + timedelta(days=n) for n in range(FORECAST_DAYS))
    return [(day, due.get(day, 0)) for day in days]


def within_limits(
    due: Mapping[date, int], *, today: date, asked: int, new: int
) -> dict[date, int]:
    """Return what comes back if today asks so many cards, of which so many are new.

    What the limits of today hold back comes tomorrow.
    """
    tomorrow = today + timedelta(days=1)
    held = max(due.get(today, 0) - (asked - new), 0)
    return {**due, today: asked, tomorrow: due.get(tomorrow, 0) + held}


def forecast_sentence(days: Sequence[tuple[date, int]]) -> str:
    """Return the forecast in words: the sum, and the fullest day."""
    total = sum(count for _, count in days)
    if not total:
        return "No cards come back in the next 30 days."
    fullest, most = max(days, key=lambda one: one[1])
    when = "today" if fullest == days[0][0] else f"on {fullest:%a %-d %b}"
    return (
        f"{counted(total, 'card')} in the next 30 days; most come {when}: {most:,}. "
        "Later reviews of the same cards are not counted."
    )


def retention_sentence(*, asked: int, recalled: int) -> str:
    """Return how much was remembered in the last 30 days, in words."""
    if not asked:
        return "No card that had rested was asked in the last 30 days."
    return (
        f"You remembered {share(recalled, asked)}% of {counted(asked, 'answer')} to cards "
        "that had rested at least a day, in the last 30 days."
    )


def grades_sentence(counts: Sequence[tuple[str, int]]) -> str:
    """Return the answers by grade in words."""
    total = sum(count for _, count in counts)
    if not total:
        return "No answers in the last 30 days yet."
    parts = ", ".join(f"{share(count, total)}% {name}" for name, count in counts)
    return f"{counted(total, 'answer')} in the last 30 days: {parts}."


def day_starts(day: date, *, time_zone: str, day_start_hour: int) -> datetime:
    """Return the moment (UTC) at which a student's day starts."""
    zone = ZoneInfo(time_zone)
    wall = datetime.combine(day, time(day_start_hour), tzinfo=zone)
    return wall.astimezone(ZoneInfo("UTC"))
