"""Keeping a course's gradebook as Moodle shows it, and noticing what is new in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from studymaster.adapters.database import UnitOfWork
from studymaster.features.grades import queries
from studymaster.features.grades.queries import KnownLine
from studymaster.features.grades.rules.lines import NOTHING_SHOWN
from studymaster.features.grades.schemas import GradeNews, ListedGrade
from studymaster.models import GradeKind
from studymaster.typed import clean

NAME_LENGTH: Final = 400
SHOWN_LENGTH: Final = 100
FEEDBACK_LENGTH: Final = 20_000

USUAL_MINIMUM, USUAL_MAXIMUM = 0.0, 100.0
TOTALS: Final = frozenset({GradeKind.COURSE, GradeKind.CATEGORY})
"""They move with every grade; only the grade itself is news."""

Shown = Mapping[int, ListedGrade]
"""The lines of one gradebook by Moodle's number."""


class Change(NamedTuple):
    """A line that differs; `before` is None where it was not known."""

    line: KnownLine
    before: ListedGrade | None
    is_news: bool


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
    known = await queries.lines(work.session, account_id, course_ids=listed.keys())
    differing: dict[UUID, Shown] = {}
    for course_id, lines in listed.items():
        shown = {one.moodle_id: _keepable(one) for one in lines}
        if shown != {key: line.told for key, line in known.get(course_id, {}).items()}:
            differing[course_id] = shown
    return await _bring_up(work, account_id, differing, now=now) if differing else []


async def _bring_up(
    work: UnitOfWork, account_id: UUID, differing: Mapping[UUID, Shown], *, now: datetime
) -> list[GradeNews]:
    # Two runs may have found the same: the second looks again at what the first has written.
    own = await queries.lock_courses(work.session, account_id, course_ids=differing.keys())
    known = await queries.lines(work.session, account_id, course_ids=own)
    changes: list[Change] = []
    gone: list[UUID] = []
    for course_id, shown in differing.items():
        if course_id in own:
            before = known.get(course_id, {})
            changes += _changes(course_id, before, shown)
            gone += [line.id for key, line in before.items() if key not in shown]
    await _write(work, account_id, changes, gone=gone, now=now)
    return [_news(one.line) for one in changes if one.is_news]


def _changes(
    course_id: UUID, known: Mapping[int, KnownLine], shown: Shown
) -> Iterator[Change]:
    for number, one in shown.items():
        line = known.get(number)
        before = line.told if line else None
        if before != one:
            kept = KnownLine(line.id if line else uuid4(), course_id, one)
            yield Change(kept, before, bool(known) and _is_news(before, one))


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


def _is_news(before: ListedGrade | None, one: ListedGrade) -> bool:
    is_there = one.grade is not None or one.shown not in NOTHING_SHOWN
    if one.kind in TOTALS or not is_there:
        return False
    if before is None or before.grade != one.grade:
        return True
    # A letter may change where its number is hidden; a number in other words is no news.
    return before.grade is None and before.shown != one.shown


def _news(line: KnownLine) -> GradeNews:
    one = line.told
    is_worded = one.shown not in NOTHING_SHOWN
    shown = one.shown if is_worded else f"{one.grade:g}"
    return GradeNews(line.course_id, one.name, shown)


async def _write(
    work: UnitOfWork,
    account_id: UUID,
    changes: Sequence[Change],
    *,
    gone: Sequence[UUID],
    now: datetime,
) -> None:
    grades = {
        line.id: line.told.grade
        for line, before, _ in changes
        if line.told.grade != (before.grade if before else None)
    }
    if gone:
        await queries.remove_items(work.session, account_id, item_ids=gone)
    if changes:
        items = [one.line for one in changes]
        await queries.keep_items(work.session, account_id, items=items, now=now)
    if grades:
        await queries.keep_points(work.session, account_id, grades=grades, now=now)
