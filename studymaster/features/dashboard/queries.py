"""Every SELECT behind the dashboard: a handful of sums, none per course or per card."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Subquery, case, cast, or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.answers import (
    HAD_RESTED,
    IS_ANSWER,
    RECALLED,
)
from studymaster.features.sync.queries.runs import NEWEST_FIRST
from studymaster.models import (
    UPLOAD,
    Account,
    Blob,
    Card,
    Course,
    Deck,
    GroupMember,
    Material,
    MaterialKind,
    MoodleConnection,
    ReviewLog,
    StudyGroup,
    SyncChange,
    SyncRun,
    TextState,
    Theme,
)

LECTURES_FIRST = (
    MaterialKind.FILE,
    MaterialKind.PAGE,
    MaterialKind.CHAPTER,
    MaterialKind.GLOSSARY,
)
"""What a student's first cards are best made from; a glossary is edited for ever."""


class FrameFacts(NamedTuple):
    """What the frame needs of the account itself."""

    name: str
    theme: Theme


class CardTotals(NamedTuple):
    """All cards of an account: how many, how many due, and the next day with due ones."""

    total: int
    due: int
    next_on: date | None


class CourseFigures(NamedTuple):
    """One listed course: cards due, unopened materials, percent remembered (None: not asked)."""

    course: Course
    due: int
    fresh: int
    remembered: int | None


class DayFigures(NamedTuple):
    """One day with reviews: all answers, those to cards that had rested, those remembered."""

    day: date
    answers: int
    asked: int
    recalled: int


class DoneToday(NamedTuple):
    """The cards answered today: how many, when last, of which courses."""

    cards: int
    last_at: datetime | None
    courses: list[str]


class Lecture(NamedTuple):
    """A material that cards can be made from, and the course that it is in."""

    id: UUID
    name: str
    course: str


class GroupSession(NamedTuple):
    """The next time that one of the student's groups meets."""

    id: UUID
    name: str
    course: str
    at: datetime
    members: int


async def frame(session: AsyncSession, account_id: UUID) -> FrameFacts:
    """Return the account's name and look."""
    statement = select(Account.display_name, Account.theme).where(
        col(Account.id) == account_id
    )
    return FrameFacts._make((await session.exec(statement)).one())


