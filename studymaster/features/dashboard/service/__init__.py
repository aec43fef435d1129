"""The first page of a student's day, and what stands in the frame of every page."""

from studymaster.features.dashboard.service.day import dashboard, shell

__all__ = ["dashboard", "shell"]
