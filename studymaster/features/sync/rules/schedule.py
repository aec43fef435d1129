"""When a run is due, how long it may wait, how long a token lives, and how that is told. Pure."""

from datetime import datetime, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from studymaster.features.accounts.rules import time_of
from studymaster.features.sync.rules.words import count, so_long

EVERY = timedelta(minutes=30)
SILENCE = timedelta(minutes=3)
"""A promise that nobody has taken up for so long is sent once more."""

DEAD = timedelta(seconds=90)
"""A run under way that has missed three signs of life was left by a dead worker."""

LEFT = timedelta(minutes=1)
"""A job that finds a run silent for so long (two signs of life) takes it over at once."""

LECTURES_A_RUN = 5
"""Lectures that a run has cards proposed for by itself; a term's worth would drown a day."""

PROMPT = timedelta(seconds=30)
"""A run that waits longer for its worker says why it may."""

QUIET = timedelta(seconds=45)
"""A run without a sign of life for so long says so; one comes every half minute."""

LOOKED_BACK = timedelta(days=14)
"""How long after its due date somebody may still look for what became of their work."""

MOST_ASKED_ABOUT = 60
"""Assignments whose submission is asked for in one run: two requests."""

TOKEN_LIFE = timedelta(weeks=12)
TOKEN_WARNING = timedelta(weeks=11)
"""Moodle's tokens live for twelve weeks unless a site has set it otherwise."""


AGAIN: Final = {
    False: (
        "Your cards are safe; the next try is at about {time}.",
        "Your cards are safe; nothing is tried again until you ask for it.",
    ),
    True: (
        "The next one comes by itself at about {time}.",
        "Nothing is read until you ask for it.",
    ),
}
"""What comes after a run that failed and one that its student stopped: by itself, or not."""


def next_run(asked: datetime, *, paused_until: datetime | None, now: datetime) -> datetime:
    """Return when the next run comes by itself, at the earliest now.

    Args:
        asked: When the last one was asked for.
        paused_until: When the pause is over that its site asked for; None for no pause.
        now: The present.
    """
    # To the minute, as it is told; a pause is not over before its last second.
    due = (asked + EVERY).replace(second=0, microsecond=0)
    return max(due, paused_until or now, now)


def hope(at: datetime | None, *, stopped: bool, now: datetime, zone: str) -> str:
    """Return what comes after a run that did not go through, in the student's own time.

    Args:
        at: When the next one comes by itself; None where none does.
        stopped: Whether the student stopped the run: nothing went wrong then.
        now: The present; another day is told with the time.
        zone: The student's time zone.
    """
    by_itself, when_asked = AGAIN[stopped]
    if at is None:
        return when_asked
    return by_itself.format(time=time_of(at, now=now, zone=zone))


def no_sign(since: datetime, *, zone: str) -> str:
    """Return that nothing is heard from the worker of a run, in the student's own time."""
    at = since.astimezone(ZoneInfo(zone))
    return f"No sign from the worker since {at:%H:%M}; the sync is picked up by itself."


def waiting(waited: timedelta, *, ahead: int) -> str:
    """Return what is going on while a run waits for a worker.

    Args:
        waited: For how long.
        ahead: How many runs of other students are under way or were promised earlier.
    """
    if waited < PROMPT:
        return "It starts by itself."
    if ahead:
        go_first = count(ahead, "sync of another student goes", "syncs of others go")
        reason = f"{go_first} first"
    else:
        reason = "the worker is busy with other things, or away"
    return f"It has waited for {so_long(waited)}: {reason}. It starts by itself; nothing is lost."


WHOLE_DAY = timedelta(days=1)
IDLE = timedelta(days=7)
"""An account that nobody opened for so long is read once a day."""

TICK = timedelta(minutes=1)
"""How often beat asks which accounts are due."""


def most_at_once(*, awake: int, asleep: int) -> int:
    """Return how many runs are promised in one minute at most.

    Twice of what falls due in a minute when everybody is spread evenly, and one more: those
    who wait catch up within minutes, and a site never sees all its students at once.

    Args:
        awake: How many connections are read every half hour.
        asleep: How many are read once a day, as nobody opened their account for a week.
    """
    return 2 * ceil(awake / (EVERY / TICK) + asleep / (WHOLE_DAY / TICK)) + 1


def runs_out(obtained: datetime, *, now: datetime) -> str:
    """Return when a connection runs out, in words; empty while there is time.

    A token that outlives the usual life is one of a site that has set another.
    """
    age = now - obtained
    if not TOKEN_WARNING <= age < TOKEN_LIFE + WHOLE_DAY:
        return ""
    days = ceil((TOKEN_LIFE - age) / WHOLE_DAY)
    if days <= 0:
        return "Your connection may run out any hour now."
    return f"Your connection runs out in {count(days, 'day', 'days')}."
