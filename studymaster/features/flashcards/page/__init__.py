"""The Smart Study screens: decks, all cards, a lecture, a review, statistics."""

from studymaster.features.flashcards.page import (
    browse,
    decks,
    lecture,
    review,
    statistics,
)

__all__ = ["browse", "decks", "lecture", "review", "statistics"]
