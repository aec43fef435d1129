"""Grades as a part of the Live Sync page."""

from studymaster.features.grades.page.grades import grades_part

__all__ = ["grades_part"]
