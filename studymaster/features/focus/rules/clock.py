"""The clock of a focus session: from what its row says and the present moment to where it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

FOCUS_PER_POINT: Final = timedelta(minutes=5)
SHORTEST: Final = timedelta(minutes=1)
"""Less focus is no session: it counts nowhere."""

FORGOTTEN_AFTER: Final = timedelta(hours=12)
"""A pause that lasts so long is no pause any more."""

OLDEST: Final = timedelta(hours=47)
"""From its start a session lasts no longer, pauses included: as long as the longest plan.

The student's days wait for it to be closed.
"""

NOTHING: Final = timedelta()


class Phase(StrEnum):
    """What the student does now."""

    FOCUS = "focus"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long the rounds and the breaks between them are; there is none after the last."""

    focus: timedelta
    rest: timedelta
    rounds: int

    @property
    def total(self) -> timedelta:
        """Return the whole length, breaks included."""
        return self.focus * self.rounds + self.rest * (self.rounds - 1)


@dataclass(frozen=True, slots=True)
class Clock:
    """The facts of a session: `spent` until `resumed_at`, from when it runs (None: paused)."""

    plan: Plan
    spent: timedelta
    resumed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session stands: `round` counts from 1, `left` is what the phase still holds."""

    phase: Phase
    round: int
    left: timedelta
    is_over: bool


def spent_at(clock: Clock, now: datetime) -> timedelta:
    """Return the time spent in focus and breaks together, never more than was planned."""
    running = NOTHING if clock.resumed_at is None else now - clock.resumed_at
    return min(clock.spent + max(running, NOTHING), clock.plan.total)


def ends_at(clock: Clock) -> datetime | None:
    """Return when it ends if nobody pauses it; None while it is paused."""
    if clock.resumed_at is None:
        return None
    return clock.resumed_at + clock.plan.total - clock.spent


def place(plan: Plan, spent: timedelta) -> Place:
    """Return phase, round and the time left in the phase after `spent`."""
    if spent >= plan.total:
        return Place(Phase.FOCUS, plan.rounds, NOTHING, is_over=True)
    done, within = divmod(spent, plan.focus + plan.rest)
    if within < plan.focus:
        return Place(Phase.FOCUS, done + 1, plan.focus - within, is_over=False)
    return Place(Phase.BREAK, done + 1, plan.focus + plan.rest - within, is_over=False)


def focused(plan: Plan, spent: timedelta) -> timedelta:
    """Return how much of `spent` was focus: breaks count for nothing."""
    done, within = divmod(min(spent, plan.total), plan.focus + plan.rest)
    return min(plan.focus * done + min(within, plan.focus), plan.focus * plan.rounds)


def after_break(plan: Plan, spent: timedelta) -> timedelta:
    """Return what is spent once the present break is skipped; focus cannot be skipped."""
    at = place(plan, spent)
    return spent + at.left if at.phase is Phase.BREAK else spent


def progress(plan: Plan, spent: timedelta) -> float:
    """Return how much of the whole is behind, 0 to 1."""
    return min(spent, plan.total) / plan.total


def counted(focus: timedelta) -> timedelta:
    """Return how much of the focus of an ended session counts: under a minute is nothing."""
    return focus if focus >= SHORTEST else NOTHING


def points_for(focus: timedelta) -> int:
    """Return a point for every full five minutes of focus."""
    return focus // FOCUS_PER_POINT
