"""Keeping what Moodle shows of a student's grades, and showing what it adds up to."""

from studymaster.features.grades.service.keeping import keep_gradebooks
from studymaster.features.grades.service.reading import (
    find_gradebook,
    get_gradebook,
    gradebook_of_moodle_id,
    has_courses,
    list_standings,
    newest_run_end,
    stretch_of_standings,
)
from studymaster.features.grades.service.wishing import what_if

__all__ = [
    "find_gradebook",
    "get_gradebook",
    "gradebook_of_moodle_id",
    "has_courses",
    "keep_gradebooks",
    "list_standings",
    "newest_run_end",
    "stretch_of_standings",
    "what_if",
]
