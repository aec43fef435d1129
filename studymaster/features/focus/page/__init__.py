"""The Focus screen: the clock with its sounds, what days add up to, and the sessions before."""

from studymaster.features.focus.page.room import LINE, ROUTE, TITLE, page

__all__ = ["LINE", "ROUTE", "TITLE", "page"]
