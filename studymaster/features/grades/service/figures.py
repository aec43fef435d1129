"""A course's gradebook as the figures that the rules count with."""

from collections.abc import Sequence

from studymaster.features.grades.rules.insight import heaviest_open, pulls
from studymaster.features.grades.rules.lines import Line, is_graded, percent_of
from studymaster.features.grades.rules.standing import tally
from studymaster.features.grades.rules.trend import find_trend
from studymaster.features.grades.rules.words import (
    SOURCES,
    percent_words,
    pull_words,
    trend_words,
    weight_words,
)
from studymaster.features.grades.schemas import CourseStanding
from studymaster.models import Course, GradeItem, GradeKind

COUNTING = frozenset({GradeKind.ACTIVITY, GradeKind.MANUAL})


def line_of(row: GradeItem) -> Line:
    """Return a row as a line."""
    return Line(
        key=str(row.id),
        name=row.name,
        grade=row.grade,
        minimum=row.minimum,
        maximum=row.maximum,
        weight=row.weight,
        shown=row.shown,
        graded_at=row.graded_at,
    )


def lines_of(rows: Sequence[GradeItem]) -> list[Line]:
    """Return what can be graded, without the totals."""
    return [line_of(row) for row in rows if row.kind in COUNTING]


def total_row(rows: Sequence[GradeItem]) -> GradeItem | None:
    """Return the line of the course's total."""
    return next((row for row in rows if row.kind is GradeKind.COURSE), None)


def total_percent(rows: Sequence[GradeItem]) -> float | None:
    """Return Moodle's own total in percent, where it shows one."""
    row = total_row(rows)
    return percent_of(line_of(row)) if row else None


def standing_of(course: Course, site_url: str, rows: Sequence[GradeItem]) -> CourseStanding:
    """Return how a course stands."""
    lines = lines_of(rows)
    by = tally(lines, total=total_percent(rows))
    trend = find_trend(lines)
    return CourseStanding(
        id=str(course.id),
        moodle_id=course.moodle_id,
        site_url=site_url,
        shortname=course.shortname,
        fullname=course.fullname,
        line=course.line,
        percent=by.percent,
        percent_words=percent_words(by.percent),
        bar=round(min(max(by.percent or 0.0, 0.0), 100.0)),
        source=by.source,
        source_words=SOURCES[by.source],
        trend=trend.direction if trend else None,
        trend_words=trend_words(trend),
        per_month=trend.per_month if trend else None,
        graded=sum(map(is_graded, lines)),
        gradable=len(lines),
    )


def insight_of(rows: Sequence[GradeItem]) -> tuple[str, ...]:
    """Return what moves the grade of a course most, and what weighs most of the rest."""
    lines = lines_of(rows)
    by = tally(lines, total=total_percent(rows))
    up, down = pulls(lines, by=by)
    return (*pull_words(up, down), *weight_words(heaviest_open(lines, by=by)))