async def newest_sync(
    session: AsyncSession, account_id: UUID
) -> tuple[MoodleConnection, SyncRun | None, int] | None:
    """Return the Moodle connection synced last, the run asked for last, and what it changed."""
    newest_run = (
        select(SyncRun.id)
        .where(col(SyncRun.account_id) == account_id)
        .order_by(*NEWEST_FIRST)
        .limit(1)
        .scalar_subquery()
    )
    changes = (
        select(func.count(col(SyncChange.id)))
        .where(
            col(SyncChange.account_id) == account_id, col(SyncChange.run_id) == newest_run
        )
        .scalar_subquery()
    )
    statement = (
        select(MoodleConnection, SyncRun, changes)
        .outerjoin(SyncRun, col(SyncRun.id) == newest_run)
        .where(col(MoodleConnection.account_id) == account_id)
        .order_by(
            col(MoodleConnection.last_synced_at).desc().nulls_last(),
            col(MoodleConnection.created_at).desc(),
        )
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def card_totals(
    session: AsyncSession, account_id: UUID, *, today: date, due: int
) -> CardTotals:
    """Count the account's cards, of which so many are asked today."""
    statement = select(
        func.count(),
        func.min(Card.due_on).filter(
            col(Card.due_on) > today, col(Card.suspended_at).is_(None)
        ),
    ).where(col(Card.account_id) == account_id)
    total, next_on = (await session.exec(statement)).one()
    return CardTotals(total, due, next_on)


async def course_figures(
    session: AsyncSession,
    account_id: UUID,
    *,
    due: Mapping[UUID, int],
    fresh_since: datetime,
    reviews_since: date,
) -> Sequence[CourseFigures]:
    """Return every listed course with its sums, most due first; `due` are those of today."""
    fresh = _fresh_by_course(account_id, fresh_since)
    recall = _recall_by_course(account_id, reviews_since)
    statement = (
        select(
            Course,
            func.coalesce(fresh.c.fresh, 0),
            recall.c.remembered,
        )
        .outerjoin(fresh, fresh.c.course_id == col(Course.id))
        .outerjoin(recall, recall.c.course_id == col(Course.id))
        .where(col(Course.account_id) == account_id, col(Course.listed))
        .order_by(col(Course.fullname))
    )
    rows = [
        CourseFigures(course, due.get(course.id, 0), new, remembered)
        for course, new, remembered in (await session.exec(statement)).all()
    ]
    return sorted(rows, key=lambda row: -row.due)


def _fresh_by_course(account_id: UUID, since: datetime) -> Subquery:
    opened = col(Material.opened_at)
    return (
        select(col(Material.course_id), func.count().label("fresh"))
        .where(
            col(Material.account_id) == account_id,
            col(Material.listed),
            col(Material.last_change).is_not(None),
            col(Material.changed_at) >= since,
            or_(opened.is_(None), opened < col(Material.changed_at)),
        )
        .group_by(col(Material.course_id))
        .subquery()
    )


def _recall_by_course(account_id: UUID, since: date) -> Subquery:
    recalled = func.count().filter(RECALLED)
    return (
        select(
            col(Deck.course_id),
            cast(func.round(100.0 * recalled / func.count()), Integer).label("remembered"),
        )
        .select_from(ReviewLog)
        .join(Card, col(Card.id) == col(ReviewLog.card_id))
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .where(
            col(ReviewLog.account_id) == account_id, col(ReviewLog.day) >= since, HAD_RESTED
        )
        .group_by(col(Deck.course_id))
        .subquery()
    )


async def review_days(
    session: AsyncSession, account_id: UUID, *, since: date
) -> Sequence[DayFigures]:
    """Return each day with reviews from `since` on."""
    statement = (
        select(
            col(ReviewLog.day),
            func.count(),
            func.count().filter(HAD_RESTED),
            func.count().filter(HAD_RESTED, RECALLED),
        )
        .where(
            col(ReviewLog.account_id) == account_id, col(ReviewLog.day) >= since, IS_ANSWER
        )
        .group_by(col(ReviewLog.day))
    )
    return [DayFigures(*row) for row in (await session.exec(statement)).all()]


async def done_on(session: AsyncSession, account_id: UUID, *, day: date) -> DoneToday:
    """Return what was answered on one day, also on cards that are deleted by now."""
    statement = (
        select(
            func.count(func.distinct(ReviewLog.card_id)),
            func.max(ReviewLog.created_at),
            func.array_agg(func.distinct(Course.fullname)),
        )
        .outerjoin(Card, col(Card.id) == col(ReviewLog.card_id))
        .outerjoin(Deck, col(Deck.id) == col(Card.deck_id))
        .outerjoin(Course, col(Course.id) == col(Deck.course_id))
        .where(
            col(ReviewLog.account_id) == account_id, col(ReviewLog.day) == day, IS_ANSWER
        )
    )
    cards, last_at, names = (await session.exec(statement)).one()
    return DoneToday(cards, last_at, [name for name in names or [] if name])


async def newest_lecture(session: AsyncSession, account_id: UUID) -> Lecture | None:
    """Return the file with text that was put in last, in a listed course.

    Only where no file has text it is another kind of material, and never a note of the
    student's own. Of several files put in at once, it is the one that stands last in the
    course that comes first by name.
    """
    kind = col(Material.kind)
    newest = func.coalesce(Material.modified_at, Material.created_at)
    statement = (
        select(Material.id, Material.name, Course.shortname)
        .join(Course, col(Course.id) == col(Material.course_id))
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1))
        .where(
            col(Material.account_id) == account_id,
            col(Material.listed),
            col(Course.listed),
            col(Blob.text_state) == TextState.READY,
            or_(kind == MaterialKind.FILE, col(Material.modname) != UPLOAD),
        )
        .order_by(
            case({one: place for place, one in enumerate(LECTURES_FIRST)}, value=kind),
            newest.desc(),
            col(Course.fullname),
            col(Course.id),
            col(Material.position).desc(),
            col(Material.id),
        )
        .limit(1)
    )
    row = (await session.exec(statement)).one_or_none()
    return row and Lecture._make(row)


async def group_sessions(
    session: AsyncSession, account_id: UUID, *, after: datetime, before: datetime
) -> Sequence[GroupSession]:
    """Return when the student's groups meet between two moments, the nearest first."""
    mine = (
        select(col(GroupMember.group_id))
        .where(col(GroupMember.account_id) == account_id)
        .scalar_subquery()
    )
    members = (
        select(func.count())
        .select_from(GroupMember)
        .where(col(GroupMember.group_id) == col(StudyGroup.id))
        .correlate(StudyGroup)
        .scalar_subquery()
    )
    at = col(StudyGroup.next_session_at)
    statement = (
        select(StudyGroup, members)
        .where(col(StudyGroup.id).in_(mine), at >= after, at < before)
        .order_by(at)
    )
    return [
        GroupSession(group.id, group.name, group.course_name, group.next_session_at, count)
        for group, count in (await session.exec(statement)).all()
        if group.next_session_at is not None
    ]
