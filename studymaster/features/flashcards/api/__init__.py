"""Flashcards over HTTP: cards, what is done with them, and the pictures and sounds on them."""

from fastapi import APIRouter

from studymaster.features.flashcards.api import cards, deeds, media

router = APIRouter()
router.include_router(deeds.router)  # before the cards: `undo` is no card
router.include_router(cards.router)
router.include_router(media.router)

__all__ = ["router"]
