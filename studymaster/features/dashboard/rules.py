"""How figures become words: greetings, minutes, moments, strengths. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKS_OF_HEAT = 26
DAYS_PER_WEEK = 7
STRONGEST = 4
NOT_YET = -1
MORNING, AFTERNOON, EVENING = 5, 12, 18
NUMBER_WORDS = [
    "No",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
]


@dataclass(frozen=True, slots=True)
class DayCount:
    """What was reviewed on one of the student's days.

    `answers` counts every answer, `firsts` the first of the day on each card, `recalled`
    the firsts that were remembered.
    """

    answers: int
    firsts: int
    recalled: int


MINUTES_PER_HOUR = 60


def greeting(name: str, *, hour: int) -> str:
    """Return the words for an hour of the student's wall clock."""
    if MORNING <= hour < AFTERNOON:
        part = "morning"
    else:
        part = "afternoon" if AFTERNOON <= hour < EVENING else "evening"
    return f"Good {part}, {first_name(name)}."


def first_name(name: str) -> str:
    """Return what to call somebody; a title such as "Dr." is part of it."""
    words = name.split()
    titled = len(words) > 1 and words[0].endswith(".")
    return " ".join(words[: 2 if titled else 1])


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys([*words[:1], *words[-1:]])).upper()


def share(part: int, whole: int) -> int:
    """Return a part of a whole in percent, halves rounded up, or -1 without a whole."""
    return (200 * part + whole) // (2 * whole) if whole else NOT_YET


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: `1 card`, `1,204 cards`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def day_sentence(*, deadlines: int, due: int, minutes: int) -> str:
    """Return the sentence under the greeting; `deadlines` are those of the next 7 days."""
    count = NUMBER_WORDS[deadlines] if deadlines < len(NUMBER_WORDS) else str(deadlines)
    ahead = f"{count} deadline{'' if deadlines == 1 else 's'} in the next 7 days."
    clears = f"{counted(minutes, 'minute')} clears today." if due else "No cards are due."
    return f"{ahead} {clears}"


def moment_words(moment: datetime, *, now: datetime, time_zone: str) -> str:
    """Return a moment as the student would say it: `Tomorrow 23:59`, `Fri 17:00`."""
    zone = ZoneInfo(time_zone)
    local = moment.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    names = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}
    if days in names:
        day = names[days]
    else:
        day = f"{local:%a}" if 0 < days < DAYS_PER_WEEK else f"{local:%a %-d %b}"
    return f"{day} {local:%H:%M}"


def heat_days(days: Mapping[date, DayCount], *, today: date) -> list[tuple[int, str]]:
    """Return strength and words of each day of 26 weeks, the last one holding `today`."""
    start = heat_start(today)
    busiest = max((day.answers for day in days.values()), default=0)
    stretch = (start + timedelta(days=n) for n in range(WEEKS_OF_HEAT * DAYS_PER_WEEK))
    return [_heat_day(day, days, today=today, busiest=busiest) for day in stretch]


def heat_start(today: date) -> date:
    """Return the Monday on which the 26 weeks that end in the week of `today` start."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS_OF_HEAT - 1)


def _heat_day(
    day: date, days: Mapping[date, DayCount], *, today: date, busiest: int
) -> tuple[int, str]:
    name = f"{day:%a %-d %b %Y}"
    if day > today:
        return NOT_YET, name
    answers = days[day].answers if day in days else 0
    return heat_level(answers, busiest=busiest), f"{name}: {counted(answers, 'review')}"


def heat_level(answers: int, *, busiest: int) -> int:
    """Return 0 for nothing, else 1 to 4 in even steps up to the busiest day."""
    return 0 if answers == 0 else 1 + (answers - 1) * STRONGEST // busiest


def half_year_note(days: Sequence[DayCount]) -> str:
    """Return what the last 26 weeks add up to."""
    firsts = sum(day.firsts for day in days)
    recalled = share(sum(day.recalled for day in days), firsts)
    return "this half-year" if not firsts else f"this half-year · {recalled}% recalled"


def half_year_summary(days: Sequence[DayCount]) -> str:
    """Return the heat map in words, for who cannot see it."""
    answers = sum(day.answers for day in days)
    return (
        f"{counted(answers, 'review')} on {counted(len(days), 'day')} of the last 26 weeks"
    )


def hours_words(minutes: int) -> str:
    """Return a length of time: `45 min`, `3 h 10`."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"
