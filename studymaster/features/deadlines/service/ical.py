"""Writes due dates in the form that calendar programs read (RFC 5545)."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from icalendar import Calendar, Event

from studymaster.features.deadlines.schemas import Feed, FeedEntry
from studymaster.typed import clean

NAME: Final = "StudyMaster: what is due"
PRODUCT: Final = "-//StudyMaster//Deadlines//EN"
ASK_AGAIN_AFTER: Final = timedelta(hours=1)
FORM: Final = 1
"""Counts the forms that a feed has had: another one makes known answers old."""


def mark_of(feed: Feed) -> str:
    """Return a short name of what a feed says, which changes with it."""
    return sha256(f"{FORM} {feed!r}".encode()).hexdigest()[:32]


def written(feed: Feed, *, now: datetime) -> bytes:
    """Return a feed as UTF-8; lines are folded and texts escaped as the standard wants."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    # What some programs ask for under its older name.
    calendar.add("x-published-ttl", "PT1H")
    for entry in feed.entries:
        calendar.add_component(_event(entry, now=now))
    return calendar.to_ical()


def _event(entry: FeedEntry, *, now: datetime) -> Event:
    """Return one due date. Without an end it is a moment: it ends as it begins."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.due_at)
    event.add("summary", clean(entry.title))
    event.add("description", clean(f"{entry.course}\n{entry.description}"))
    event.add("categories", [clean(entry.course)])
    event.add("url", entry.address)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
