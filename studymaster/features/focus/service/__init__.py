"""A student's focus sessions: timing them, ending them, and what they add up to."""

from studymaster.features.focus.service.listing import get_timer
from studymaster.features.focus.service.settling import overdue_students, settle
from studymaster.features.focus.service.statistics import week

__all__ = ["get_timer", "overdue_students", "settle", "week"]
