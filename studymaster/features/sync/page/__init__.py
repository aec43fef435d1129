"""The Live Sync page and its parts."""

from studymaster.features.sync.page.live_sync import LINE, ROUTE, TITLE, page

__all__ = ["LINE", "ROUTE", "TITLE", "page"]
