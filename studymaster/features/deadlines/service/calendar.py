"""A student's calendar feed: switched on, under another key, off, and read by whoever has it."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Final
from uuid import UUID, uuid5

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.deadlines import rules
from studymaster.features.deadlines.queries import dates, feeds
from studymaster.features.deadlines.queries.dates import DueRow
from studymaster.features.deadlines.schemas import Feed, FeedEntry
from studymaster.features.deadlines.service.listing import address_of, due_of
from studymaster.models import CalendarFeed
from studymaster.typed import UNKEEPABLE

NO_CALENDAR: Final = (
    "There is no calendar at this address. It may have been renewed or switched off; the "
    "address in use stands on the Live Sync page."
)
IS_OFF: Final = "The calendar feed is switched off. Switch it on first."
KEY_BYTES: Final = 32
"""256 bits, 43 letters."""


async def find_key(work: UnitOfWork, *, account_id: UUID) -> str:
    """Return the key of the student's feed, empty while it is switched off."""
    found = await feeds.find(work.session, account_id)
    return "" if found is None else found.key


async def switch_on(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Make a feed under a key that nobody can guess; one that is there stays."""
    row = CalendarFeed(account_id=account_id, key=token_urlsafe(KEY_BYTES), created_at=now)
    await feeds.add(work.session, account_id, rows=[row])
    work.announce(news_for(account_id, Topic.SYNC))


async def renew(work: UnitOfWork, *, account_id: UUID) -> None:
    """Put the feed under another key; the old one opens nothing from now on.

    Raises:
        NotFoundError: the feed is switched off.
    """
    key = token_urlsafe(KEY_BYTES)
    if not await feeds.change_key(work.session, account_id, key=key):
        raise NotFoundError(IS_OFF)
    work.announce(news_for(account_id, Topic.SYNC))


async def switch_off(work: UnitOfWork, *, account_id: UUID) -> None:
    """Remove the feed; its key opens nothing from now on."""
    await feeds.remove(work.session, account_id)
    work.announce(news_for(account_id, Topic.SYNC))


async def read_feed(work: UnitOfWork, *, key: str, now: datetime) -> Feed:
    """Return what lies under a key: the due dates of the past 60 days and all ahead.

    Raises:
        NotFoundError: there is nothing; why, nobody learns.
    """
    # What no key can hold is looked for all the same: it takes as long as any other.
    reader = await feeds.reader_by_key(work.session, key=UNKEEPABLE.sub("", key))
    if reader is None:
        raise NotFoundError(NO_CALENDAR)
    rows = await dates.all_since(
        work.session, reader.account_id, since=now - rules.LOOK_BACK
    )
    return Feed(tuple(_entry(row, time_zone=reader.time_zone) for row in rows))


def _entry(row: DueRow, *, time_zone: str) -> FeedEntry:
    deadline, course = row.deadline, row.course
    words = rules.lasting_words(due_of(row), time_zone=time_zone)
    # A run that finds a course different says so there; nothing tells it more exactly.
    changes = (deadline.created_at, deadline.submitted_at, course.last_synced_at)
    return FeedEntry(
        # By what Moodle calls it: it stays the same when it goes and comes again.
        uid=f"{uuid5(course.id, f'{deadline.kind.value}:{deadline.cmid}')}@studymaster",
        title=deadline.title,
        course=course.fullname,
        description="\n".join(words),
        due_at=deadline.due_at,
        changed_at=max(moment for moment in changes if moment is not None),
        address=address_of(row),
    )
