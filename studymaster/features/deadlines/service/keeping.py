"""Keeping what a sync brings: due dates and announcements, written only where they differ."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.features.deadlines.queries import announcements, dates
from studymaster.features.deadlines.queries.announcements import KnownAnnouncement
from studymaster.features.deadlines.queries.dates import KnownDeadline
from studymaster.features.deadlines.schemas import (
    AnnouncementNews,
    DeadlineNews,
    ListedAnnouncement,
    ListedDeadline,
    What,
)
from studymaster.models import DeadlineKind
from studymaster.typed import clean, one_line

TITLE_LENGTH: Final = 400
AUTHOR_LENGTH: Final = 300

Key = tuple[UUID, DeadlineKind, int]
Thread = tuple[UUID, int]
"""A course and the number of a discussion in its news forums."""


async def keep_deadlines(
    work: UnitOfWork,
    *,
    account_id: UUID,
    course_ids: Collection[UUID],
    kinds: Collection[DeadlineKind],
    listed: Sequence[ListedDeadline],
    now: datetime,
) -> list[DeadlineNews]:
    """Make the due dates of these courses and of these kinds exactly those listed.

    Nothing is written where nothing differs. A submission of None leaves what is known.

    Returns:
        What is news to a student: due dates ahead that came, moved or went. An event that
        went is none, since Moodle drops it also when it is done.
    """
    rows = await dates.known(work.session, account_id, course_ids=course_ids, kinds=kinds)
    known = {_key(row.told): row for row in rows}
    wanted = {_key(item): _keepable(item) for item in listed}
    gone = [row for key, row in known.items() if key not in wanted]
    changes = await _write(work, account_id, _differing(known, wanted), now=now)
    if gone:
        gone_ids = [row.id for row in gone]
        await dates.remove(work.session, account_id, ids=gone_ids)
    if changes or gone:
        work.announce(news_for(account_id, Topic.SYNC))
    due = {row.id: row.told.due_at for row in rows}
    moved = [one for one in changes if due.get(one.id, one.told.due_at) != one.told.due_at]
    went = [row for row in gone if row.told.kind is not DeadlineKind.EVENT]
    return [
        *_news([one for one in changes if one.id not in due], "new", now=now),
        *_news(moved, "moved", now=now),
        *_news(went, "gone", now=now),
    ]


def _key(item: ListedDeadline) -> Key:
    return item.course_id, item.kind, item.cmid


def _keepable(item: ListedDeadline) -> ListedDeadline:
    title = _line(item.title, most=TITLE_LENGTH)
    return item if title == item.title else replace(item, title=title)


def _differing(
    known: Mapping[Key, KnownDeadline], wanted: Mapping[Key, ListedDeadline]
) -> list[KnownDeadline]:
    differing: list[KnownDeadline] = []
    for key, item in wanted.items():
        row = known.get(key)
        if row is None:
            differing.append(KnownDeadline(uuid4(), item))
        elif item != row.told != _filled(item, row.told):
            differing.append(KnownDeadline(row.id, item))
    return differing


def _filled(item: ListedDeadline, known: ListedDeadline) -> ListedDeadline:
    """Return what is listed, with what is known of a submission that was not asked for."""
    if item.submission is not None:
        return item
    return replace(item, submission=known.submission, submitted_at=known.submitted_at)


async def _write(
    work: UnitOfWork, account_id: UUID, differing: Sequence[KnownDeadline], *, now: datetime
) -> list[KnownDeadline]:
    """Write what differs; return what nobody else has written meanwhile."""
    if not differing:
        return []
    ids = await dates.keep(work.session, account_id, deadlines=differing, now=now)
    return [one for one in differing if one.id in ids]


def _news(
    rows: Iterable[KnownDeadline], what: What, *, now: datetime
) -> list[DeadlineNews]:
    return [
        DeadlineNews(told.course_id, told.title, what, told.due_at)
        for _, told in rows
        if told.due_at >= now
    ]


async def keep_announcements(
    work: UnitOfWork,
    *,
    account_id: UUID,
    listed: Mapping[UUID, Sequence[ListedAnnouncement]],
    now: datetime,
) -> list[AnnouncementNews]:
    """Take in what stands in the news forums of courses; what is gone from Moodle stays.

    Nothing is written where nothing differs, nothing is asked where nothing is listed.

    Returns:
        The announcements that were not here before, course by course as listed; one that
        was edited is no news.
    """
    wanted = {
        (course_id, item.discussion_id): _readable(item)
        for course_id, items in listed.items()
        for item in items
    }
    if not wanted:
        return []
    differing, known = await _differing_announcements(work, account_id, wanted)
    if not differing:
        return []
    ids = await announcements.keep(
        work.session, account_id, announcements=differing, now=now
    )
    if ids:
        work.announce(news_for(account_id, Topic.SYNC))
    fresh = ids - known
    return [
        AnnouncementNews(course_id, told.subject, row_id)
        for row_id, course_id, told in differing
        if row_id in fresh
    ]


async def _differing_announcements(
    work: UnitOfWork, account_id: UUID, wanted: Mapping[Thread, ListedAnnouncement]
) -> tuple[list[KnownAnnouncement], set[UUID]]:
    """Return what differs as it shall be, and the ids of what is here."""
    rows = await announcements.known(
        work.session,
        account_id,
        course_ids={course_id for course_id, _ in wanted},
        discussion_ids={number for _, number in wanted},
    )
    known = {(row.course_id, row.told.discussion_id): row for row in rows}
    differing = [
        KnownAnnouncement(known[key].id if key in known else uuid4(), key[0], item)
        for key, item in wanted.items()
        if key not in known or known[key].told != item
    ]
    return differing, {row.id for row in rows}


def _readable(item: ListedAnnouncement) -> ListedAnnouncement:
    return replace(
        item,
        subject=_line(item.subject, most=TITLE_LENGTH),
        text=clean(item.text),
        author=_line(item.author, most=AUTHOR_LENGTH),
    )


def _line(text: str, *, most: int) -> str:
    # Cut last: what is compared has to be what was stored.
    return one_line(clean(text))[:most].rstrip()
