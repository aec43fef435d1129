"""Materials over HTTP: what lies in a course, its pages and its files."""

from fastapi import APIRouter

from studymaster.features.library.api import files, shelf
from studymaster.features.library.api.files import PRIVATE

router = APIRouter()
router.include_router(shelf.router)
router.include_router(files.router)

__all__ = ["PRIVATE", "router"]
