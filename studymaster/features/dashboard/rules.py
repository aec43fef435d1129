"""How figures become words: greetings, minutes, moments, strengths. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from studymaster.features.flashcards.rules.statistics import share
from studymaster.features.points.rules import counted

DAYS_PER_WEEK = 7
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

    `answers` counts every answer, `asked` those to cards that had rested at least a day,
    `recalled` the asked that were remembered.
    """

    answers: int
    asked: int
    recalled: int


MINUTES_PER_HOUR = 60
PLANNED_FOCUS = 25
"""Minutes of focus that the route plans for the nearest deadline of the week."""


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


def day_sentence(*, deadlines: int, minutes: int) -> str:
    """Return the sentence under the greeting; `deadlines` are those of the next 7 days.

    `minutes` are those of all that is left of the day's route.
    """
    count = NUMBER_WORDS[deadlines] if deadlines < len(NUMBER_WORDS) else str(deadlines)
    ahead = f"{count} deadline{'' if deadlines == 1 else 's'} in the next 7 days."
    clears = (
        f"{counted(minutes, 'minute')} clears today." if minutes else "No cards are due."
    )
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


def half_year_note(days: Sequence[DayCount]) -> str:
    """Return what the last 26 weeks add up to."""
    asked = sum(day.asked for day in days)
    if not asked:
        return "this half-year · nothing asked again yet" if days else "this half-year"
    return f"this half-year · {share(sum(day.recalled for day in days), asked)}% recalled"


def half_year_summary(days: Sequence[DayCount]) -> str:
    """Return the heat map in words, for who cannot see it."""
    answers = sum(day.answers for day in days)
    return (
        f"{counted(answers, 'review')} on {counted(len(days), 'day')} of the last 26 weeks"
    )


def focus_left(*, done: int, going: int, still: int, is_planned: bool) -> int:
    """Return how many minutes of today's focus are left.

    `done` are behind in ended sessions, `going` in the one going on, which still holds
    `still`. What is planned for a deadline is left until all of it is done.
    """
    planned = PLANNED_FOCUS - done - going if is_planned else 0
    return max(planned, still, 0)


def focus_address(*, course_id: UUID, task: str) -> str:
    """Return the focus page, ready for a course and a task."""
    wanted = {"course": str(course_id), "task": task}
    return f"/focus?{urlencode(wanted, quote_via=quote)}"


def hours_words(minutes: int) -> str:
    """Return a length of time: `45 min`, `3 h 10`."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"
