"""The Smart Study screens: decks, a lecture, a review."""

from studymaster.features.flashcards.page import decks, lecture, review

__all__ = ["decks", "lecture", "review"]
