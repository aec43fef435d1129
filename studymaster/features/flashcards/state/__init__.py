"""What one browser tab holds of decks, of a lecture with its proposals, and of a review."""

from studymaster.features.flashcards.state.decks import DecksState
from studymaster.features.flashcards.state.lecture import LectureState
from studymaster.features.flashcards.state.review import ReviewState

__all__ = ["DecksState", "LectureState", "ReviewState"]
