"""One course's gradebook as a page and a program show it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from studymaster.features.grades.rules.lines import Line, is_graded, percent_of
from studymaster.features.grades.rules.standing import Basis, Tally, running, tally
from studymaster.features.grades.rules.wishing import open_lines
from studymaster.features.grades.rules.words import (
    basis_words,
    number_words,
    percent_words,
    range_words,
    share_words,
)
from studymaster.features.grades.schemas import (
    CourseStanding,
    GradeBar,
    Gradebook,
    GradeLineView,
    GradePast,
    OpenLine,
    Stood,
    Way,
)
from studymaster.features.grades.service.figures import (
    line_of,
    lines_of,
    total_percent,
)
from studymaster.models import GradeItem, GradeKind, GradePoint

UNNAMED: Final = {
    GradeKind.COURSE: "Course total",
    GradeKind.CATEGORY: "Category total",
    GradeKind.ACTIVITY: "Unnamed activity",
    GradeKind.MANUAL: "Unnamed grade",
}
WEIGHS: Final = {
    Basis.GRADED: " of what is graded",
    Basis.GUESSED: " of what is graded",
}
"""What a weight is a share of, where Moodle weighs only what is graded."""

MOST_BARS: Final = 30
MOST_NAMED: Final = 6
"""So many bars can have their date under them on a phone."""

LOWEST_BAR: Final = 1
"""A grade of zero is seen too."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a line is looked at with: its past, the student's clock, and what weights mean."""

    points: Mapping[UUID, Sequence[GradePoint]]
    time_zone: str
    weighs: str

    def of(self, row: GradeItem) -> tuple[GradePast, ...]:
        return tuple(
            GradePast(
                point.seen_at,
                point.grade,
                when=day_words(point.seen_at, time_zone=self.time_zone),
                words=_past_words(row, point),
            )
            for point in self.points.get(row.id, ())
        )


def day_words(moment: datetime, *, time_zone: str) -> str:
    """Return the day of a moment on the student's calendar, such as `22 Nov 2026`."""
    return f"{moment.astimezone(ZoneInfo(time_zone)):%-d %b %Y}"


def gradebook(
    standing: CourseStanding,
    rows: Sequence[GradeItem],
    points: Sequence[GradePoint],
    *,
    time_zone: str,
) -> Gradebook:
    """Put a course's gradebook together."""
    by_item: dict[UUID, list[GradePoint]] = defaultdict(list)
    for point in points:
        by_item[point.item_id].append(point)
    lines = lines_of(rows)
    by = tally(lines, total=total_percent(rows))
    seen = _Seen(by_item, time_zone, WEIGHS.get(by.basis, ""))
    bars = _bars(lines, time_zone=time_zone)
    waiting = open_lines(lines, by=by)
    return Gradebook(
        course=standing,
        lines=tuple(_line_view(row, seen=seen) for row in rows),
        bars=bars,
        bars_sentence=_bars_sentence(bars, lines),
        way=_way(lines, by=by, time_zone=time_zone),
        open=tuple(_open_line(line, by=by, waiting=waiting) for line in waiting),
        basis_words=basis_words(by),
        may_share=by.basis is not Basis.MOODLE,
    )


def _line_view(row: GradeItem, *, seen: _Seen) -> GradeLineView:
    line = line_of(row)
    percent = percent_of(line)
    before = seen.of(row)
    return GradeLineView(
        id=line.key,
        moodle_id=row.moodle_id,
        cmid=row.cmid,
        kind=row.kind,
        name=row.name or UNNAMED[row.kind],
        grade=row.grade,
        minimum=row.minimum,
        maximum=row.maximum,
        percent=percent,
        percent_words=percent_words(percent),
        shown=row.shown if is_graded(line) else "",
        weight=row.weight,
        facts=_facts(row, before, seen=seen),
        feedback=row.feedback,
        graded_at=row.graded_at,
        past=before,
    )


