"""Every SELECT and every write of the ledger, of closed days and of the leaderboard."""
