"""Flashcards over HTTP: cards, what is done with them, proposals, media, and decks."""

from fastapi import APIRouter

from studymaster.features.flashcards.api import (
    bulk,
    cards,
    decks,
    deeds,
    media,
    proposals,
    searches,
)

router = APIRouter()
# Before the cards: `undo` and `duplicates` are none.
router.include_router(bulk.router)
router.include_router(deeds.router)
router.include_router(cards.router)
router.include_router(proposals.router)
router.include_router(media.router)
router.include_router(decks.router)
router.include_router(searches.router)

__all__ = ["router"]
