"""Points over HTTP: how the student stands, the ledger, the week's leaderboard."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.points import service as points
from studymaster.features.points.schemas import LeaderboardRow, LedgerLine, Standing
from studymaster.paging import LONGEST_STRETCH, Stretch, Window, stretch

router = APIRouter(prefix="/accountability", tags=["accountability"])


class PointsView(BaseModel):
    """Balance, streak, and what an idle rest of today would take."""

    points: int
    streak_days: int
    freezes: int
    active_today: bool
    loss_if_idle: int
    covered_by_freeze: bool


class LeaderboardView(BaseModel):
    """The week that began on `week`; `you` is null for who is not on it."""

    week: date
    rankings: Stretch[LeaderboardRow]
    you: LeaderboardRow | None


@router.get("/points")
async def standing(student: CurrentStudent) -> PointsView:
    """Show the student's points and streak."""
    async with unit_of_work() as work:
        found = await points.standing(work, student=student, now=clock.now())
    return _points_view(found)


def _points_view(found: Standing) -> PointsView:
    return PointsView(
        points=found.balance,
        streak_days=found.streak.days,
        freezes=found.streak.freezes,
        active_today=found.streak.active_today,
        loss_if_idle=found.loss,
        covered_by_freeze=found.covered,
    )


@router.get("/ledger")
async def ledger(
    student: CurrentStudent,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[LedgerLine]:
    """List the student's ledger, the newest day first."""
    async with unit_of_work() as work:
        return await points.list_entries(
            work, account_id=student.account_id, window=Window(offset, limit)
        )


@router.get("/leaderboard")
async def leaderboard(
    student: CurrentStudent,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> LeaderboardView:
    """List the week's first hundred places: only who wants to be seen."""
    window = Window(offset, limit)
    found = await points.find_leaderboard(
        student=student, now=clock.now(), limit=LONGEST_STRETCH
    )
    rows = found.rows[window.offset : window.offset + window.probe]
    return LeaderboardView(
        week=found.monday, rankings=stretch(rows, window=window), you=found.you
    )
