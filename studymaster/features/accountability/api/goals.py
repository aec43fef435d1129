"""Goals over HTTP: the days that counted, the week's challenges, what is reached for good."""

from fastapi import APIRouter

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accountability.api.lists import Asked, part_of
from studymaster.features.accountability.schemas import (
    AchievementView,
    CalendarDay,
    ChallengeView,
    Overview,
)
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.schemas import Student
from studymaster.paging import Stretch

router = APIRouter()


@router.get("/calendar")
async def calendar(student: CurrentStudent, window: Asked) -> Stretch[CalendarDay]:
    """List the days of the last six weeks, the oldest first."""
    days = (await _overview(student)).calendar
    return part_of(days, window=window)


@router.get("/challenges")
async def challenges(student: CurrentStudent, window: Asked) -> Stretch[ChallengeView]:
    """List this week's challenges with how far the student is."""
    found = (await _overview(student)).challenges
    return part_of(found, window=window)


@router.post("/challenges/{code}/join")
async def join(student: CurrentStudent, code: str) -> ChallengeView:
    """Take on one of this week's challenges; what was done since Monday counts."""
    async with unit_of_work() as work:
        await service.join_challenge(work, student=student, code=code, now=clock.now())
    found = (await _overview(student)).challenges
    return next(one for one in found if one.code == code)


@router.get("/achievements")
async def achievements(student: CurrentStudent, window: Asked) -> Stretch[AchievementView]:
    """List all achievements; one that is not reached says how far it is."""
    found = (await _overview(student)).achievements
    return part_of(found, window=window)


async def _overview(student: Student) -> Overview:
    return await service.find_overview(student=student, now=clock.now())
