"""Which of the days that suit a card is the best: a quiet one, far from its siblings. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from studymaster.errors import InvalidInputError

DAYS_OF_WEEK: Final = 7
USUAL: Final = 100
EASY_DAYS: Final = {"usual": 100, "fewer": 50, "none": 0}
"""How much of a usual day's reviews (percent) a day of the week takes, by its name."""

AHEAD: Final = 730
"""So many days are counted; what comes later is weighed as the last of them."""

WEIGHT: Final = 10**12
AMONG_SIBLINGS: Final = 1_000
"""A day on which, or next to which, another card of the note is due weighs so much less."""

ODD_EASY_DAYS: Final = "Choose usual, fewer or none for each of the seven days."


@dataclass(frozen=True, slots=True)
class Balance:
    """What a student's coming days look like on the morning of `today`.

    Attributes:
        today: The student's day on which was counted; None: nothing was.
        loads: How many cards are due so many days later, today first.
        easy_days: Percent of a usual day that each day of the week takes, Monday first.
        siblings: On which days other cards of the same note are due.
    """

    today: date | None = None
    loads: tuple[int, ...] = ()
    easy_days: tuple[int, ...] = (USUAL,) * DAYS_OF_WEEK
    siblings: frozenset[date] = frozenset()

    def weigher(self, answered_on: date) -> Callable[[int], int]:
        """Return what says how well a card may come back so many days after its answer.

        The weight of a day falls with the square of what is due on it.
        """
        if self.today != answered_on:
            return lambda _: 1

        def weigh(days: int) -> int:
            day = answered_on + timedelta(days=days)
            load = self.loads[min(days, len(self.loads) - 1)] if self.loads else 0
            weight = WEIGHT * self.easy_days[day.weekday()] // (USUAL * (1 + load) ** 2)
            if self._has_sibling_near(day):
                weight //= AMONG_SIBLINGS
            return max(weight, 1)

        return weigh

    def _has_sibling_near(self, day: date) -> bool:
        return bool(self.siblings) and any(
            day + timedelta(days=away) in self.siblings for away in (-1, 0, 1)
        )


EVEN: Final = Balance()
"""Every day suits as well as any other."""


def parse_easy_days(chosen: object) -> list[int]:
    """Return percent for each day of the week, Monday first, from seven names.

    Raises:
        InvalidInputError: these are not seven, or there is another name among them.
    """
    if not isinstance(chosen, list):
        raise InvalidInputError(ODD_EASY_DAYS)
    shares = [
        EASY_DAYS.get(one) if isinstance(one, str) else None
        for one in chosen  # pyright: ignore[reportUnknownVariableType]  (checked just here)
    ]
    known = [share for share in shares if share is not None]
    if not len(shares) == len(known) == DAYS_OF_WEEK:
        raise InvalidInputError(ODD_EASY_DAYS)
    return known


def name_of(share: int) -> str:
    """Return by which name a share of a usual day is chosen, the nearest one."""
    return min(EASY_DAYS, key=lambda name: abs(EASY_DAYS[name] - share))
