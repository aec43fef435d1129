"""What one browser tab holds of due dates, announcements and the calendar feed."""

from studymaster.features.deadlines.state.announcements import AnnouncementsState
from studymaster.features.deadlines.state.calendar import CalendarState
from studymaster.features.deadlines.state.deadlines import DeadlinesState

__all__ = ["AnnouncementsState", "CalendarState", "DeadlinesState"]
