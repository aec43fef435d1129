"""What leaves the points service: streaks, ledger lines and the week's leaderboard."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StreakView:
    """Active days in a row up to now; today counts once it is active.

    `freezes` are the idle days that can still be covered.
    """

    days: int
    freezes: int
    active_today: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What a student has now, and what an idle day would do to it.

    `loss` is what the ledger loses if nothing happens until today ends: 0 when today is
    active, or covered by a freeze (`covered`).
    """

    balance: int
    streak: StreakView
    loss: int
    covered: bool


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day of the streak calendar.

    `state` is active, frozen, spared or idle; open for today while nothing happened; ahead
    for days to come; none for those before the student was here. `words` say it.
    """

    day: date
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Points won (`amount` > 0) or lost once, and why."""

    id: str
    amount: int
    sentence: str
    day: date


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """One place of the week; who has the same points shares a `rank` (the first is 1)."""

    rank: int
    name: str
    points: int
    is_you: bool = False


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The week that began on `monday`: only who wants to be seen.

    `you` is None for a student who is not on it; it may lie below the last of `rows`.
    """

    monday: date
    rows: tuple[LeaderboardRow, ...]
    you: LeaderboardRow | None


@dataclass(frozen=True, slots=True)
class Earned:
    """What one student on the leaderboard earned in a week. It stays on the server."""

    account_id: UUID
    name: str
    points: int
