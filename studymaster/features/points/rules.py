"""What a day costs and earns: decay, streaks with freezes, weeks and ranks. Pure.

The decisions are told in docs/decisions/0009-decay.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from studymaster.features.points.schemas import Earned, LeaderboardRow

DECAY_PERCENT = 2
DECAY_CAUSE = "decay:"
"""How the cause of a line begins that an idle day left; a week counts all others."""

ACTIVE_FOCUS_SECONDS = 10 * 60
STREAK_PER_FREEZE = 7
MOST_FREEZES = 2
FULL_DAY = timedelta(hours=22)
"""A shorter day was cut off by a move; daylight saving takes at most two hours."""

SHORT_DAYS_APART = 7
DAYS_PER_WEEK = 7
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One of a student's days: `start` belongs to it, `end` to the next (UTC)."""

    day: date
    start: datetime
    end: datetime

    @property
    def short(self) -> bool:
        """Whether a move to another zone or day start cut it off."""
        return self.end - self.start < FULL_DAY


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened in a span: answers, focused seconds, points booked (net)."""

    reviews: int = 0
    focus_seconds: int = 0
    points: int = 0

    @property
    def active(self) -> bool:
        """Whether the student studied."""
        return self.reviews > 0 or self.focus_seconds >= ACTIVE_FOCUS_SECONDS


@dataclass(frozen=True, slots=True)
class Footing:
    """How a student stands between two days.

    `spared_on` is the last short day that was idle and cost nothing.
    """

    balance: int = 0
    streak: int = 0
    freezes: int = 0
    spared_on: date | None = None


class Fate(StrEnum):
    """What became of a day."""

    ACTIVE = "active"
    FROZEN = "frozen"
    SPARED = "spared"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Ending:
    """What the end of a day does: `decay` is lost between the footings `before` and `after`.

    Points of the day itself are in both.
    """

    span: Span
    fate: Fate
    before: Footing
    after: Footing

    @property
    def decay(self) -> int:
        """The points that are lost."""
        return self.before.balance - self.after.balance


def end_of_day(day: date, *, time_zone: str, day_start_hour: int) -> datetime:
    """Return the moment (UTC) at which a day is over: the day start of the next date."""
    wall = datetime.combine(day + ONE_DAY, time(day_start_hour), ZoneInfo(time_zone))
    return wall.astimezone(UTC)


def spans(
    first: date, last: date, *, after: datetime | None, time_zone: str, day_start_hour: int
) -> list[Span]:
    """Return the days from `first` to `last`, without a gap and without an overlap.

    `after` is when the day before `first` was over, as it was closed then; None when
    nothing was closed before. Each moment lies in exactly one day, however a student
    changes zones in between.
    """

    def end(day: date) -> datetime:
        return end_of_day(day, time_zone=time_zone, day_start_hour=day_start_hour)

    start, found = after or end(first - ONE_DAY), list[Span]()
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        found.append(Span(day, start, max(start, end(day))))
        start = found[-1].end
    return found


def decay(balance: int) -> int:
    """Return what an idle day takes: 2 %, halves rounded up, at least 1, never below 0."""
    if balance <= 0:
        return 0
    return max(1, (balance * DECAY_PERCENT + 50) // 100)


def end_days(footing: Footing, days: Iterable[tuple[Span, Facts]]) -> list[Ending]:
    """Return how days end, one after the other."""
    endings = list[Ending]()
    for span, facts in days:
        endings.append(end_one(footing, span, facts))
        footing = endings[-1].after
    return endings


def end_one(footing: Footing, span: Span, facts: Facts) -> Ending:
    """Return how one day ends.

    An active day adds to the streak, and every seventh brings a freeze. An idle one is
    covered by a freeze while there is a streak to save; a short one is spared, once a week;
    any other ends the streak and costs a part of the balance.
    """
    now = replace(footing, balance=footing.balance + facts.points)
    if facts.active:
        return Ending(span, Fate.ACTIVE, now, _grown(now))
    if _is_spared(now, span):
        return Ending(span, Fate.SPARED, now, replace(now, spared_on=span.day))
    if is_covered(now):
        return Ending(span, Fate.FROZEN, now, replace(now, freezes=now.freezes - 1))
    after = replace(now, streak=0, balance=now.balance - decay(now.balance))
    return Ending(span, Fate.IDLE, now, after)


def is_covered(footing: Footing) -> bool:
    """Tell whether a freeze would save the streak on an idle day."""
    return footing.freezes > 0 and footing.streak > 0


def _grown(footing: Footing) -> Footing:
    streak = footing.streak + 1
    gift = 1 if streak % STREAK_PER_FREEZE == 0 else 0
    freezes = min(MOST_FREEZES, footing.freezes + gift)
    return replace(footing, streak=streak, freezes=freezes)


def _is_spared(footing: Footing, span: Span) -> bool:
    last = footing.spared_on
    rested = last is None or (span.day - last).days >= SHORT_DAYS_APART
    return span.short and rested


def decay_sentence(day: date, *, balance: int, cost: int) -> str:
    """Return why points faded: `balance` is what there was before."""
    return (
        f"{day:%a %-d %b} went by without a review or 10 focused minutes: "
        f"{cost:,} of {counted(balance, 'point')} faded ({DECAY_PERCENT} %)."
    )


def day_words(day: date, fate: Fate, *, cost: int) -> str:
    """Return what became of a day: `Tue 15 Jan: idle, 26 points faded`."""
    faded = f"idle, {counted(cost, 'point')} faded" if cost else "idle"
    words = {
        Fate.ACTIVE: "active",
        Fate.FROZEN: "covered by a freeze",
        Fate.SPARED: "cut short by your move, costs nothing",
        Fate.IDLE: faded,
    }
    return f"{day:%a %-d %b}: {words[fate]}"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: `1 point`, `1,204 points`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def monday_of(day: date) -> date:
    """Return the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def ranked(earned: Sequence[Earned], *, you: UUID) -> list[LeaderboardRow]:
    """Return the places of a week; equal points share a rank and stand by name."""
    order = sorted(earned, key=lambda one: (-one.points, one.name.casefold(), one.name))
    rows, rank = list[LeaderboardRow](), 0
    for place, one in enumerate(order, start=1):
        if not rows or rows[-1].points != one.points:
            rank = place
        rows.append(LeaderboardRow(rank, one.name, one.points, one.account_id == you))
    return rows
