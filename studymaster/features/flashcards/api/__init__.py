"""Flashcards over HTTP: cards, and the pictures and sounds on them."""

from fastapi import APIRouter

from studymaster.features.flashcards.api import cards, media

router = APIRouter()
router.include_router(cards.router)
router.include_router(media.router)

__all__ = ["router"]
