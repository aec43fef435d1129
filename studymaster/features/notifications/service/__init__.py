"""Telling a student something, and their inbox."""

from studymaster.features.notifications.service.telling import (
    NO_NOTIFICATION,
    bell,
    inbox,
    mark_all_read,
    mark_read,
    notify,
    settle,
)

__all__ = [
    "NO_NOTIFICATION",
    "bell",
    "inbox",
    "mark_all_read",
    "mark_read",
    "notify",
    "settle",
]
