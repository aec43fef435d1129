"""The Accountability page: points, streak, leaderboard, challenges, pledges, ledger."""

from studymaster.features.accountability.page.accountability import (
    LINE,
    ROUTE,
    TITLE,
    page,
)

__all__ = ["LINE", "ROUTE", "TITLE", "page"]
