"""Points: the ledger, the days that are over, and the week's leaderboard."""

from studymaster.features.points.service.days import (
    MOST_DAYS_AT_ONCE,
    accounts_behind,
    calendar,
    close_days,
    find_standing,
    get_present,
    get_presents,
    standing,
    standing_of,
)
from studymaster.features.points.service.leaderboard import (
    announce_leaderboard,
    find_leaderboard,
    refresh_leaderboard,
)
from studymaster.features.points.service.ledger import (
    Line,
    award,
    balance,
    book,
    list_entries,
    take_back,
)

__all__ = [
    "MOST_DAYS_AT_ONCE",
    "Line",
    "accounts_behind",
    "announce_leaderboard",
    "award",
    "balance",
    "book",
    "calendar",
    "close_days",
    "find_leaderboard",
    "find_standing",
    "get_present",
    "get_presents",
    "list_entries",
    "refresh_leaderboard",
    "standing",
    "standing_of",
    "take_back",
]
