"""How answers become figures: strengths, shares, forecasts, and the sentences for them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from studymaster.features.points.rules import counted

MATURE_FROM: Final = 21
"""Days of rest from which a card counts as mature; below it is young."""

RECENT_DAYS: Final = 30
WEEKS_OF_HEAT: Final = 26
WEEKS_OF_YEAR: Final = 53
ENOUGH: Final = 20
"""Answers from which on an hour is compared with others."""

MS_PER_MINUTE: Final = 60_000
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


def heat_start(today: date, *, weeks: int = WEEKS_OF_HEAT) -> date:
    """Return the Monday on which the weeks that end in the week of `today` start."""
    return today - timedelta(days=today.weekday(), weeks=weeks - 1)


def heat_days(
    answers: Mapping[date, int], *, today: date, weeks: int = WEEKS_OF_HEAT
) -> list[tuple[int, str]]:
    """Return strength (0 to 4, -1 for the future) and words of each day of the weeks."""
    start = heat_start(today, weeks=weeks)
    days = [start + timedelta(days=n) for n in range(weeks * DAYS_PER_WEEK)]
    busiest = max((answers.get(day, 0) for day in days), default=0)
    return [_heat_day(day, answers.get(day, 0), busiest, today=today) for day in days]


def heat_months(today: date, *, weeks: int = WEEKS_OF_HEAT) -> list[str]:
    """Return for each of the weeks the month whose first Monday starts it, or nothing."""
    start = heat_start(today, weeks=weeks)
    mondays = [start + timedelta(weeks=n) for n in range(weeks)]
    return [f"{day:%b}" if day.day <= DAYS_PER_WEEK else "" for day in mondays]


def _heat_day(day: date, count: int, busiest: int, *, today: date) -> tuple[int, str]:
    name = f"{day:%a %-d %b %Y}"
    if day > today:
        return NOT_YET, name
    level = 1 + (count - 1) * STRONGEST // busiest if count else 0
    return level, f"{name}: {counted(count, 'review')}"


def heat_sentence(answers: Mapping[date, int]) -> str:
    """Return the answers of a year in words."""
    total, days = sum(answers.values()), sum(1 for count in answers.values() if count)
    if not total:
        return "No reviews in the last year yet."
    return f"{counted(total, 'review')} on {counted(days, 'day')} of the last year."


def today_sentence(*, begun: int, asked: int, recalled: int, again: int, ms: int) -> str:
    """Return what was answered today in words; `asked` are cards that had rested."""
    total = begun + asked + again
    if not total:
        return "Nothing answered yet today."
    minutes = max(round(ms / MS_PER_MINUTE), 1)
    known = f", {share(recalled, asked)}% of them known" if asked else ""
    return (
        f"{counted(total, 'answer')} in {minutes} min: {counted(begun, 'new card')} begun, "
        f"{counted(asked, 'rested card')} asked{known}, {again:,} again the same day."
    )


def forecast_sentence(
    parts: Sequence[tuple[str, int]], *, words: str, late: int, load: float
) -> str:
    """Return what comes back in words: the sum, the fullest part, what is late, the load."""
    total = sum(count for _, count in parts)
    lasting = (
        f"In the long run your cards ask for about {counted(round(load), 'review')} a day."
    )
    if not total:
        return (
            f"No cards come back in the next {words}. {lasting}"
            if load >= 1
            else (f"No cards come back in the next {words}.")
        )
    when, most = max(parts, key=lambda one: one[1])
    overdue = f" {counted(late, 'card')} of today are late." if late else ""
    return (
        f"{counted(total, 'card')} in the next {words}; most come {when}: {most:,}.{overdue} "
        "Later reviews of the same cards and the limits of decks are not counted. "
        f"{lasting}"
    )


def retention_sentence(*, asked: int, recalled: int) -> str:
    """Return how much was remembered in the last 30 days, in words."""
    if not asked:
        return "No card that had rested was asked in the last 30 days."
    return (
        f"You remembered {share(recalled, asked)}% of {counted(asked, 'answer')} to cards "
        "that had rested at least a day, in the last 30 days."
    )


def grades_sentence(counts: Sequence[tuple[str, int]], *, words: str) -> str:
    """Return the answers by grade in words."""
    total = sum(count for _, count in counts)
    if not total:
        return f"No answers {words} yet."
    parts = ", ".join(f"{share(count, total)}% {name}" for name, count in counts)
    return f"{counted(total, 'answer')} {words}: {parts}."


def hours_sentence(hours: Sequence[tuple[int, int, int]], *, words: str) -> str:
    """Return when answers were given in words; of each hour the answers, asked, recalled."""
    total = sum(answers for answers, _, _ in hours)
    if not total:
        return f"No answers {words} yet."
    fullest = max(range(len(hours)), key=lambda one: hours[one][0])
    enough = [one for one in range(len(hours)) if hours[one][1] >= ENOUGH]
    said = f"Most answers {words} were given from {fullest}:00 on: {hours[fullest][0]:,}."
    if not enough:
        return said
    best = max(enough, key=lambda one: hours[one][2] / hours[one][1])
    _, asked, recalled = hours[best]
    return f"{said} You knew most from {best}:00 on: {share(recalled, asked)}%."


def added_sentence(total: int, *, words: str) -> str:
    """Return how many cards were added in words."""
    return f"{counted(total, 'card')} added {words}."


def day_starts(day: date, *, time_zone: str, day_start_hour: int) -> datetime:
    """Return the moment (UTC) at which a student's day starts."""
    zone = ZoneInfo(time_zone)
    wall = datetime.combine(day, time(day_start_hour), tzinfo=zone)
    return wall.astimezone(ZoneInfo("UTC"))
