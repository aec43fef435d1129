"""The practice screens: what to make a quiz from, and a quiz."""

from studymaster.features.quizzes.page import play, start

__all__ = ["play", "start"]
