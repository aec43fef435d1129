"""What is due, what was announced, and the calendar feed, as parts of the Live Sync page."""

from studymaster.features.deadlines.page.announcements import announcements_part
from studymaster.features.deadlines.page.calendar import calendar_part
from studymaster.features.deadlines.page.deadlines import deadlines_part

__all__ = ["announcements_part", "calendar_part", "deadlines_part"]
