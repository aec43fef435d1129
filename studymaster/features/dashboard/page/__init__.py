"""The first page: today's route, the courses, and how it has gone so far."""

from studymaster.features.dashboard.page.day import LINE, ROUTE, TITLE, page
from studymaster.features.dashboard.page.frame import shell

__all__ = ["LINE", "ROUTE", "TITLE", "page", "shell"]
