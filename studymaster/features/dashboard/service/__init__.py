"""The first page of a student's day, and what stands in the frame of every page."""

from studymaster.features.dashboard.service.day import (
    find_dashboard,
    find_is_host,
    find_shell,
)
from studymaster.features.dashboard.service.places import find_places

__all__ = ["find_dashboard", "find_is_host", "find_places", "find_shell"]
