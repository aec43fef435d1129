"""Keeping a course's gradebook as Moodle shows it, and noticing what is new in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.grades import queries
from studymaster.features.grades.rules.lines import NOTHING_SHOWN
from studymaster.features.grades.schemas import GradeNews, ListedGrade
from studymaster.models import GradeItem, GradeKind, GradePoint
from studymaster.typed import clean

NAME_LENGTH: Final = 400
SHOWN_LENGTH: Final = 100
FEEDBACK_LENGTH: Final = 20_000

USUAL_MINIMUM, USUAL_MAXIMUM = 0.0, 100.0
TOTALS: Final = frozenset({GradeKind.COURSE, GradeKind.CATEGORY})
"""They move with every grade; only the grade itself is news."""

Known = Mapping[int, GradeItem]
Shown = Mapping[int, ListedGrade]
"""By Moodle's number: what is known of a line, and what it shows now."""


async def keep_gradebooks(
    work: UnitOfWork,
    *,
    account_id: UUID,
    listed: Mapping[UUID, Sequence[ListedGrade]],
    now: datetime,
) -> list[GradeNews]:
    """Make the gradebooks of courses what Moodle lists, and return the grades that are news.

    A line that Moodle lists no more goes with its past. A grade that differs from the one
    last seen is noted with its moment. Nothing is written when nothing differs. News are the
    grades, in figures or in words, that are new or different; there are none while no line
    of the course was known, none of totals and none of a grade that was taken back. A course
    that is not the account's is left alone.
    """
    before = await queries.shown(work.session, account_id, course_ids=listed.keys())
    news: list[GradeNews] = []
    for course_id, lines in listed.items():
        shown = {one.moodle_id: _keepable(one) for one in lines}
        if before.get(course_id, {}) != {key: _columns(one) for key, one in shown.items()}:
            news += await _bring_up(work, account_id, course_id, shown=shown, now=now)
    return news


async def keep_grades(
    work: UnitOfWork,
    *,
    account_id: UUID,
    course_id: UUID,
    listed: Sequence[ListedGrade],
    now: datetime,
) -> list[GradeNews]:
    """Make one course's gradebook what Moodle lists; see `keep_gradebooks`."""
    return await keep_gradebooks(
        work, account_id=account_id, listed={course_id: listed}, now=now
    )


async def _bring_up(
    work: UnitOfWork, account_id: UUID, course_id: UUID, *, shown: Shown, now: datetime
) -> list[GradeNews]:
    # Two runs may have found the same: the second looks again at what the first has written.
    if not await queries.lock_course(work.session, account_id, course_id=course_id):
        return []
    rows = await queries.items(work.session, account_id, course_ids=[course_id])
    known = {row.moodle_id: row for row in rows}
    news = [_news(one, course_id) for one in shown.values() if _is_news(known, one)]
    await _write(work, account_id, course_id, known=known, shown=shown, now=now)
    return news if known else []


def _columns(one: ListedGrade) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in queries.SHOWN)


def _keepable(one: ListedGrade) -> ListedGrade:
    minimum, maximum = _figure(one.minimum), _figure(one.maximum)
    return replace(
        one,
        name=clean(one.name)[:NAME_LENGTH],
        grade=_figure(one.grade),
        minimum=USUAL_MINIMUM if minimum is None else minimum,
        maximum=USUAL_MAXIMUM if maximum is None else maximum,
        weight=_figure(one.weight),
        shown=clean(one.shown)[:SHOWN_LENGTH],
        feedback=clean(one.feedback)[:FEEDBACK_LENGTH],
    )


def _figure(number: float | None) -> float | None:
    """Return a number that equals itself the next time, or None."""
    return None if number is None or not isfinite(number) else float(number)


def _is_news(known: Known, one: ListedGrade) -> bool:
    is_there = one.grade is not None or one.shown not in NOTHING_SHOWN
    if one.kind in TOTALS or not is_there:
        return False
    row = known.get(one.moodle_id)
    if row is None or row.grade != one.grade:
        return True
    # A letter may change where its number is hidden; a number in other words is no news.
    return row.grade is None and row.shown != one.shown


def _news(one: ListedGrade, course_id: UUID) -> GradeNews:
    is_worded = one.shown not in NOTHING_SHOWN
    return GradeNews(course_id, one.name, one.shown if is_worded else f"{one.grade:g}")


async def _write(
    work: UnitOfWork,
    account_id: UUID,
    course_id: UUID,
    *,
    known: Known,
    shown: Shown,
    now: datetime,
) -> None:
    points: list[GradePoint] = []
    for number, one in shown.items():
        row = known.get(number) or GradeItem(
            account_id=account_id,
            course_id=course_id,
            moodle_id=number,
            kind=one.kind,
            name=one.name,
            created_at=now,
        )
        if row.grade != one.grade:
            points.append(
                GradePoint(
                    account_id=account_id, item_id=row.id, seen_at=now, grade=one.grade
                )
            )
        for name in queries.SHOWN:
            setattr(row, name, getattr(one, name))
        work.session.add(row)
    gone = [row.id for number, row in known.items() if number not in shown]
    if gone:
        await queries.remove_items(work.session, account_id, item_ids=gone)
    await work.session.flush()
    await queries.keep_points(work.session, account_id, points=points)
