"""Points over HTTP: how the student stands, the ledger, the week's leaderboard."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accountability.api.lists import Asked, part_of
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.points import service as points
from studymaster.features.points.schemas import LeaderboardRow, LedgerLine, Standing
from studymaster.paging import LONGEST_STRETCH, Stretch

router = APIRouter()


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


class TakingPart(BaseModel):
    """Whether the student's name stands on the leaderboard."""

    taking_part: bool


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
async def ledger(student: CurrentStudent, window: Asked) -> Stretch[LedgerLine]:
    """List the student's ledger, the newest day first."""
    async with unit_of_work() as work:
        return await points.list_entries(work, account_id=student.account_id, window=window)


@router.get("/leaderboard")
async def leaderboard(student: CurrentStudent, window: Asked) -> LeaderboardView:
    """List the week's first hundred places: only who wants to be seen."""
    found = await points.find_leaderboard(
        student=student, now=clock.now(), limit=LONGEST_STRETCH
    )
    return LeaderboardView(
        week=found.monday, rankings=part_of(found.rows, window=window), you=found.you
    )


@router.patch("/leaderboard")
async def take_part(student: CurrentStudent, body: TakingPart) -> TakingPart:
    """Enter the leaderboard, or leave it at once."""
    async with unit_of_work() as work:
        await service.show_on_leaderboard(work, student=student, on=body.taking_part)
    return body
