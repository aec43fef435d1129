"""What one browser tab holds of decks, cards, a lecture with its proposals, and a review."""

from studymaster.features.flashcards.state.browse import BrowseState
from studymaster.features.flashcards.state.cram import CramState
from studymaster.features.flashcards.state.decks import DecksState
from studymaster.features.flashcards.state.deeds import DeedState
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.features.flashcards.state.lecture import LectureState
from studymaster.features.flashcards.state.review import ReviewState
from studymaster.features.flashcards.state.schedule import ScheduleState
from studymaster.features.flashcards.state.shelf import ShelfState
from studymaster.features.flashcards.state.statistics import StatisticsState

__all__ = [
    "BrowseState",
    "CardEditorState",
    "CramState",
    "DecksState",
    "DeedState",
    "LectureState",
    "ReviewState",
    "ScheduleState",
    "ShelfState",
    "StatisticsState",
]
