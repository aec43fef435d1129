"""Notes and voice memos over HTTP."""

from fastapi import APIRouter

from studymaster.features.braindump.api import memos, notes

router = APIRouter()
router.include_router(notes.router)
router.include_router(memos.router)

__all__ = ["router"]
