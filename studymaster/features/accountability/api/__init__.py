"""What keeps a student honest, over HTTP: points, leaderboard, goals and pledges."""

from fastapi import APIRouter

from studymaster.features.accountability.api import goals, pledges, standing

router = APIRouter(prefix="/accountability", tags=["accountability"])
router.include_router(standing.router)
router.include_router(goals.router)
router.include_router(pledges.router)

__all__ = ["router"]
