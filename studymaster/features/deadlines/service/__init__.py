"""What Moodle wants of a student and by when, what teachers announced, and a calendar of it."""

from studymaster.features.deadlines.service.keeping import (
    keep_announcements,
    keep_deadlines,
)

__all__ = ["keep_announcements", "keep_deadlines"]
