"""Steps of a day: after how many minutes a card that is being learnt comes again. Pure.

Steps say when a card comes again on its day, never for how many days it rests afterwards;
docs/decisions/0014-the-day.md says why.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.sm2 import Grade

STEP: Final = re.compile(r"([0-9]{1,4})(m|min|h)?", re.IGNORECASE)
BETWEEN: Final = re.compile(r"[\s,;]+")
MINUTES_PER_HOUR: Final = 60
LONGEST_STEP: Final = 24 * MINUTES_PER_HOUR - 1
MOST_STEPS: Final = 10
LONGEST_IN_MINUTES: Final = 100
"""A longer wait is told in hours."""

ODD_STEPS: Final = (
    "Type minutes with spaces between, such as 1 10; or nothing for no steps."
)
ODD_STEP: Final = "A step is a whole number of minutes, at least 1 and less than a day."
MANY_STEPS: Final = f"A deck has at most {MOST_STEPS} steps."
FALLING_STEPS: Final = "No step may be shorter than the one before it."


@dataclass(frozen=True, slots=True)
class Steps:
    """Minutes until a new card, and a forgotten one, comes again; none: at once."""

    learning: tuple[int, ...] = ()
    relearning: tuple[int, ...] = ()


NO_STEPS: Final = Steps()


class Drill(NamedTuple):
    """That a card comes again on its day: at which step, after how many minutes (None: at once).

    The steps of a new card count from 0 up, those of a forgotten one from -1 down.
    """

    step: int
    minutes: int | None


def parse_steps(value: object) -> tuple[int, ...]:
    """Return the minutes that somebody typed: `1 10`, `1m 1h`; nothing: no steps.

    Raises:
        InvalidInputError: a step is no number of minutes below a day, one is shorter than
            the one before it, or there are more than ten.
    """
    words = [word for word in BETWEEN.split(str(value or "").strip()) if word]
    found = [STEP.fullmatch(word) for word in words]
    matches = [one for one in found if one]
    if len(matches) < len(words):
        raise InvalidInputError(ODD_STEPS)
    steps = tuple(_minutes_of(*one.groups()) for one in matches)
    if any(not 1 <= step <= LONGEST_STEP for step in steps):
        raise InvalidInputError(ODD_STEP)
    if len(steps) > MOST_STEPS:
        raise InvalidInputError(MANY_STEPS)
    if list(steps) != sorted(steps):
        raise InvalidInputError(FALLING_STEPS)
    return steps


def _minutes_of(number: str, unit: str | None) -> int:
    is_hours = (unit or "").lower() == "h"
    return int(number) * (MINUTES_PER_HOUR if is_hours else 1)


def read_steps(kept: str) -> tuple[int, ...]:
    """Return steps as they are kept with a deck."""
    return tuple(int(word) for word in kept.split())


def write_steps(steps: Sequence[int]) -> str:
    """Return steps as they are kept with a deck."""
    return " ".join(map(str, steps))


LEFT: Final = MOST_STEPS
"""A step that no deck has: the card has left them."""


def next_drill(
    steps: Steps, grade: Grade, *, drilled: int | None, is_new: bool, forgotten: bool
) -> Drill | None:
    """Return when a card comes again on the day of an answer; None: not before it is due.

    Again leads to the first step, Hard to the same once more, Good to the next one, and
    Easy out of them. Where there are no steps, the scheduler's own word holds.

    Args:
        steps: Those of the deck.
        grade: The answer.
        drilled: At which step the card stood; None: this is its first answer of the day.
        is_new: Whether it was never answered before.
        forgotten: Whether the scheduler wants it once more on this day.
    """
    is_learning = is_new if drilled is None else drilled >= 0
    ladder = steps.learning if is_learning else steps.relearning
    if not ladder:
        return Drill(_counted(0, is_learning=is_learning), None) if forgotten else None
    if drilled is None and not is_new:
        place = 0 if forgotten else LEFT
    else:
        place = _moved(_place(drilled, ladder), grade)
    if place >= len(ladder):
        return None
    return Drill(_counted(place, is_learning=is_learning), ladder[place])


def _place(drilled: int | None, ladder: Sequence[int]) -> int:
    """Return where on its ladder a card stands, which may have been longer before."""
    step = drilled or 0
    return min(step if step >= 0 else -1 - step, len(ladder) - 1)


def _moved(place: int, grade: Grade) -> int:
    return {
        Grade.AGAIN: 0,
        Grade.HARD: place,
        Grade.GOOD: place + 1,
        Grade.EASY: LEFT,
    }[grade]


def _counted(place: int, *, is_learning: bool) -> int:
    return place if is_learning else -1 - place


def wait_words(minutes: int) -> str:
    """Return a wait as a button says it: `10 min`, `2 h`, `2.5 h`."""
    if minutes < LONGEST_IN_MINUTES:
        return f"{minutes} min"
    return f"{round(minutes / MINUTES_PER_HOUR, 1):g} h"


WITHOUT: Final[Mapping[bool, str]] = {
    True: "Without steps, a new card you do not know comes again at the end, until you do.",
    False: "Without steps, a card you forgot comes again at the end, until you know it.",
}
WHO: Final[Mapping[bool, str]] = {True: "A new card", False: "A card you forgot"}


def meaning(steps: Sequence[int], *, is_learning: bool) -> str:
    """Return in words what steps do to a card."""
    if not steps:
        return WITHOUT[is_learning]
    first, *later = map(wait_words, steps)
    who = WHO[is_learning]
    if not later:
        return f"{who} comes again after {first}; once you know it, it rests for days."
    onward = ", then ".join(later)
    return (
        f"{who} you do not know comes again after {first}; each Good brings it back after "
        f"{onward}, and one more lets it rest for days. Easy does so at once."
        if is_learning
        else f"{who} comes again after {first}; each Good brings it back after {onward}, and "
        "one more lets it rest for days. Easy does so at once."
    )
