"""Keeping what a sync brings: due dates and announcements, written only where they differ."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.features.deadlines import queries
from studymaster.features.deadlines.schemas import (
    AnnouncementNews,
    DeadlineNews,
    ListedAnnouncement,
    ListedDeadline,
    What,
)
from studymaster.models import Announcement, Deadline, DeadlineKind
from studymaster.typed import clean, one_line

TITLE_LENGTH: Final = 400
AUTHOR_LENGTH: Final = 300

Key = tuple[UUID, DeadlineKind, int]


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
    rows = await queries.deadlines_of(
        work.session, account_id, course_ids=course_ids, kinds=kinds
    )
    known = {(row.course_id, row.kind, row.cmid): row for row in rows}
    wanted = {(item.course_id, item.kind, item.cmid): item for item in listed}
    moved = [row for key, row in known.items() if _take_over(row, wanted.get(key))]
    # Before anything is asked again, which would write what differs.
    differs = any(work.session.is_modified(row) for row in rows)
    gone = [row for key, row in known.items() if key not in wanted]
    fresh = [item for key, item in wanted.items() if key not in known]
    added = await _add_deadlines(work, account_id, fresh, now=now)
    if gone:
        gone_ids = [row.id for row in gone]
        await queries.remove_deadlines(work.session, account_id, ids=gone_ids)
    if added or gone or differs:
        work.announce(news_for(account_id, Topic.SYNC))
    went = [row for row in gone if row.kind is not DeadlineKind.EVENT]
    return [
        *_news(added, "new", now=now),
        *_news(moved, "moved", now=now),
        *_news(went, "gone", now=now),
    ]


def _take_over(row: Deadline, item: ListedDeadline | None) -> bool:
    """Bring a row up to what is listed; tell whether its due date moved."""
    if item is None:
        return False
    has_moved = row.due_at != item.due_at
    title = _line(item.title, most=TITLE_LENGTH)
    row.title, row.due_at, row.address = title, item.due_at, item.address
    row.opens_at, row.closes_at = item.opens_at, item.closes_at
    if item.submission is not None:
        row.submission, row.submitted_at = item.submission, item.submitted_at
    return has_moved


async def _add_deadlines(
    work: UnitOfWork, account_id: UUID, items: Sequence[ListedDeadline], *, now: datetime
) -> list[Deadline]:
    rows = [
        Deadline(
            account_id=account_id,
            course_id=item.course_id,
            cmid=item.cmid,
            kind=item.kind,
            title=_line(item.title, most=TITLE_LENGTH),
            due_at=item.due_at,
            opens_at=item.opens_at,
            closes_at=item.closes_at,
            address=item.address,
            submission=item.submission,
            submitted_at=item.submitted_at,
            created_at=now,
        )
        for item in items
    ]
    ids = await queries.add(work.session, account_id, rows=rows) if rows else set[UUID]()
    return [row for row in rows if row.id in ids]


def _news(rows: Sequence[Deadline], what: What, *, now: datetime) -> list[DeadlineNews]:
    return [
        DeadlineNews(row.course_id, row.title, what, row.due_at)
        for row in rows
        if row.due_at >= now
    ]


async def keep_announcements(
    work: UnitOfWork,
    *,
    account_id: UUID,
    course_id: UUID,
    listed: Sequence[ListedAnnouncement],
    now: datetime,
) -> list[AnnouncementNews]:
    """Take in what stands in a course's news forum; what is gone from Moodle stays.

    Nothing is written where nothing differs.

    Returns:
        The announcements that were not here before; one that was edited is no news.
    """
    wanted = {item.discussion_id: item for item in listed}
    if not wanted:
        return []
    known = await queries.announcements_of(
        work.session, account_id, course_id=course_id, discussion_ids=[*wanted]
    )
    for row in known:
        _edit(row, wanted.pop(row.discussion_id))
    differs = any(work.session.is_modified(row) for row in known)
    rows = [
        _announcement(item, account_id=account_id, course_id=course_id, now=now)
        for item in wanted.values()
    ]
    ids = await queries.add(work.session, account_id, rows=rows) if rows else set[UUID]()
    if ids or differs:
        work.announce(news_for(account_id, Topic.SYNC))
    return [
        AnnouncementNews(course_id, row.subject, row.id) for row in rows if row.id in ids
    ]


def _announcement(
    item: ListedAnnouncement, *, account_id: UUID, course_id: UUID, now: datetime
) -> Announcement:
    row = Announcement(
        account_id=account_id,
        course_id=course_id,
        cmid=item.cmid,
        discussion_id=item.discussion_id,
        subject="",
        posted_at=item.posted_at,
        created_at=now,
    )
    _edit(row, item)
    return row


def _edit(row: Announcement, item: ListedAnnouncement) -> None:
    row.cmid, row.address, row.posted_at = item.cmid, item.address, item.posted_at
    row.subject = _line(item.subject, most=TITLE_LENGTH)
    row.text = clean(item.text)
    row.author = _line(item.author, most=AUTHOR_LENGTH)


def _line(text: str, *, most: int) -> str:
    # Cut last: what is compared has to be what was stored.
    return one_line(clean(text))[:most].rstrip()
