"""What one browser tab holds of practice quizzes."""

from studymaster.features.quizzes.state.play import QuizState
from studymaster.features.quizzes.state.start import QuizStartState

__all__ = ["QuizStartState", "QuizState"]