def _facts(row: GradeItem, past: Sequence[GradePast], *, seen: _Seen) -> tuple[str, ...]:
    day = day_words(row.graded_at, time_zone=seen.time_zone) if row.graded_at else ""
    facts = (
        range_words(line_of(row)),
        f"weight {share_words(row.weight)}{seen.weighs}" if row.weight else "",
        f"graded {day}" if day else "",
        _earlier(past),
    )
    return tuple(fact for fact in facts if fact)


def _past_words(row: GradeItem, point: GradePoint) -> str:
    if point.grade is None:
        return "taken back"
    line = Line("", "", point.grade, row.minimum, row.maximum)
    return percent_words(percent_of(line)) or number_words(point.grade)


def _earlier(past: Sequence[GradePast]) -> str:
    """Say what a grade was before it was changed."""
    told = [f"{one.words} ({one.when})" for one in past[:-1] if one.grade is not None]
    return f"earlier: {', '.join(told)}" if told else ""


def _bars(lines: Sequence[Line], *, time_zone: str) -> tuple[GradeBar, ...]:
    dated = sorted(
        (line.graded_at, place, line, percent)
        for place, line in enumerate(lines)
        if line.graded_at and (percent := percent_of(line)) is not None
    )
    shown = dated[-MOST_BARS:]
    step = ceil(len(shown) / MOST_NAMED)
    return tuple(
        GradeBar(
            key=line.key,
            name=line.name,
            when=day_words(moment, time_zone=time_zone),
            day=_day(moment, time_zone=time_zone) if place % step == 0 else "",
            words=percent_words(percent),
            height=round(min(max(percent, LOWEST_BAR), 100.0)),
        )
        for place, (moment, _, line, percent) in enumerate(shown)
    )


def _day(moment: datetime, *, time_zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(time_zone)):%-d %b}"


def _bars_sentence(bars: Sequence[GradeBar], lines: Sequence[Line]) -> str:
    if not bars:
        return "No grade has a date and a figure yet."
    last = bars[-1]
    if len(bars) == 1:
        return f"One grade: {last.words} in “{last.name}”, {last.when}."
    figures = {line.key: percent_of(line) or 0.0 for line in lines}
    best = max(bars, key=lambda bar: figures[bar.key])
    worst = min(bars, key=lambda bar: figures[bar.key])
    return (
        f"{len(bars)} grades by their dates, the newest {last.words} in “{last.name}”. "
        f"Best: {best.words} in “{best.name}”; lowest: {worst.words} in “{worst.name}”."
    )


def _way(lines: Sequence[Line], *, by: Tally, time_zone: str) -> Way:
    stood = running(lines, by=by)
    if len(stood) < 2:  # noqa: PLR2004 - one moment is no line
        return Way()
    rows = tuple(
        Stood(
            key=moment.isoformat(),
            when=day_words(moment, time_zone=time_zone),
            words=percent_words(percent),
        )
        for moment, percent in stood
    )
    sentence = (
        f"Added up from what was graded: {rows[0].words} on {rows[0].when}, "
        f"{rows[-1].words} since {rows[-1].when}."
    )
    return Way(sentence, _path(stood), rows[0].when, rows[-1].when, rows)


def _path(seen: Sequence[tuple[datetime, float]]) -> str:
    """Draw the moments as a line: time goes right over 100, percent goes up over 100."""
    start, span = seen[0][0], seen[-1][0] - seen[0][0]
    return " ".join(
        f"{100 * ((at - start) / span):.1f},{100 - min(max(percent, 0.0), 100.0):.1f}"
        for at, percent in seen
    )


def _open_line(line: Line, *, by: Tally, waiting: Sequence[Line]) -> OpenLine:
    whole = by.counted
    if by.open_adds:
        whole += sum(by.parts[one.key] for one in waiting)
    return OpenLine(
        id=line.key,
        name=line.name,
        range_words=range_words(line),
        share_words=share_words(by.parts[line.key] / whole),
    )
