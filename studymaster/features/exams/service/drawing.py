"""An exam and its plan in words and figures."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter

from studymaster.features.exams.rules import words
from studymaster.features.exams.schemas import (
    ExamItem,
    ExamView,
    LoadBar,
    PlanDay,
    PlanReport,
    WhatIf,
    WhatIfRow,
)
from studymaster.models import Exam

SHAPE: Final = TypeAdapter(PlanReport)
MOST_BARS: Final = 10
MOST_NAMES: Final = 4

PLANNING: Final = "The plan is being made. It appears here by itself."
OVER: Final = "It is over. Its cards come back when their decks bring them."


def report_of(row: Exam) -> PlanReport | None:
    """Return the plan that is kept of an exam; None: there is none for what it is now."""
    return SHAPE.validate_python(row.plan) if row.plan and row.planned_on else None


def item(row: Exam, *, today: date) -> ExamItem:
    """Return an exam as programs read it."""
    report = report_of(row)
    return ExamItem(
        id=str(row.id),
        name=row.name,
        day=row.day,
        deadline_id=str(row.deadline_id) if row.deadline_id else None,
        deck_ids=[str(one) for one in row.deck_ids],
        tags=list(row.tags),
        retention=row.retention,
        minutes=row.minutes,
        is_over=_is_over(row, today),
        verdict=_verdict(row, report, today),
        plan=report,
    )


def draw(row: Exam, *, names: Mapping[UUID, str], today: date) -> ExamView:
    """Return an exam as the page shows it."""
    report = report_of(row)
    shown = None if _is_over(row, today) else report
    days = [one for one in shown.days if one.day >= today] if shown else []
    bars = _bars(days)
    return ExamView(
        id=str(row.id),
        name=row.name,
        when=words.day_in_words(row.day, today=today),
        scope=_scope(row, names),
        follows="The day follows Moodle." if row.follows else "",
        goal=_goal(row),
        tone=_tone(row, report, today),
        verdict=_verdict(row, report, today),
        effort=words.effort([one.minutes for one in days]) if days and _has(shown) else "",
        foreseen=_foreseen(row, shown),
        bars=bars if any(one.minutes for one in bars) else [],
        chart_words=_chart_words(bars),
        what_if=[_what_if(one) for one in shown.what_if] if shown else [],
    )


def _has(report: PlanReport | None) -> bool:
    return report is not None and bool(report.cards)


def _is_over(row: Exam, today: date) -> bool:
    return row.closed_on is not None or row.day < today


def _scope(row: Exam, names: Mapping[UUID, str]) -> str:
    known = [names[one] for one in row.deck_ids if one in names]
    if not known:
        return "Its decks are gone."
    listed = ", ".join(known[:MOST_NAMES])
    more = len(known) - MOST_NAMES
    listed = f"{listed} and {more} more" if more > 0 else listed
    return f"{listed}, tagged {', '.join(row.tags)}" if row.tags else listed


def _goal(row: Exam) -> str:
    limit = f", at most {row.minutes} min a day" if row.minutes else ""
    return f"Each card at {row.retention} % or more{limit}"


def _tone(row: Exam, report: PlanReport | None, today: date) -> str:
    if _is_over(row, today):
        return "over"
    if report is None or not report.cards:
        return "waiting"
    return "short" if report.unseen or report.below else "good"


def _verdict(row: Exam, report: PlanReport | None, today: date) -> str:
    if _is_over(row, today):
        return OVER
    if report is None:
        return PLANNING
    return verdict_of(report, retention=row.retention, minutes=row.minutes)


def verdict_of(report: PlanReport, *, retention: int, minutes: int) -> str:
    """Return whether a plan holds, and if not, why and what would help."""
    return words.verdict(
        cards=report.cards,
        unseen=report.unseen,
        below=report.below,
        retention=retention,
        minutes=minutes,
        needed=report.needed,
    )


def _foreseen(row: Exam, report: PlanReport | None) -> str:
    if report is None or not report.cards:
        return ""
    return (
        f"On {row.day:%-d %b} you would know {report.foreseen:.0%} of "
        f"{words.cards_in_words(report.cards)}; {report.new:,} of them were new when this was "
        "planned."
    )


def _bars(days: Sequence[PlanDay]) -> list[LoadBar]:
    """Return the days, or so many together that they are not too many bars."""
    together = max(math.ceil(len(days) / MOST_BARS), 1)
    parts = [days[at : at + together] for at in range(0, len(days), together)]
    sums = [(part, sum(one.minutes for one in part)) for part in parts]
    most = max((minutes for _, minutes in sums), default=0)
    return [_bar(part, minutes, most) for part, minutes in sums]


def _bar(part: Sequence[PlanDay], minutes: int, most: int) -> LoadBar:
    first, last = part[0].day, part[-1].day
    span = f"{first:%a %-d %b}" if first == last else f"{first:%-d %b} to {last:%-d %b}"
    new, reviews = sum(one.new for one in part), sum(one.reviews for one in part)
    return LoadBar(
        name=f"{first:%-d.%-m.}",
        span=span,
        new=new,
        reviews=reviews,
        minutes=minutes,
        percent=round(100 * minutes / most) if most else 0,
        title=f"{span}: {minutes} min, {new} new, {reviews} to review",
    )


def _chart_words(bars: Sequence[LoadBar]) -> str:
    if not bars:
        return ""
    fullest = max(bars, key=lambda one: one.minutes)
    new = sum(one.new for one in bars)
    return (
        f"{words.cards_in_words(new)} to begin with and "
        f"{sum(one.reviews for one in bars):,} reviews until then; the most on {fullest.span}, "
        f"{fullest.minutes} min."
    )


def _what_if(one: WhatIf) -> WhatIfRow:
    return WhatIfRow(
        name=f"{one.retention} %",
        minutes=f"{one.minutes} min",
        most=f"{one.most} min",
        holds="yes" if one.holds else "no",
    )
