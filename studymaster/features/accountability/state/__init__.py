"""What one browser tab holds of points, leaderboard, pledges and ledger."""

from studymaster.features.accountability.state.board import BoardState
from studymaster.features.accountability.state.entries import LedgerState
from studymaster.features.accountability.state.overview import OverviewState
from studymaster.features.accountability.state.pledges import PledgesState

__all__ = ["BoardState", "LedgerState", "OverviewState", "PledgesState"]
