"""What keeps a student honest: challenges, achievements, pledges, and how they stand."""

from studymaster.features.accountability.service.board import (
    find_board,
    show_on_leaderboard,
)
from studymaster.features.accountability.service.entries import list_entries
from studymaster.features.accountability.service.overview import find_overview
from studymaster.features.accountability.service.pledges import (
    list_pledges,
    make_pledge,
    pledge_bounds,
    withdraw_pledge,
)
from studymaster.features.accountability.service.settling import (
    find_earners,
    settle,
    take_stock,
)
from studymaster.features.accountability.service.stock import join_challenge

__all__ = [
    "find_board",
    "find_earners",
    "find_overview",
    "join_challenge",
    "list_entries",
    "list_pledges",
    "make_pledge",
    "pledge_bounds",
    "settle",
    "show_on_leaderboard",
    "take_stock",
    "withdraw_pledge",
]
